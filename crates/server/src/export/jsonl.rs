//! JSON lines, lossless: an item's keys as sent, after masking, and how it arrived.

use bytes::Bytes;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;

use super::audience::Audience;
use crate::storage::StoredEntry;

const DEVICE_ID: &str = "device_id";
const RECEIVED_AT: &str = "received_at";

/// One entry as a JSON object.
pub fn object(entry: &StoredEntry) -> Result<Value, serde_json::Error> {
    serde_json::to_value(Line {
        entry,
        audience: &Audience::Organiser,
    })
}

/// One line an entry.
pub(super) fn lines(
    entries: &[StoredEntry],
    audience: &Audience,
) -> Result<Bytes, serde_json::Error> {
    let mut text = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut text, &Line { entry, audience })?;
        text.push(b'\n');
    }
    Ok(Bytes::from(text))
}

/// What an audience sees of an entry, written without a copy of it.
struct Line<'a> {
    entry: &'a StoredEntry,
    audience: &'a Audience,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { entry, audience } = self;
        let arrival = [
            (DEVICE_ID, entry.device_id.clone()),
            (RECEIVED_AT, entry.received_at.to_string()),
        ];
        let fields = entry.item.as_object().into_iter().flatten();
        let is_sent = |key: &str| ![DEVICE_ID, RECEIVED_AT].contains(&key);
        let mut line = serializer.serialize_map(None)?;
        for (key, value) in fields.filter(|(key, _)| is_sent(key) && !audience.hides(key)) {
            line.serialize_entry(key, value)?;
        }
        for (key, value) in arrival.iter().filter(|(key, _)| !audience.hides(key)) {
            line.serialize_entry(key, value)?;
        }
        line.end()
    }
}
