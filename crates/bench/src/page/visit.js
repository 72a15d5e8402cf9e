// A visitor who taps through the app, and asks.
bench.toChat = async (team) => {
  await bench.tap("start");
  await bench.on("teams");
  await bench.tap("team-card", `[data-team="${team}"]`);
  await bench.on("team");
  await bench.tap("chat-open");
  await bench.until("chat field", () => bench.find("chat-input"));
};

/** The last answer's element. */
bench.answer = () => [...document.querySelectorAll('[data-testid="message"][data-role="assistant"]')].at(-1);

/** Waits for an answer that is over, woken by changes of state: looking all the time would cost. */
bench.answered = () =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const look = () => {
      const answer = bench.answer();
      const state = answer?.dataset.state;
      const isOver = state === "done" || state === "failed" || state === "stopped";
      if (!isOver && performance.now() - start < bench.PATIENCE_MS) return;
      observer.disconnect();
      clearInterval(seldom);
      if (state === "done") resolve(answer);
      else reject(new Error(`the answer is ${state}: ${answer?.textContent.slice(0, 200)}`));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, attributeFilter: ["data-state"] });
    // An element that came in its last state changed nothing.
    const seldom = setInterval(look, 500);
    look();
  });

/** Sends a question; answers the whole answer's text once it is drawn. */
bench.ask = async () => {
  const field = bench.find("chat-input");
  field.value = "길게 설명해 주세요.";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  (await bench.until("send button", () => bench.find("chat-send", ':not([aria-disabled="true"])'))).click();
  await bench.until("answer", () => bench.answer());
  const answer = await bench.answered();
  await bench.drawn();
  return answer.textContent;
};

/** How an answer's text looks: what a peer beside it needs for the same work. */
bench.look = () => {
  const text = bench.answer().querySelector('[data-testid="message-text"]');
  const style = getComputedStyle(text);
  const faces = (rules) =>
    [...rules].flatMap((rule) =>
      rule instanceof CSSFontFaceRule ? [rule.cssText] : rule.cssRules ? faces(rule.cssRules) : [],
    );
  let log = text;
  while (log.parentElement && !/auto|scroll/.test(getComputedStyle(log).overflowY)) log = log.parentElement;
  const names = ["font-family", "font-size", "line-height", "letter-spacing", "word-break", "overflow-wrap"];
  return {
    width: `${text.getBoundingClientRect().width}px`,
    height: `${log.clientHeight}px`,
    style: names.map((name) => `${name}: ${style.getPropertyValue(name)}`).join("; "),
    faces: [...document.styleSheets].flatMap((sheet) => faces(sheet.cssRules)).join("\n"),
  };
};

/** From the chat through the form back to the attract screen. */
bench.leave = async () => {
  await bench.tap("visit-end");
  await bench.on("feedback");
  await bench.tap("rating-4");
  await bench.tap("feedback-submit");
  await bench.on("thanks");
  await bench.until("receipt", () => bench.find("receipt")?.textContent.trim());
  await bench.tap("visit-end");
  await bench.on("attract");
};

/** Nobody is there, and nothing has failed; answers when the page's life began. */
bench.fresh = async () => {
  await bench.on("attract");
  if (bench.errors()) throw new Error(bench.errors());
  return performance.timeOrigin;
};

/** From the first screen to a whole answer. */
bench.begin = async () => {
  await bench.tap("start");
  await bench.on("teams");
  await bench.tap("team-card", '[data-team="skt"]');
  await bench.on("team");
  await bench.tap("prompt-chip");
  await bench.on("chat");
  await bench.until("answer", () => bench.answer());
  await bench.answered();
};

/** One whole visit; answers like `fresh`. */
bench.visit = async () => {
  await bench.fresh();
  await bench.begin();
  await bench.leave();
  return bench.fresh();
};
