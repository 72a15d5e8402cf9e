//! Everything that touches the browser, and the only place that does.
//!
//! Owns: adapters for the ports of the core and the stores. Must not own: decisions or sentences.
//! Invariant: no `JsValue` leaves this module, and no adapter panics.

pub mod clock;
pub mod fetch;
pub mod indexed_db;
pub mod page;
pub mod preferences;
