//! JSON lines, lossless: an item's keys as sent, after masking, and how it arrived.

use bytes::Bytes;
use serde_json::Value;

use super::audience::Audience;
use crate::storage::StoredEntry;

/// One entry as a JSON object.
pub fn object(entry: &StoredEntry) -> Value {
    let mut object = entry.item.clone();
    if let Value::Object(fields) = &mut object {
        fields.insert("device_id".to_owned(), entry.device_id.clone().into());
        fields.insert(
            "received_at".to_owned(),
            entry.received_at.to_string().into(),
        );
    }
    object
}

/// One line an entry.
pub(super) fn lines(entries: &[StoredEntry], audience: &Audience) -> Bytes {
    let mut text = String::new();
    for entry in entries {
        let mut object = object(entry);
        if let Value::Object(fields) = &mut object {
            fields.retain(|key, _| !audience.hides(key));
        }
        text.push_str(&object.to_string());
        text.push('\n');
    }
    Bytes::from(text)
}
