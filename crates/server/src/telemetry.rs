//! Logs: one JSON object a line on standard error.
//!
//! Owns: their form and level.
//! Must not own: what is logged where.
//! Invariant: standard output stays free for what the start prints.

use tracing_subscriber::EnvFilter;

/// Starts logging; `RUST_LOG` chooses the level.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .try_init();
    if let Err(error) = started {
        tracing::warn!(%error, "logging was started already");
    }
}
