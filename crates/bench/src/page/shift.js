// Every layout shift of the page's life, with the screen it was seen on and what moved.
{
  const seen = [];
  const name = (node) => {
    const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!element?.tagName) return "gone";
    const mark = element.dataset?.testid ?? element.className;
    return `${element.tagName.toLowerCase()}${typeof mark === "string" && mark ? `.${mark}` : ""}`;
  };
  const bringIn = bench.observe("layout-shift", (entry) => {
    seen.push({
      value: entry.value,
      had_input: entry.hadRecentInput,
      screen: bench.screen() ?? "none",
      moved: [...new Set(entry.sources.map((source) => name(source.node)))].join(" "),
    });
  });
  bench.shifts = () => {
    bringIn();
    return seen;
  };
}
