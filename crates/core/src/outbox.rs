//! The way of feedback from the tablet's disk to the server.
//!
//! Owns: the delivery state machine, its batches and its backoff, and the loop that drives it over the ports.
//! Must not own: a database, a connection, a clock.
//! Invariant: an entry leaves the queue only for a receipt that names its id and its hash; whatever
//! else happens, it stays, and no entry keeps another from being sent.

mod answer;
mod backoff;
mod batch;
mod bell;
mod delivery;
mod driver;

#[cfg(test)]
mod simulation;

pub use answer::read_answer;
pub use backoff::Backoff;
pub use bell::{Bell, Wake};
pub use delivery::{Delivery, Effect, Event, State};
pub use driver::{Ports, Progress, deliver};

/// An entry that waits on this tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// The entry as JSON, its number within; it is sent and hashed exactly so.
    pub json: String,
}

/// An entry that the server refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedEntry {
    /// The entry.
    pub entry: StoredEntry,
    /// Why it was refused.
    pub reason: String,
}

/// How much is kept on this tablet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries that wait to be sent.
    pub pending: u64,
    /// Entries that the server refused.
    pub parked: u64,
    /// The highest number given out; 0 before the first.
    pub last_seq: u64,
}
