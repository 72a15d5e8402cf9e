// Keeps the page from being left, zoomed, dragged or printed by accident, and nothing of a visit in
// what the browser keeps of a page that is left.
const editable = (event) => event.target.closest?.("input, textarea") != null;
const block = (event) => event.preventDefault();

// Installing is for staff, from the browser's menu.
const UNWANTED = ["contextmenu", "dragstart", "dragover", "drop", "gesturestart", "gesturechange", "beforeinstallprompt"];
for (const name of UNWANTED) addEventListener(name, block, { passive: false });

// Two fingers and the wheel with a modifier zoom; one finger scrolls.
addEventListener("touchmove", (event) => event.touches.length > 1 && block(event), { passive: false });
addEventListener("wheel", (event) => (event.ctrlKey || event.metaKey) && block(event), { passive: false });

// Zoom, print, save, find, open, view source, new windows; the edges of the history.
const SHORTCUTS = "+-=0psfgountwjhd";
addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && SHORTCUTS.includes(key);
  const isHistory = event.altKey && (key === "arrowleft" || key === "arrowright" || key === "home");
  const isHelp = key === "f1" || key === "f3" || key === "f7";
  if (isShortcut || isHistory || isHelp) block(event);
});

// A key that is held is one press: what comes in the place of a button must not be pressed by it too.
addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest?.("button")) block(event);
});

// A selection outside of fields brings up menus of the system.
addEventListener("selectstart", (event) => {
  const text = event.target.parentElement ?? event.target;
  if (!editable(event) && !text.closest?.(".message-text, .code, .licences")) block(event);
});

// The first touch of the day fills the screen; browsers allow it after a touch only.
addEventListener("click", () => {
  const isTablet = matchMedia("(pointer: coarse)").matches;
  if (isTablet && !document.fullscreenElement && document.fullscreenEnabled) {
    document.documentElement.requestFullscreen({ navigationUI: "hide" }).catch(() => {});
  }
});

// A page that is left may be kept whole and shown again: what was the visitor's is gone by then.
addEventListener("pagehide", () => document.querySelector(".visit")?.remove());
addEventListener("pageshow", (event) => event.persisted && location.reload());
