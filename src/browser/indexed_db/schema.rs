//! The shape of the database, and its records.
//!
//! `entries` and `parked`: `{seq, id, json}`, parked ones with `reason`, keyed by `seq`, unique by `id`.
//! `meta`: the highest number given out, and the device as JSON.

use js_sys::{Object, Reflect};
use kiosk_core::{
    outbox::{ParkedEntry, StoredEntry},
    ports::StorageError,
};
use wasm_bindgen::JsValue;
use web_sys::{IdbDatabase, IdbIndexParameters, IdbObjectStoreParameters};

use super::error::from_thrown;

pub(super) const VERSION: u32 = 1;
pub(super) const ENTRIES: &str = "entries";
pub(super) const PARKED: &str = "parked";
pub(super) const META: &str = "meta";
/// The index of entries by their id.
pub(super) const BY_ID: &str = "id";
/// Keys of `meta`.
pub(super) const LAST_SEQ: &str = "last_seq";
pub(super) const DEVICE: &str = "device";

/// Brings an older shape to this one, step by step; version 0 is no database yet.
pub(super) fn upgrade(database: &IdbDatabase, from_version: u32) -> Result<(), JsValue> {
    if from_version < 1 {
        let keyed = IdbObjectStoreParameters::new();
        keyed.set_key_path(&JsValue::from("seq"));
        let unique = IdbIndexParameters::new();
        unique.set_unique(true);
        for name in [ENTRIES, PARKED] {
            database
                .create_object_store_with_optional_parameters(name, &keyed)?
                .create_index_with_str_and_optional_parameters(BY_ID, "id", &unique)?;
        }
        database.create_object_store(META)?;
    }
    Ok(())
}

pub(super) fn record(entry: &StoredEntry, reason: Option<&str>) -> Result<JsValue, StorageError> {
    let record = Object::new();
    let set = |key: &str, value: &JsValue| {
        Reflect::set(&record, &JsValue::from(key), value)
            .map(drop)
            .map_err(from_thrown)
    };
    set("seq", &number(entry.seq))?;
    set("id", &JsValue::from(&entry.id))?;
    set("json", &JsValue::from(&entry.json))?;
    if let Some(reason) = reason {
        set("reason", &JsValue::from(reason))?;
    }
    Ok(record.into())
}

pub(super) fn read_entry(record: &JsValue) -> Result<StoredEntry, StorageError> {
    Ok(StoredEntry {
        seq: read_number(&field(record, "seq")?),
        id: field(record, "id")?.as_string().unwrap_or_default(),
        json: field(record, "json")?.as_string().unwrap_or_default(),
    })
}

pub(super) fn read_parked(record: &JsValue) -> Result<ParkedEntry, StorageError> {
    let reason = field(record, "reason")?.as_string().unwrap_or_default();
    Ok(ParkedEntry {
        entry: read_entry(record)?,
        reason,
    })
}

fn field(record: &JsValue, key: &str) -> Result<JsValue, StorageError> {
    Reflect::get(record, &JsValue::from(key)).map_err(from_thrown)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts entries of one tablet, far below 2^53"
)]
pub(super) fn number(value: u64) -> JsValue {
    JsValue::from_f64(value as f64)
}

/// 0 for what is no number: nothing was counted yet.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and only whole numbers were written"
)]
pub(super) fn read_number(value: &JsValue) -> u64 {
    value.as_f64().unwrap_or_default() as u64
}

pub(super) fn damaged(message: &str) -> StorageError {
    StorageError::Failed {
        name: "Json".to_owned(),
        message: message.to_owned(),
    }
}
