// Everything that a visit could have left, as one text: the document, form values, what the page
// says of itself, every store a page can write to, and what hangs on its window.
const done = arguments[arguments.length - 1];
const request = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
const readable = (key, value) =>
  value instanceof ArrayBuffer ? new TextDecoder().decode(value)
  : ArrayBuffer.isView(value) ? new TextDecoder().decode(value)
  : value;
const databases = async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await request(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store).getAll();
      found.push([name, store, await request(rows)]);
    }
    database.close();
  }
  return found;
};
const cached = async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) {
      const kept = await cache.match(asked);
      const isText = /text|json|javascript|xml/.test(kept?.headers.get("content-type") ?? "text");
      found.push([name, asked.url, isText ? await kept?.text() : "not a text"]);
    }
  }
  return found;
};
const workers = async () => {
  const found = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  return found.map((each) => [each.scope, each.active?.scriptURL, each.active?.state]);
};
// What throws when it is looked at cannot be read by anybody else either.
const look = (owner, key) => {
  try {
    return owner[key];
  } catch {
    return undefined;
  }
};
const globals = () => {
  const found = [];
  for (const key of Object.keys(window)) {
    const value = look(window, key);
    if (typeof value === "string") found.push([key, value]);
    if (value === null || (typeof value !== "object" && typeof value !== "function")) continue;
    for (const inner of Object.keys(value)) {
      const deep = look(value, inner);
      if (typeof deep === "string") found.push([`${key}.${inner}`, deep]);
    }
  }
  return found;
};
(async () => JSON.stringify({
  page: document.documentElement.outerHTML,
  fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value),
  title: document.title,
  address: location.href,
  name: window.name,
  referrer: document.referrer,
  cookies: document.cookie,
  history: history.state,
  local: { ...localStorage },
  session: { ...sessionStorage },
  databases: await databases(),
  caches: await cached(),
  workers: await workers(),
  globals: globals(),
}, readable))().then(done, (error) => done({ error: String(error) }));
