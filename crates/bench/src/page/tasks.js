// Long tasks of the main thread. The browser reports none below 50 ms.
{
  const seen = [];
  const bringIn = bench.observe("longtask", (entry) => seen.push(entry));
  /** The longest one that began since then, in milliseconds; 0 if none was reported. */
  bench.longest = async (since) => {
    // A task is reported after its frame.
    await bench.quiet();
    bringIn();
    const tasks = seen.filter((entry) => entry.startTime >= since);
    return Math.max(0, ...tasks.map((entry) => entry.duration));
  };
}
