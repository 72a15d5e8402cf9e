// Where a text stands in the memory of the page's Wasm, in use or freed, each with what is around it.
const [text] = arguments;
const AROUND = 60;
const wanted = new TextEncoder().encode(text);
const places = (bytes) => {
  const found = [];
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) found.push(at);
  }
  return found;
};
const shown = (bytes, at) =>
  new TextDecoder().decode(bytes.slice(Math.max(0, at - AROUND), at + wanted.length + AROUND));
return window.__memories().map(({ buffer }) => {
  const bytes = new Uint8Array(buffer);
  return places(bytes).map((at) => shown(bytes, at));
});
