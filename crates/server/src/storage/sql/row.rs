//! Between what tables hold and what the server speaks of.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::storage::StorageError;

/// A time that was stored as milliseconds.
pub(super) fn time(millis: i64) -> Result<Timestamp, StorageError> {
    Timestamp::from_millisecond(millis)
        .map_err(|error| StorageError::Unreadable(format!("a time: {error}")))
}

/// A number that was stored as a signed one; none of ours is negative.
pub(super) fn count(stored: i64) -> Result<u64, StorageError> {
    u64::try_from(stored).map_err(|_| StorageError::Unreadable("a negative count".to_owned()))
}

/// A number as it is stored. What reaches here is at most 2^53.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// JSON that was stored as text.
pub(super) fn json(text: &str) -> Result<Value, StorageError> {
    serde_json::from_str(text)
        .map_err(|error| StorageError::Unreadable(format!("an item: {error}")))
}

/// The name of an enum's variant, as it travels in JSON.
pub(super) fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    }
}
