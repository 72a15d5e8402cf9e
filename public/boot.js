// Starts the app, and brings it back when it dies. A panic in Wasm leaves the instance unusable:
// whatever error reaches the window shows the recovery screen, which reloads as soon as the server
// answers. The outbox lies in IndexedDB and is not touched.
const RELOAD_AFTER_MS = 3000;
const tag = document.querySelector("script[data-glue]");
let recovering = false;

async function serverAnswers() {
  try {
    const ping = await fetch("/api/ping", { cache: "no-store" });
    return (await ping.json()).service === "booth-kiosk";
  } catch {
    return false;
  }
}

function recover() {
  if (recovering) return;
  recovering = true;
  // The visit must not stay readable behind the screen.
  document.querySelector(".visit")?.remove();
  const screen = document.getElementById("recovery");
  if (screen) screen.hidden = false;
  const retry = async () => {
    if (await serverAnswers()) location.reload();
    else setTimeout(retry, RELOAD_AFTER_MS);
  };
  setTimeout(retry, RELOAD_AFTER_MS);
}

// Observers of sizes report harmless loops as errors without an error object.
addEventListener("error", (event) => event.error && recover());
addEventListener("unhandledrejection", recover);

// A double tap means one tap: its second half must not hit what came in the place of the first.
// Browsers count taps that follow each other at one spot; scripts and single taps count 1.
let tapped = null;
addEventListener(
  "click",
  (event) => {
    const control = event.target.closest("button, label") ?? event.target;
    if (event.detail > 1 && control !== tapped) {
      event.stopImmediatePropagation();
      event.preventDefault();
      return;
    }
    tapped = control;
  },
  true,
);

try {
  const glue = await import(tag.dataset.glue);
  await glue.default({ module_or_path: tag.dataset.wasm });
} catch (error) {
  console.error(error);
  recover();
}
