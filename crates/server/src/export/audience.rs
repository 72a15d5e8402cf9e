//! Who a download is for, and what of an entry is theirs.
//!
//! Owns: the organiser's and a team's view of an entry.
//! Must not own: who is signed in.
//! Invariant: a team sees entries that were shared with it, its own turns in them, and nothing that
//! tells which tablet or which visit they came from.

use serde_json::Value;

use crate::storage::{EntryFilter, StoredEntry};

/// Columns and keys that tell of a tablet or a visit.
const HIDDEN_FROM_TEAMS: [&str; 4] = ["device_id", "visit_id", "receipt", "seq"];

/// Who a download is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everything.
    Organiser,
    /// What was shared with the team of this id.
    Team(String),
}

impl Audience {
    /// The team, if it is one.
    pub fn team(&self) -> Option<&str> {
        match self {
            Self::Organiser => None,
            Self::Team(team) => Some(team),
        }
    }

    /// The entries to look through.
    pub(super) fn narrow(&self, filter: EntryFilter) -> EntryFilter {
        match self {
            Self::Organiser => filter,
            Self::Team(team) => EntryFilter {
                team: Some(team.clone()),
                ..filter
            },
        }
    }

    /// What is theirs of an entry, if anything.
    pub(super) fn sees(&self, mut entry: StoredEntry) -> Option<StoredEntry> {
        let Self::Team(team) = self else {
            return Some(entry);
        };
        let shared = entry.item.get("share_with_team") == Some(&Value::Bool(true));
        if !shared || !is_of(&entry.item, team) {
            return None;
        }
        keep_own(&mut entry.item, team);
        Some(entry)
    }

    /// Whether a column or key is not for them.
    pub(super) fn hides(&self, name: &str) -> bool {
        self.team().is_some() && HIDDEN_FROM_TEAMS.contains(&name)
    }
}

fn is_of(value: &Value, team: &str) -> bool {
    value.get("team").and_then(Value::as_str) == Some(team)
}

/// Takes out what was said with other teams.
fn keep_own(item: &mut Value, team: &str) {
    if let Some(exchange) = item.get_mut("exchange")
        && !is_of(exchange, team)
    {
        *exchange = Value::Null;
    }
    if let Some(Value::Array(turns)) = item.get_mut("conversation") {
        turns.retain(|turn| is_of(turn, team));
    }
    let met = item
        .get_mut("outcome")
        .and_then(|outcome| outcome.get_mut("teams"));
    if let Some(Value::Array(met)) = met {
        met.retain(|met| met.as_str() == Some(team));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(fields: Value) -> StoredEntry {
        StoredEntry {
            position: 1,
            device_id: "device".to_owned(),
            received_at: jiff::Timestamp::UNIX_EPOCH,
            item: fields,
        }
    }

    #[test]
    fn a_team_sees_shared_entries_of_its_own_only() {
        let skt = Audience::Team("skt".to_owned());
        let sees = |item: Value| skt.sees(entry(item)).is_some();
        assert!(sees(json!({"team": "skt", "share_with_team": true})));
        assert!(!sees(json!({"team": "skt", "share_with_team": false})));
        assert!(!sees(json!({"team": "skt"})));
        assert!(!sees(json!({"team": "upstage", "share_with_team": true})));
        assert!(!sees(json!({"team": null, "share_with_team": true})));
        assert!(Audience::Organiser.sees(entry(json!({}))).is_some());
    }

    #[test]
    fn a_team_sees_its_own_turns_only() {
        let item = json!({
            "team": "skt", "share_with_team": true,
            "exchange": {"team": "upstage", "prompt": "p", "answer": "a"},
            "conversation": [
                {"team": "skt", "text": "ours"},
                {"team": "upstage", "text": "theirs"},
                {"text": "nobody's"},
            ],
            "outcome": {"teams": ["upstage", "skt"]},
        });
        let seen = Audience::Team("skt".to_owned()).sees(entry(item)).unwrap();
        assert_eq!(
            seen.item,
            json!({
                "team": "skt", "share_with_team": true, "exchange": null,
                "conversation": [{"team": "skt", "text": "ours"}],
                "outcome": {"teams": ["skt"]},
            })
        );
    }
}
