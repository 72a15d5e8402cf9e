// Keeps the app on the tablet, so that it starts without a network. A new build waits, whole, until
// the page lets it take over; what a page may still ask of the old one is kept until the new one has
// answered a page itself. Never answered: the console, /api, /v1, and what monitors ask.
// The build fills this in: every file with its SHA-256, and the name by which a page is ours.
const BUILD = { mark: "", files: {} };

const CACHE = `booth-app ${BUILD.mark}`;
// Pieces of fonts that only some texts need; the server says that they never change.
const FONTS = "booth-fonts";
const PAGE = "/";
const OTHERS = /^\/(api|v1|console|healthz|readyz|metrics|openapi\.json)(\/|$)/;
// How a file was compressed on its way does not matter any more.
const LOOSELY = { ignoreVary: true };
const FILE = /\.[a-z0-9]+$/;

async function sha256(body) {
  const hash = await crypto.subtle.digest("SHA-256", body);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Whatever stands between tablet and server may answer anything: only our own build is kept. A proxy
// may touch a page, so a page is known by the program it loads.
async function isOurs(path, body) {
  if (path === PAGE) return new TextDecoder().decode(body).includes(BUILD.files[PAGE]);
  return (await sha256(body)) === BUILD.files[path];
}

async function keep(cache, path) {
  const response = await fetch(path, { cache: "no-cache", redirect: "error" });
  const copy = response.clone();
  const isWhole = response.ok && (await isOurs(path, await response.arrayBuffer()));
  if (isWhole) return cache.put(path, copy);
  await copy.arrayBuffer();
  throw new Error(`not our ${path}`);
}

// Every answer is read to its end, also when one is wrong: one that is not would hold a connection.
async function install() {
  const cache = await caches.open(CACHE);
  const kept = await Promise.allSettled(Object.keys(BUILD.files).map((path) => keep(cache, path)));
  const failed = kept.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
}

async function dropOldBuilds() {
  // A build that is still to come is no old one.
  if (registration.installing || registration.waiting) return;
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("booth-app ") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(path) {
  const own = await caches.open(CACHE);
  return (await own.match(path, LOOSELY)) ?? caches.match(path, LOOSELY);
}

async function answerPage(event) {
  const page = await kept(PAGE);
  if (page) event.waitUntil(dropOldBuilds());
  return page ?? fetch(event.request);
}

async function answerFile(event, path) {
  const found = await kept(path);
  if (found) return found;
  const response = await fetch(event.request);
  const isFont = response.headers.get("content-type")?.startsWith("font/");
  if (isFont && response.status === 200 && !response.redirected) {
    const copy = response.clone();
    event.waitUntil(caches.open(FONTS).then((cache) => cache.put(path, copy)));
  }
  return response;
}

addEventListener("install", (event) => event.waitUntil(install()));

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(skipWaiting());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || OTHERS.test(pathname)) return;
  if (FILE.test(pathname)) event.respondWith(answerFile(event, pathname));
  else if (request.mode === "navigate") event.respondWith(answerPage(event));
});
