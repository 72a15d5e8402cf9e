//! Markdown against comrak, CommonMark's examples and our own, and against itself while it grows.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper that cannot go on ends the test"
)]

mod cases;
mod differences;
mod page;
mod peer;
mod streaming;
