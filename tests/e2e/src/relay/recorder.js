// Tells the test what goes wrong in this page. It runs before the page's own scripts.
(() => {
  const page = Math.random().toString(36).slice(2);
  const told = [];
  const tell = (text) => {
    const line = `${page}-${told.length} ${text}`;
    told.push(line);
    navigator.sendBeacon("/__errors", line);
  };
  const words = (value) => {
    if (value instanceof Error) return `${value.name}: ${value.message}\n${value.stack}`;
    try {
      return typeof value === "object" ? JSON.stringify(value) : String(value);
    } catch {
      return String(value);
    }
  };
  // What a page was still loading is given up when it is left; Firefox tells the page so.
  let isLeft = false;
  addEventListener("beforeunload", () => (isLeft = true));
  addEventListener("pageshow", () => (isLeft = false));
  addEventListener(
    "error",
    (event) => {
      const { target } = event;
      if (target !== window) {
        if (!isLeft) tell(`not loaded: ${target.src ?? target.href ?? target.tagName}`);
      }
      // Observers of sizes report harmless loops as errors without an error object.
      else if (event.error || !event.message.startsWith("ResizeObserver"))
        tell(`error: ${event.message} (${event.filename}:${event.lineno})\n${event.error?.stack}`);
    },
    true,
  );
  addEventListener("unhandledrejection", (event) => tell(`unhandled: ${words(event.reason)}`));
  addEventListener("securitypolicyviolation", (event) =>
    tell(`policy: ${event.violatedDirective} refused ${event.blockedURI || "inline"}`),
  );
  const log = console.error.bind(console);
  console.error = (...values) => {
    tell(`console: ${values.map(words).join(" ")}`);
    log(...values);
  };
  // Nobody hands out the memory that Wasm works in.
  const memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const start = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...given) => {
      const made = await start(...given);
      const { memory } = (made.instance ?? made).exports;
      if (memory) memories.push(memory);
      return made;
    };
  }
  Object.defineProperty(window, "__memories", { value: () => memories.slice() });
  Object.defineProperty(window, "__told", { value: () => told.slice() });
})();
