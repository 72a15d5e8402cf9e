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
  // When a page is left, Firefox gives up what it was still loading and tells it so, and may end its script
  // in the middle: what Wasm was doing then cannot be called again.
  let isLeft = false;
  const isCutOff = ({ message }) => isLeft && message.includes("closure invoked recursively");
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
      else if (!isCutOff(event) && (event.error || !event.message.startsWith("ResizeObserver")))
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
  // Nobody hands out the memory that Wasm works in. It is searched from inside the page, as what a driver
  // runs may see it through wrappers only.
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
  const AROUND = 60;
  // One letter a byte: texts are searched faster than arrays.
  const letters = (bytes) => new TextDecoder("latin1").decode(bytes);
  const search = (bytes, wanted) => {
    const found = [];
    const [all, part] = [bytes, wanted].map(letters);
    for (let at = all.indexOf(part); at >= 0; at = all.indexOf(part, at + 1)) {
      const around = bytes.slice(Math.max(0, at - AROUND), at + wanted.length + AROUND);
      found.push(new TextDecoder().decode(around));
    }
    return found;
  };
  // Where a text stands in each memory, in use or freed, with what is around it.
  const searchMemories = (text) => {
    const wanted = new TextEncoder().encode(text);
    return memories.map(({ buffer }) => search(new Uint8Array(buffer), wanted));
  };
  Object.defineProperty(window, "__searchMemories", { value: searchMemories });
  Object.defineProperty(window, "__told", { value: () => told.slice() });
})();
