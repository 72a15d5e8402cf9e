//! Everything that touches the browser, and the only place that does.
//!
//! Owns: adapters for the ports of the core and the stores. Must not own: decisions or sentences.
//! Invariant: no `JsValue` leaves this module, and no adapter panics.

pub mod chosen_file;
pub mod clock;
pub mod desk;
mod dynamic;
pub mod fetch;
pub mod file_saver;
pub mod guide_worker;
pub mod health;
pub mod indexed_db;
pub mod key_derivation;
pub mod later;
pub mod page;
pub mod preferences;
pub mod service_worker;
pub mod time_zones;
