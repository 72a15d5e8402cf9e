//! The rescue file, and whether the day may end.

use kiosk_wire::rescue::{FORMAT, ParkedItem, RescueFile, VERSION};
use serde_json::Value;

use crate::outbox::{Counts, ParkedEntry, StoredEntry};

/// How saving the file went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RescueState {
    /// Nobody asked.
    #[default]
    None,
    /// Being written.
    Saving,
    /// Handed to the browser.
    Saved {
        /// Entries in it.
        count: u64,
    },
    /// The queue could not be read, or the browser took no file.
    Failed,
}

/// Whether the day may end on this tablet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EndOfDay {
    /// All is sent, or in a rescue file.
    #[default]
    Ready,
    /// These are neither.
    Unsent {
        /// Entries that wait.
        pending: u64,
        /// Entries that the server refused.
        parked: u64,
    },
}

impl EndOfDay {
    /// From what is neither sent nor rescued.
    #[must_use]
    pub fn of(unrescued: Counts) -> Self {
        match unrescued {
            Counts {
                pending: 0,
                parked: 0,
                ..
            } => Self::Ready,
            Counts {
                pending, parked, ..
            } => Self::Unsent { pending, parked },
        }
    }
}

/// Everything a tablet holds, as a file; entries stand in it exactly as they are stored.
#[must_use]
pub fn rescue_file(
    device_id: String,
    name: String,
    saved_at: String,
    last_seq: u64,
    pending: Vec<StoredEntry>,
    parked: Vec<ParkedEntry>,
) -> RescueFile {
    let parked = parked.into_iter().map(|parked| ParkedItem {
        item: item(parked.entry),
        reason: parked.reason,
    });
    RescueFile {
        format: FORMAT.to_owned(),
        version: VERSION,
        device_id,
        name,
        saved_at,
        last_seq,
        items: pending.into_iter().map(item).collect(),
        parked: parked.collect(),
    }
}

/// What is no JSON any more is kept as the text it is.
fn item(entry: StoredEntry) -> Value {
    serde_json::from_str(&entry.json).unwrap_or(Value::String(entry.json))
}

/// `booth-rescue-{name}-{date}.json`, the date being the tablet's.
#[must_use]
pub fn file_name(name: &str, saved_at: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let date = saved_at.get(..10).unwrap_or_default();
    format!("booth-rescue-{name}-{date}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: u64, json: &str) -> StoredEntry {
        StoredEntry {
            seq,
            id: seq.to_string(),
            json: json.to_owned(),
        }
    }

    #[test]
    fn the_file_holds_entries_as_they_are_stored() {
        let parked = ParkedEntry {
            entry: entry(2, "{\"b\":1,"),
            reason: "rating".to_owned(),
        };
        let file = rescue_file(
            "d".to_owned(),
            "입구 1".to_owned(),
            "2025-12-30T14:31:05.120+09:00".to_owned(),
            9,
            vec![entry(1, r#"{"z":[1,"가"],"a":null}"#)],
            vec![parked],
        );
        let text = serde_json::to_string(&file).unwrap();
        let back: RescueFile = serde_json::from_str(&text).unwrap();
        assert_eq!(back, file);
        assert_eq!((back.format.as_str(), back.version), (FORMAT, VERSION));
        assert_eq!(back.last_seq, 9);
        assert_eq!(back.items, [serde_json::json!({"z": [1, "가"], "a": null})]);
        assert_eq!(back.parked[0].item, Value::String("{\"b\":1,".to_owned()));
    }

    #[test]
    fn the_name_fits_every_disk() {
        assert_eq!(
            file_name("입구 1/..\\b", "2025-12-30T14:31:05+09:00"),
            "booth-rescue-입구-1----b-2025-12-30.json"
        );
        assert_eq!(file_name("a", ""), "booth-rescue-a-.json");
    }

    #[test]
    fn the_day_ends_only_with_nothing_left() {
        let of = |pending, parked| {
            EndOfDay::of(Counts {
                pending,
                parked,
                last_seq: 7,
            })
        };
        assert_eq!(of(0, 0), EndOfDay::Ready);
        assert_eq!(
            of(2, 1),
            EndOfDay::Unsent {
                pending: 2,
                parked: 1
            }
        );
        assert_ne!(of(0, 1), EndOfDay::Ready);
    }
}
