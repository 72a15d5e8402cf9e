// Starts the app, and brings it back when it dies. A panic in Wasm leaves the instance unusable:
// whatever error reaches the window shows the recovery screen, which loads the app again: at once if
// it is kept on the tablet, else as soon as the server answers. The outbox lies in IndexedDB and is not
// touched.
const RELOAD_AFTER_MS = 3000;
const LONGEST_MS = 60000;
const FORGOTTEN_MS = 600000;
// After that many crashes in a row, what is kept may itself be broken.
const MANY = 3;
const CRASHES = "booth-kiosk.crashes";
const tag = document.querySelector("script[data-glue]");
// The console is never kept.
const workers = document.documentElement.dataset.app ? undefined : navigator.serviceWorker;
// The first screen came with the page. What is tapped there is done as soon as the app has taken its place.
const cover = document.getElementById("cover");
let wanted;
let recovering = false;

async function serverAnswers() {
  try {
    const signal = AbortSignal.timeout(RELOAD_AFTER_MS);
    const ping = await fetch("/api/ping", { cache: "no-store", signal });
    return (await ping.json()).service === "booth-kiosk";
  } catch {
    return false;
  }
}

// How many crashes there were lately, with this one; their times are all that is kept.
function countCrash() {
  const now = Date.now();
  try {
    const before = (sessionStorage.getItem(CRASHES) ?? "").split(" ");
    const times = before.filter((time) => time > now - FORGOTTEN_MS).slice(-9);
    sessionStorage.setItem(CRASHES, [...times, now].join(" "));
    return times.length + 1;
  } catch {
    return 1;
  }
}

async function mayReload(crashes) {
  const isKept = workers?.controller && (await caches.match("/"));
  if (isKept && crashes <= MANY) return true;
  if (!(await serverAnswers())) return isKept;
  if (isKept) await (await workers.getRegistration())?.unregister();
  return true;
}

async function recover() {
  if (recovering) return;
  recovering = true;
  // The visit must not stay readable behind the screen.
  document.querySelector(".visit")?.remove();
  cover?.remove();
  const screen = document.getElementById("recovery");
  if (screen) screen.hidden = false;
  const crashes = countCrash();
  const retry = async () => {
    if (await mayReload(crashes).catch(serverAnswers)) location.reload();
    else setTimeout(retry, RELOAD_AFTER_MS);
  };
  // A build that dies at every start must not flicker; a newer one may be the cure.
  setTimeout(retry, Math.min(RELOAD_AFTER_MS * 2 ** (crashes - 1), LONGEST_MS));
  const registration = await workers?.getRegistration().catch(() => {});
  registration?.waiting?.postMessage("take over");
}

// Observers of sizes report harmless loops as errors without an error object.
addEventListener("error", (event) => event.error && recover());
addEventListener("unhandledrejection", recover);

// A double tap means one tap: its second half must not hit what came in the place of the first.
// Browsers count taps that follow each other at one spot; scripts and single taps count 1.
// And a finger that slid off a button taps nothing, not what lies around it either.
let tapped = null;
let pressed = null;
addEventListener("pointerdown", (event) => (pressed = event.target.closest("button")), true);
addEventListener(
  "click",
  (event) => {
    const found = event.target.closest("button, label");
    const control = found ?? event.target;
    const slidOff = pressed && !found;
    pressed = null;
    if (slidOff || (event.detail > 1 && control !== tapped)) {
      event.stopImmediatePropagation();
      event.preventDefault();
      return;
    }
    tapped = control;
  },
  true,
);

// A tablet with another start than that screen.
function startsElsewhere() {
  try {
    const kept = ["team", "locked"].some((name) => localStorage.getItem(`booth-kiosk.${name}`));
    return kept || location.search.includes("team=");
  } catch {
    return false;
  }
}

if (startsElsewhere()) cover?.remove();
cover?.addEventListener("click", (event) => {
  const team = event.target.closest("[data-team]");
  if (wanted || !(team ?? event.target.closest(".call"))) return;
  wanted = team ? `.lights [data-team="${team.dataset.team}"]` : ".start";
  const wait = cover.querySelector(".boot");
  wait.hidden = false;
  cover.replaceChildren(wait);
});
new MutationObserver((_, observer) => {
  if (cover?.isConnected) return;
  observer.disconnect();
  if (wanted) document.querySelector(wanted)?.click();
}).observe(document.body, { childList: true });

try {
  const glue = await import(tag.dataset.glue);
  await glue.default({ module_or_path: tag.dataset.wasm });
} catch (error) {
  console.error(error);
  recover();
}

// The first screen has letters of its own. When it stands, the app asks for two files with all that texts
// usually need, and then for slices with rare syllables, hanja and signs, each of which comes when a text
// first needs it: only then, so that no slice is fetched for what the two files hold.
async function loadFonts() {
  const faces = [400, 700].map((weight) => document.fonts.load(`${weight} 1em "Pretendard GOV"`));
  await Promise.allSettled(faces);
  const slices = document.createElement("link");
  slices.rel = "stylesheet";
  slices.href = "/fonts/rare/pretendardvariable-gov-dynamic-subset.css";
  document.head.append(slices);
}
addEventListener("booth-complete", loadFonts, { once: true });
