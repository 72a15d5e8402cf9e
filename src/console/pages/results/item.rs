//! Entries as the server lists them, and what they say in words.
//!
//! Owns: reading an entry and naming its parts. Must not own: markup, or which parts stand where.
//! Invariant: what has no name in this event, an old tag or a team that is gone, shows its id.

use std::collections::BTreeMap;
use std::sync::Arc;

use kiosk_wire::event::{Choice, Event, Language, Text};
use kiosk_wire::feedback::{Consent, EndedBy, Entry, Kind, Origin, Thumb};
use kiosk_wire::receipt::receipt;
use serde_json::Value;

use crate::console::words::ConsoleMessages;

/// An entry and how it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub entry: Entry,
    pub device_id: String,
    /// By the server's clock, RFC 3339.
    pub received_at: String,
}

impl Item {
    /// Reads one line of the list; `None` for a shape this build does not know.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let mut fields = value.as_object()?.clone();
        let mut take = |key| match fields.remove(key)? {
            Value::String(text) => Some(text),
            _ => None,
        };
        let (device_id, received_at) = (take("device_id")?, take("received_at")?);
        Some(Self {
            entry: serde_json::from_value(Value::Object(fields)).ok()?,
            device_id,
            received_at,
        })
    }

    /// The receipt the visitor was shown.
    #[must_use]
    pub fn receipt(&self) -> Option<String> {
        receipt(&self.entry.visit_id)
    }
}

/// Everything that gives names to ids.
#[derive(Clone)]
pub struct Names {
    pub words: &'static ConsoleMessages,
    pub language: Language,
    pub event: Arc<Event>,
    /// Names of tablets by id.
    pub devices: Arc<BTreeMap<String, String>>,
}

impl Names {
    #[must_use]
    pub fn team(&self, id: &str) -> String {
        let team = self.event.team(id);
        team.map_or_else(|| id.to_owned(), |team| self.text(&team.name))
    }

    /// A team's demo, by its own name.
    #[must_use]
    pub fn demo(&self, team: &str, id: &str) -> String {
        let demo = self.event.team(team).and_then(|team| team.demo(Some(id)));
        demo.map_or_else(|| id.to_owned(), |demo| self.text(&demo.name))
    }

    #[must_use]
    pub fn device(&self, id: &str) -> String {
        let short = || id.chars().take(8).collect();
        self.devices.get(id).cloned().unwrap_or_else(short)
    }

    /// The word the visitor saw for a rating.
    #[must_use]
    pub fn rating(&self, rating: u8) -> String {
        let place = usize::from(rating).checked_sub(1);
        let word = place.and_then(|place| self.event.survey.ratings.get(place));
        word.map_or_else(
            || rating.to_string(),
            |word| format!("{rating} · {}", self.text(word)),
        )
    }

    #[must_use]
    pub fn tags(&self, tags: &[String]) -> String {
        let named: Vec<String> = tags.iter().map(|tag| self.tag(tag)).collect();
        named.join(", ")
    }

    #[must_use]
    pub fn tag(&self, tag: &str) -> String {
        self.choice(&self.event.survey.tags, tag)
    }

    /// A question and what was chosen, both in words.
    #[must_use]
    pub fn answer(&self, question: &str, choice: &str) -> (String, String) {
        let found = self
            .event
            .survey
            .questions
            .iter()
            .find(|q| q.id == question);
        found.map_or_else(
            || (question.to_owned(), choice.to_owned()),
            |found| (self.text(&found.text), self.choice(&found.choices, choice)),
        )
    }

    #[must_use]
    pub fn kind(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Visit => self.words.results_kind_visit,
            Kind::Answer => self.words.results_kind_answer,
            Kind::FactError => self.words.results_kind_fact_error,
            Kind::Outcome => self.words.results_kind_outcome,
        }
    }

    #[must_use]
    pub fn consent(&self, consent: Consent) -> &'static str {
        match consent {
            Consent::Rating => self.words.results_consent_rating,
            Consent::Excerpt => self.words.results_consent_excerpt,
            Consent::Conversation => self.words.results_consent_conversation,
        }
    }

    #[must_use]
    pub fn thumb(&self, thumb: Thumb) -> &'static str {
        match thumb {
            Thumb::Up => self.words.results_thumb_up,
            Thumb::Down => self.words.results_thumb_down,
        }
    }

    #[must_use]
    pub fn category(&self, id: &str) -> String {
        let known = match id {
            "basic" => self.words.results_fact_basic,
            "science" => self.words.results_fact_science,
            "law" => self.words.results_fact_law,
            "statistics" => self.words.results_fact_statistics,
            other => other,
        };
        known.to_owned()
    }

    #[must_use]
    pub fn ended_by(&self, ended_by: EndedBy) -> &'static str {
        match ended_by {
            EndedBy::Submit => self.words.results_ended_submit,
            EndedBy::Skip => self.words.results_ended_skip,
            EndedBy::StartOver => self.words.results_ended_start_over,
            EndedBy::Idle => self.words.results_ended_idle,
            EndedBy::Staff => self.words.results_ended_staff,
        }
    }

    #[must_use]
    pub fn origin(&self, origin: Origin) -> &'static str {
        match origin {
            Origin::Visitor => self.words.results_origin_visitor,
            Origin::Assisted => self.words.results_origin_assisted,
            Origin::Staff => self.words.results_origin_staff,
            Origin::Rehearsal => self.words.results_origin_rehearsal,
        }
    }

    #[must_use]
    pub fn language_of(&self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.words.results_language_ko,
            Language::En => self.words.results_language_en,
        }
    }

    /// What the entry comes down to: its rating, thumb, category or end.
    #[must_use]
    pub fn verdict(&self, entry: &Entry) -> String {
        match entry.kind {
            Kind::Visit => entry.rating.map(|rating| self.rating(rating)),
            Kind::Answer => entry.thumb.map(|thumb| self.thumb(thumb).to_owned()),
            Kind::FactError => entry.answers.get("category").map(|id| self.category(id)),
            Kind::Outcome => {
                let outcome = entry.outcome.as_ref();
                outcome.map(|outcome| self.ended_by(outcome.ended_by).to_owned())
            }
        }
        .unwrap_or_default()
    }

    fn choice(&self, choices: &[Choice], id: &str) -> String {
        let found = choices.iter().find(|choice| choice.id == id);
        found.map_or_else(|| id.to_owned(), |choice| self.text(&choice.text))
    }

    fn text(&self, text: &Text) -> String {
        text.get(self.language).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value() -> Value {
        json!({
            "id": "0193f0c2-0000-7000-8000-000000000001", "seq": 1,
            "visit_id": "00000000-0000-4000-8000-000000000021", "kind": "visit",
            "created_at": "2025-12-30T14:31:05.120+09:00", "language": "ko", "rating": 4,
            "device_id": "d", "received_at": "2025-12-30T05:31:06Z"
        })
    }

    #[test]
    fn an_entry_is_read_with_how_it_arrived() {
        let item = Item::read(&value()).unwrap();
        assert_eq!((&*item.device_id, item.entry.rating), ("d", Some(4)));
        assert_eq!(item.receipt().as_deref(), Some("00000-00011"));
    }

    #[test]
    fn an_unknown_shape_is_told_rather_than_guessed() {
        let mut unknown = value();
        unknown["kind"] = json!("telepathy");
        assert_eq!(Item::read(&unknown), None);
        let mut lost = value();
        lost["received_at"] = Value::Null;
        assert_eq!(Item::read(&lost), None);
    }
}
