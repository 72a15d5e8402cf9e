//! Feedback entries on their way into and out of the database.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kiosk_wire::{
    event::Language,
    feedback::{Kind, ReceiptStatus},
};
use serde_json::Value;

/// A valid entry, masked, ready to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// `UUIDv7` made on the tablet.
    pub id: String,
    /// The tablet's count.
    pub seq: u64,
    /// The visit.
    pub visit_id: String,
    /// The receipt of the visit, as a visitor reads it.
    pub receipt: String,
    /// The team, if any.
    pub team: Option<String>,
    /// What kind of entry.
    pub kind: Kind,
    /// The tablet's clock.
    pub created_at: Timestamp,
    /// The visitor's language.
    pub language: Language,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// The whole item as sent, its texts masked, as JSON.
    pub item: String,
    /// Its masked texts in lower case, for searching.
    pub search_text: String,
    /// Keyed hash of the item as sent.
    pub keyed_hash: String,
}

/// What became of an entry that was valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingested {
    /// It is kept now.
    Stored,
    /// It was kept already.
    Duplicate,
    /// Its id is kept with other content; this one lies beside it for review.
    Conflict,
    /// Its visit was erased; nothing is kept.
    Erased,
}

impl From<Ingested> for ReceiptStatus {
    fn from(outcome: Ingested) -> Self {
        match outcome {
            Ingested::Stored => Self::Stored,
            Ingested::Duplicate => Self::Duplicate,
            Ingested::Conflict => Self::Conflict,
            Ingested::Erased => Self::Erased,
        }
    }
}

/// An entry that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEntry {
    /// Counts up in the order of arrival.
    pub position: u64,
    /// The tablet that sent it.
    pub device_id: String,
    /// When it arrived, by the server's clock.
    pub received_at: Timestamp,
    /// The item, its texts masked.
    pub item: Value,
}

/// Which entries are wanted; an absent part lets every entry pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// The team.
    pub team: Option<String>,
    /// The kind.
    pub kind: Option<Kind>,
    /// The lowest rating.
    pub rating_min: Option<u8>,
    /// The highest rating.
    pub rating_max: Option<u8>,
    /// The visitor's language.
    pub language: Option<Language>,
    /// The tablet.
    pub device: Option<String>,
    /// Created at this time by the tablet's clock, or later.
    pub from: Option<Timestamp>,
    /// Created before this time by the tablet's clock.
    pub before: Option<Timestamp>,
    /// Found in a text, whatever the case.
    pub search: Option<String>,
}

/// A part of the matching entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The newest ones before this position.
    Before {
        /// Exclusive; absent: from the newest on.
        position: Option<u64>,
        /// Most entries.
        limit: u32,
    },
    /// The oldest ones after a position, up to another.
    After {
        /// Exclusive.
        position: u64,
        /// Inclusive.
        last: u64,
        /// Most entries.
        limit: u32,
    },
}

/// What entries hold besides the fixed fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerColumns {
    /// Every tag.
    pub tags: BTreeSet<String>,
    /// Every key of an answer.
    pub answers: BTreeSet<String>,
}
