// Runs before every page under measurement: finds the app's controls by their test ids, taps, and
// notes what the browser tells. The page's own scripts never see more of it than one name.
globalThis.bench = (() => {
  const PATIENCE_MS = 100_000;
  const LOOK_MS = 10;
  const IDLE_MS = 1_000;
  const ERRORS = "bench-errors";

  const find = (name, rest = "") => document.querySelector(`[data-testid="${name}"]${rest}`);
  const screen = () => find("screen")?.dataset.screen;

  /** Waits for a look to give something. */
  const until = (what, look) =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      const again = () => {
        const seen = look();
        if (seen) resolve(seen);
        else if (performance.now() - start < PATIENCE_MS) setTimeout(again, LOOK_MS);
        else reject(new Error(`no ${what} on screen ${screen()}`));
      };
      again();
    });
  const on = (name) => until(`screen ${name}`, () => screen() === name);
  const tap = async (name, rest) => (await until(name, () => find(name, rest))).click();

  /** Two frames: what was written is drawn. */
  const drawn = () =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));
  /** A moment without work; where something always moves there may be none. */
  const idle = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: IDLE_MS }));
  /** The main thread has nothing left to do. */
  const quiet = async () => {
    await idle();
    await drawn();
    await idle();
  };

  // An error ends the app's life, and would look like a reload.
  const remember = (text) => sessionStorage.setItem(ERRORS, `${sessionStorage.getItem(ERRORS) ?? ""}${text}\n`);
  addEventListener("error", (event) => event.error && remember(`${event.error}`));
  addEventListener("unhandledrejection", (event) => remember(`${event.reason}`));
  const errors = () => sessionStorage.getItem(ERRORS) ?? "";

  /** Notes every entry of a type since the page began; answers what brings the last ones in. */
  const observe = (type, note) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
    observer.observe({ type, buffered: true });
    return () => observer.takeRecords().forEach(note);
  };

  return { PATIENCE_MS, find, screen, until, on, tap, drawn, quiet, errors, observe };
})();
