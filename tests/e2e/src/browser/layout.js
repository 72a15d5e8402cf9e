// Where things stand in the window. Each function answers with what is wrong, in words.
const CONTROLS =
  "button, a[href], select, textarea, label:has(input), input:not(label input)";
// The hotspot is for staff: visitors must not find it.
const isControl = (each) =>
  each.dataset.testid !== "staff-hotspot" &&
  each.checkVisibility({ visibilityProperty: true, opacityProperty: true });
// What lies below a dialog cannot be used while it is open.
const controls = () => {
  const scope = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  return [...scope.querySelectorAll(CONTROLS)].filter(isControl);
};
const isEnabled = (each) => !each.disabled && each.getAttribute("aria-disabled") !== "true";
const called = (each) => each.dataset.testid ?? (each.textContent.trim().slice(0, 30) || each.tagName);
const isHit = (each, x, y) => each.contains(document.elementFromPoint(x, y));
const middle = (its) => [(its.left + its.right) / 2, (its.top + its.bottom) / 2];
const show = (each, block) => each.scrollIntoView({ block, inline: "nearest", behavior: "instant" });

// What is cut at a side, by the window or by what clips it. What scrolls to the side may be wider
// inside; words for those who cannot see have no room on purpose.
const overflowing = () => {
  const found = [];
  const walk = (each, left, right) => {
    if (found.length === 5 || each.getAttribute("aria-hidden") === "true") return;
    const { display, overflowX } = getComputedStyle(each);
    const children = (left, right) => [...each.children].forEach((child) => walk(child, left, right));
    if (display === "contents") return children(left, right);
    const its = each.getBoundingClientRect();
    if (its.width <= 2 || !each.checkVisibility()) return;
    const name = `${called(each)} (${each.tagName}.${each.className})`;
    if (its.left < left - 1 || its.right > right + 1) found.push(`${name} at ${its.left} to ${its.right}`);
    const clips = overflowX !== "visible";
    const isLeaf = each.childElementCount === 0 && each.tagName !== "TEXTAREA";
    if (clips && isLeaf && each.scrollWidth > each.clientWidth + 1) found.push(`${name} is shortened`);
    if (overflowX === "auto" || overflowX === "scroll" || each instanceof SVGElement) return;
    if (clips) children(Math.max(left, its.left), Math.min(right, its.right));
    else children(left, right);
  };
  for (const each of document.querySelectorAll("[data-testid=screen], dialog[open]")) walk(each, 0, innerWidth);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push("the whole page");
  return found;
};

// Controls that no scrolling brings into the window, or that something covers there.
const unreachable = () => controls().flatMap((each) => {
  show(each, "center");
  const its = each.getBoundingClientRect();
  const place = `${called(each)} at ${Math.round(its.left)} ${Math.round(its.top)}`;
  if (its.left < -1 || its.right > innerWidth + 1) return [`${place} is cut at the side`];
  const isTall = its.height > innerHeight;
  if (!isTall && (its.top < -1 || its.bottom > innerHeight + 1)) return [`${place} is cut`];
  for (let up = each.parentElement; up !== null; up = up.parentElement)
    if (up.scrollTop > 0 && getComputedStyle(up).overflowY === "hidden")
      return [`${place} lies where only a script can scroll`];
  const [x, y] = middle(its);
  const points = isTall ? [[x, innerHeight / 2]]
    : [[x, y], [x - its.width / 4, y], [x + its.width / 4, y], [x, y - its.height / 4], [x, y + its.height / 4]];
  return points.every(([x, y]) => isHit(each, x, y)) ? [] : [`${place} is covered`];
});

// Controls that do not stand in the lower half of the window and cannot be brought there.
const tooHigh = () => controls().filter(isEnabled).flatMap((each) => {
  const isLow = () => {
    const [x, y] = middle(each.getBoundingClientRect());
    return y >= innerHeight / 2 - 1 && y < innerHeight && isHit(each, x, y);
  };
  const comesDown = (block) => (show(each, block), isLow());
  if (isLow() || ["end", "center", "nearest", "start"].some(comesDown)) return [];
  return [`${called(each)} stays at ${Math.round(middle(each.getBoundingClientRect())[1])}`];
});

// Name, width and height of every control, told apart by their order.
const targets = () => {
  const seen = new Map();
  return controls().map((each) => {
    const name = called(each);
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    const { width, height } = each.getBoundingClientRect();
    return [`${name} ${number}`, width, height];
  });
};

// Those of these test ids that cannot be tapped where they stand now.
const outOfHand = (names) => names.filter((name) => {
  const each = document.querySelector(`[data-testid='${name}']`);
  if (each === null) return true;
  return !isHit(each, ...middle(each.getBoundingClientRect()));
});

// What of the last answer stands outside of it. What scrolls by itself may be wider inside.
const outside = () => {
  const log = document.querySelector("[role=log]");
  const message = [...document.querySelectorAll("[data-testid=message][data-role=assistant]")].at(-1);
  const room = log.getBoundingClientRect();
  const frame = message.getBoundingClientRect();
  const found = overflowing();
  if (log.scrollWidth > log.clientWidth + 1) found.push("the log scrolls to the side");
  if (frame.left < room.left - 1 || frame.right > room.right + 1) found.push("the answer is too wide");
  const walk = (each) => {
    const its = each.getBoundingClientRect();
    const isOut = its.width > 0 && (its.left < frame.left - 1 || its.right > frame.right + 1);
    const scrolls = getComputedStyle(each).overflowX !== "visible";
    const spills = !scrolls && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1;
    if (isOut || spills) found.push(`${each.tagName}.${each.className} ${its.left} to ${its.right}`);
    if (!scrolls && found.length < 5) [...each.children].forEach(walk);
  };
  walk(message);
  return found;
};
