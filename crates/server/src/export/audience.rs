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
    /// What was shared with one team.
    Team {
        /// Its id.
        id: String,
        /// Models that answer for it, by configuration.
        models: Vec<String>,
    },
}

impl Audience {
    /// The team, if it is one.
    pub fn team(&self) -> Option<&str> {
        match self {
            Self::Organiser => None,
            Self::Team { id, .. } => Some(id),
        }
    }

    /// The entries to look through.
    pub(super) fn narrow(&self, filter: EntryFilter) -> EntryFilter {
        match self {
            Self::Organiser => filter,
            Self::Team { id, .. } => EntryFilter {
                team: Some(id.clone()),
                ..filter
            },
        }
    }

    /// What is theirs of an entry, if anything.
    pub(super) fn sees(&self, mut entry: StoredEntry) -> Option<StoredEntry> {
        let Self::Team { id, models } = self else {
            return Some(entry);
        };
        let shared = entry.item.get("share_with_team") == Some(&Value::Bool(true));
        if !shared || !is_of(&entry.item, id) {
            return None;
        }
        keep_own(&mut entry.item, id, models);
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

/// Takes out what was said with other teams, and who answered there.
fn keep_own(item: &mut Value, team: &str, models: &[String]) {
    let mut own = models.to_vec();
    if let Some(exchange) = item.get_mut("exchange") {
        if is_of(exchange, team) {
            own.extend(model_of(exchange));
        } else {
            *exchange = Value::Null;
        }
    }
    if let Some(Value::Array(turns)) = item.get_mut("conversation") {
        turns.retain(|turn| is_of(turn, team));
        own.extend(turns.iter().filter_map(model_of));
    }
    keep(item, ["served", "models"], |model| {
        own.iter().any(|own| own == model)
    });
    keep(item, ["outcome", "teams"], |met| met == team);
}

fn model_of(part: &Value) -> Option<String> {
    part.get("model").and_then(Value::as_str).map(str::to_owned)
}

fn keep(item: &mut Value, [part, list]: [&str; 2], is_own: impl Fn(&str) -> bool) {
    let list = item.get_mut(part).and_then(|part| part.get_mut(list));
    if let Some(Value::Array(names)) = list {
        names.retain(|name| name.as_str().is_some_and(&is_own));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn skt() -> Audience {
        Audience::Team {
            id: "skt".to_owned(),
            models: vec!["A.X-K1".to_owned()],
        }
    }

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
        let skt = skt();
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
        let seen = skt().sees(entry(item)).unwrap();
        assert_eq!(
            seen.item,
            json!({
                "team": "skt", "share_with_team": true, "exchange": null,
                "conversation": [{"team": "skt", "text": "ours"}],
                "outcome": {"teams": ["skt"]},
            })
        );
    }

    #[test]
    fn a_team_reads_of_no_other_teams_models() {
        let seen = |part: Value| {
            let mut item = json!({
                "team": "skt", "share_with_team": true,
                "served": {"models": ["A.X-K1", "A.X-4.0", "SOLAR-OTHER"]},
            });
            item.as_object_mut()
                .unwrap()
                .extend(part.as_object().unwrap().clone());
            let seen = skt().sees(entry(item)).unwrap();
            seen.item["served"]["models"].clone()
        };
        assert_eq!(seen(json!({})), json!(["A.X-K1"]));
        let turn = |team: &str, model: &str| json!({"team": team, "model": model});
        assert_eq!(
            seen(json!({"conversation": [turn("skt", "A.X-4.0"), turn("upstage", "SOLAR-OTHER")]})),
            json!(["A.X-K1", "A.X-4.0"])
        );
        assert_eq!(
            seen(json!({"exchange": turn("upstage", "SOLAR-OTHER")})),
            json!(["A.X-K1"])
        );
    }
}
