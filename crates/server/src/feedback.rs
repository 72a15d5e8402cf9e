//! What makes an item of feedback valid, and what of it is kept.
//!
//! Owns: judging one item, masking its texts, its keyed hash.
//! Must not own: storing it or answering for it.
//! Invariant: no text leaves this module unmasked, and none beyond the visitor's consent.

mod masking;
mod time;
mod validate;

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit, Mac};
use kiosk_wire::{canonical, feedback::Entry, receipt};
use serde::{Deserialize, de::value::MapDeserializer};
use serde_json::Value;
use sha2::Sha256;

use crate::storage::NewEntry;
pub use time::rfc3339;
pub use validate::Invalid;

/// What judging an item needs to know.
#[derive(Debug, Clone)]
pub struct Judge<'a> {
    /// The event's teams.
    pub teams: BTreeSet<&'a str>,
    /// Key of the hashes that are kept.
    pub hash_key: &'a [u8],
}

/// An item that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Its id, empty if it had none.
    pub id: String,
    /// Hash of its canonical form as sent.
    pub sha256: String,
    /// The entry to keep, or why there is none.
    pub entry: Result<NewEntry, Invalid>,
}

impl Judge<'_> {
    /// Judges one item as it was sent.
    pub fn judge(&self, raw: &str) -> Judged {
        let item: Value = match serde_json::from_str(raw) {
            Ok(item) => item,
            Err(error) => {
                let entry = Err(Invalid::Unreadable(error.to_string()));
                return Judged {
                    id: id_of_unreadable(raw),
                    sha256: String::new(),
                    entry,
                };
            }
        };
        let id = item
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let sha256 = canonical::sha256_hex(&item);
        let entry = self.accept(item, &sha256);
        Judged { id, sha256, entry }
    }

    fn accept(&self, mut item: Value, sha256: &str) -> Result<NewEntry, Invalid> {
        validate::check_scalars(&item)?;
        validate::check_objects(&item)?;
        let entry = read(&item).map_err(|error| Invalid::Shape(error.to_string()))?;
        let created_at = validate::validate(&entry, &self.teams)?;
        let texts = masking::mask(&mut item);
        Ok(NewEntry {
            search_text: texts.to_lowercase(),
            keyed_hash: keyed_hash(self.hash_key, sha256),
            receipt: receipt::receipt(&entry.visit_id).unwrap_or_default(),
            id: entry.id,
            seq: entry.seq,
            visit_id: entry.visit_id,
            team: entry.team,
            kind: entry.kind,
            created_at,
            language: entry.language,
            rating: entry.rating,
            item: item.to_string(),
        })
    }
}

/// So that staff find the item even if another field of it holds half a character, say.
fn id_of_unreadable(raw: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    serde_json::from_str(raw)
        .map(|named: Named| named.id)
        .unwrap_or_default()
}

/// An item as an entry; a field that is null counts as absent.
pub fn read(item: &Value) -> Result<Entry, serde_json::Error> {
    let Value::Object(fields) = item else {
        return Err(serde::de::Error::custom(
            "invalid type: an item must be an object",
        ));
    };
    let present = fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.as_str(), value));
    Entry::deserialize(MapDeserializer::new(present))
}

pub(crate) fn keyed_hash(key: &[u8], sha256: &str) -> String {
    // HMAC takes keys of any length; the error type exists for other algorithms.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(sha256.as_bytes());
    canonical::hex(mac.finalize().into_bytes().as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_cannot_be_read_keeps_its_id() {
        let judge = Judge {
            teams: BTreeSet::new(),
            hash_key: b"key",
        };
        let half_a_character = r#"{"comment":"\ud800","id":"abc"}"#;
        let judged = judge.judge(half_a_character);
        assert_eq!((&*judged.id, &*judged.sha256), ("abc", ""));
        assert!(matches!(judged.entry, Err(Invalid::Unreadable(_))));
        assert_eq!(judge.judge("{").id, "");
    }

    /// Test case 2 of RFC 4231.
    #[test]
    fn the_kept_hash_is_hmac_sha256() {
        assert_eq!(
            keyed_hash(b"Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
