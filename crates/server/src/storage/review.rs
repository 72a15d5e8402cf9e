//! What organisers do with entries that are kept: compare, bring in, erase.
//!
//! Owns: the vocabulary of these things and the part of the port that does them.
//! Must not own: SQL, HTTP, or the shape of a rescue file.
//! Invariant: what was erased is gone from the database and does not come back.

use async_trait::async_trait;
use jiff::Timestamp;
use kiosk_wire::console::ConflictKind;
use serde_json::Value;

use super::{AuditRecord, StorageError};

/// An arrival that is at odds with another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRecord {
    /// The tablet that sent the later one.
    pub device_id: String,
    /// Its number there.
    pub seq: u64,
    /// The later arrival's entry id.
    pub id: String,
    /// What is at odds.
    pub kind: ConflictKind,
    /// When the later one arrived.
    pub received_at: Timestamp,
    /// The later item, its texts masked.
    pub item: Value,
}

/// A tablet as its rescue file tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RescuedDevice {
    /// Lower-case UUID.
    pub id: String,
    /// The name it gets if it is not known here.
    pub name: String,
    /// The highest sequence number it has given out.
    pub announced: u64,
}

/// What became of a visit that was to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It had entries; they are gone.
    Gone,
    /// It has none here.
    NoneHere,
}

/// The part of the database organisers work on.
#[async_trait]
pub trait ReviewStorage: Send + Sync {
    /// Every arrival that is at odds with another one, by tablet and number.
    async fn conflicts(&self) -> Result<Vec<ConflictRecord>, StorageError>;

    /// Makes a tablet known, without a token if it is new, and keeps what it announced.
    async fn record_rescued(
        &self,
        device: RescuedDevice,
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Erases the entries and conflicts of the visit with this receipt. Its later arrivals are
    /// erased as well if it had any here, or if it is to be remembered all the same; else nothing is
    /// done and the audit does not tell of it. A reader that still sees the text keeps it in the log:
    /// then it is gone from there as soon as that reader is.
    async fn erase_visit(
        &self,
        receipt: &str,
        at: Timestamp,
        remember: bool,
        audit: AuditRecord,
    ) -> Result<Erased, StorageError>;

    /// How often entries were erased so far, on request or because their time was over. Whoever keeps
    /// sums of entries makes them anew when it has changed.
    async fn erasures(&self) -> Result<u64, StorageError>;
}
