//! The scripts that run in every page under measurement, before its own.

/// Notes when a page can be used.
pub(crate) const USABLE: &str = concat!(
    include_str!("page/bench.js"),
    include_str!("page/usable.js")
);

/// Taps through visits and asks, and knows the memory of Wasm.
pub(crate) const MEMORY: &str = concat!(
    include_str!("page/bench.js"),
    include_str!("page/visit.js"),
    include_str!("page/memory.js")
);

/// Asks, and notes long tasks.
pub(crate) const ASK: &str = concat!(
    include_str!("page/bench.js"),
    include_str!("page/visit.js"),
    include_str!("page/tasks.js")
);

/// Leaves feedback, and times how it is saved.
pub(crate) const SAVE: &str = concat!(
    include_str!("page/bench.js"),
    include_str!("page/visit.js"),
    include_str!("page/save.js")
);

/// Waits for answers, and notes layout shifts.
pub(crate) const SHIFT: &str = concat!(
    include_str!("page/bench.js"),
    include_str!("page/visit.js"),
    include_str!("page/shift.js")
);

/// What taps of whole visits need to load the rest of the app, and what the first tap needed.
pub(crate) const WHOLE: &str = concat!(
    include_str!("page/bench.js"),
    include_str!("page/visit.js"),
    include_str!("page/usable.js")
);
