// The first screen comes with the page, and the app's own takes its place.
// Notes when the first screen answers to a tap, when the screen behind it is there, and when a chat field
// is. A tap counts from the moment it was made, if the first screen is gone by the next frame; so it is made
// in every frame.
bench.noted = {};
{
  const noted = bench.noted;
  let tappedAt = 0;
  const isPeerUsable = () =>
    document.querySelector("deep-chat")?.shadowRoot?.getElementById("text-input")?.isContentEditable;
  const tapFirst = () => {
    const start = bench.find("start") ?? document.querySelector("#cover .start");
    if (tappedAt && !start) noted.first = tappedAt;
    if (!start) return;
    tappedAt = performance.now();
    start.click();
  };
  const walk = () => {
    const way = bench.find("chat-open") ?? bench.find("team-card", '[data-team="skt"]');
    way?.click();
  };
  const look = () => {
    if (isPeerUsable()) {
      noted.first = noted.next = noted.field = performance.now();
      return;
    }
    if (bench.find("chat-input")) {
      noted.field = performance.now();
      return;
    }
    if (!noted.first) tapFirst();
    if (noted.first && bench.screen() && bench.screen() !== "attract") noted.next ??= performance.now();
    if (noted.next) walk();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** When both were noted, and when that clock began. */
bench.usable = async () => {
  await bench.until("chat field", () => bench.noted.field);
  return { ...bench.noted, origin: performance.timeOrigin };
};

/** The service worker is active and its caches do not grow any more; false where there is none. */
bench.cached = async (patienceMs) => {
  const start = performance.now();
  const workers = navigator.serviceWorker;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  while (!(await workers?.getRegistration())) {
    if (performance.now() - start > patienceMs) return false;
    await pause(50);
  }
  await workers.ready;
  for (let [before, count] = [-1, 0]; before !== count; ) {
    await pause(500);
    before = count;
    count = (await bench.kept()).length;
  }
  return true;
};

/** What the service worker has put away, and its own script. */
bench.kept = async () => {
  const registration = await navigator.serviceWorker?.getRegistration();
  const urls = registration?.active ? [registration.active.scriptURL] : [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    urls.push(...requests.map((request) => request.url));
  }
  return urls;
};
