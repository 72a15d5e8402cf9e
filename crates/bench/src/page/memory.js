// Knows the memories that Wasm works in, which nobody hands out. Asking the browser for all objects of
// their kind ends the tab in Chromium 156.
{
  const memories = new Set();
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const start = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...given) => {
      const made = await start(...given);
      const { memory } = (made.instance ?? made).exports;
      if (memory) memories.add(memory);
      return made;
    };
  }
  /** Bytes of all of them. */
  bench.wasmBytes = () =>
    [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}
