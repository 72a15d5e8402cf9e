//! The feedback form and the entries that a visit leaves behind.
//!
//! Owns: what may be submitted, what is released when a visit ends without submitting,
//! and the masking of personal data before anything is stored.
//! Must not own: storage or delivery; entries leave here with `seq` 0, the outbox numbers them.
//! Invariant: no text leaves without "14 or over", and none beyond the consent.

use std::collections::BTreeMap;

use kiosk_wire::event::Language;
use kiosk_wire::feedback::{
    Consent, EndedBy, Entry, Exchange, Kind, MAX_COMMENT_CHARS, MAX_TAGS, Origin, Outcome, Thumb,
};

use crate::chat::{ChatKey, Chats};

/// What the visitor has filled in so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// 1 to 5; without it nothing is submitted.
    pub rating: Option<u8>,
    /// Chosen tags, in the order chosen.
    pub tags: Vec<String>,
    /// Question id to choice id.
    pub answers: BTreeMap<String, String>,
    /// Free text.
    pub comment: String,
    /// How much of the conversation may be kept.
    pub consent: Consent,
    /// Whether the team may see it.
    pub share_with_team: bool,
    /// Whether it may be shown on the lobby wall.
    pub display_consent: bool,
    /// Whether the visitor says to be 14 or older.
    pub age_14_or_over: bool,
}

/// Why the form stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormGap {
    /// No face is chosen.
    #[error("no rating is chosen")]
    Rating,
    /// There is text, but not the word that the visitor is 14 or older.
    #[error("text needs the visitor to be 14 or older")]
    Age,
}

/// What is known about a visit beside the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitFacts {
    /// `UUIDv4` of the visit.
    pub visit_id: String,
    /// The language the visitor reads.
    pub language: Language,
    /// Hash of the form that was shown.
    pub survey_version: String,
    /// Build id of the app.
    pub app_build: String,
    /// How long the visit has been, in seconds.
    pub secs: u64,
}

/// What every new entry needs from the tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// `UUIDv7`.
    pub id: String,
    /// RFC 3339 with offset.
    pub created_at: String,
}

impl Form {
    /// Picks a tag, or puts it back.
    pub fn toggle_tag(&mut self, tag: &str) {
        if let Some(at) = self.tags.iter().position(|chosen| chosen == tag) {
            self.tags.remove(at);
        } else if self.tags.len() < MAX_TAGS {
            self.tags.push(tag.to_owned());
        }
    }

    /// Answers a question, or takes the answer back.
    pub fn toggle_answer(&mut self, question: &str, choice: &str) {
        if self
            .answers
            .get(question)
            .is_some_and(|chosen| chosen == choice)
        {
            self.answers.remove(question);
        } else {
            self.answers.insert(question.to_owned(), choice.to_owned());
        }
    }

    /// The entry for the whole form, or what is missing.
    pub fn submit(
        &self,
        chats: &Chats,
        facts: &VisitFacts,
        stamp: Stamp,
    ) -> Result<Entry, FormGap> {
        let rating = self.rating.ok_or(FormGap::Rating)?;
        let comment = mask(self.comment.trim());
        let exchange = if self.consent == Consent::Excerpt {
            chats.excerpt()
        } else {
            None
        };
        let (conversation, truncated) = match self.consent {
            Consent::Conversation => chats.conversation(),
            Consent::Rating | Consent::Excerpt => (Vec::new(), false),
        };
        let has_text = !comment.is_empty() || exchange.is_some() || !conversation.is_empty();
        if has_text && !self.age_14_or_over {
            return Err(FormGap::Age);
        }
        let mut entry = blank(Kind::Visit, chats, facts, stamp);
        entry.rating = Some(rating);
        entry.tags.clone_from(&self.tags);
        entry.answers.clone_from(&self.answers);
        entry.comment =
            (!comment.is_empty()).then(|| comment.chars().take(MAX_COMMENT_CHARS).collect());
        entry.consent = self.consent;
        entry.share_with_team = self.share_with_team;
        entry.display_consent = self.display_consent;
        entry.age_14_or_over = self.age_14_or_over;
        entry.exchange = exchange.map(masked);
        let mut conversation = conversation;
        for turn in &mut conversation {
            turn.text = mask(&turn.text);
        }
        entry.conversation = (self.consent == Consent::Conversation).then_some(conversation);
        entry.truncated = truncated;
        Ok(entry)
    }

    /// The tapped rating alone, for a visit that ends without submitting: no text, no consent.
    #[must_use]
    pub fn release(&self, chats: &Chats, facts: &VisitFacts, stamp: Stamp) -> Option<Entry> {
        let rating = self.rating?;
        let mut entry = blank(Kind::Visit, chats, facts, stamp);
        entry.rating = Some(rating);
        Some(entry)
    }
}

/// A thumb on one answer.
#[must_use]
pub fn thumb_entry(
    chats: &Chats,
    key: &ChatKey,
    number: u32,
    thumb: Thumb,
    facts: &VisitFacts,
    stamp: Stamp,
) -> Entry {
    let mut entry = blank(Kind::Answer, chats, facts, stamp);
    entry.team = Some(key.team.clone());
    entry.demo = Some(key.demo.clone());
    entry.thumb = Some(thumb);
    entry.served = chats.served_one(key, number);
    entry
}

/// What a visitor says is wrong about an answer; the name is its `answers.category`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactCategory {
    /// General knowledge.
    Basic,
    /// Science and technology.
    Science,
    /// Law.
    Law,
    /// Numbers.
    Statistics,
}

impl FactCategory {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Science, Self::Law, Self::Statistics];

    /// The value of `answers.category`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Science => "science",
            Self::Law => "law",
            Self::Statistics => "statistics",
        }
    }
}

/// A report about one answer. What was chosen in its dialog: it goes only with all three.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FactReport {
    /// What is wrong.
    pub category: Option<FactCategory>,
    /// Whether question and answer may be sent along.
    pub may_send: bool,
    /// Whether the visitor says to be 14 or older.
    pub age_14_or_over: bool,
}

/// What a report still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReportGap {
    /// No category is chosen.
    #[error("no category is chosen")]
    Category,
    /// The visitor has not agreed to send question and answer.
    #[error("a report needs the consent to send question and answer")]
    Consent,
    /// The visitor has not said to be 14 or older.
    #[error("text needs the visitor to be 14 or older")]
    Age,
    /// There is no answer under this number.
    #[error("there is no such answer")]
    Answer,
}

impl FactReport {
    /// The entry, or the first thing that is missing.
    pub fn entry(
        self,
        chats: &Chats,
        key: &ChatKey,
        number: u32,
        facts: &VisitFacts,
        stamp: Stamp,
    ) -> Result<Entry, ReportGap> {
        let category = self.category.ok_or(ReportGap::Category)?;
        if !self.may_send {
            return Err(ReportGap::Consent);
        }
        if !self.age_14_or_over {
            return Err(ReportGap::Age);
        }
        let exchange = chats.answered(key, number).ok_or(ReportGap::Answer)?;
        let mut entry = blank(Kind::FactError, chats, facts, stamp);
        entry.team = Some(key.team.clone());
        entry.demo = Some(key.demo.clone());
        entry
            .answers
            .insert("category".to_owned(), category.name().to_owned());
        entry.consent = Consent::Excerpt;
        entry.age_14_or_over = true;
        entry.served = chats.served_one(key, number);
        entry.exchange = Some(masked(exchange));
        Ok(entry)
    }
}

/// How the visit ended; one per visit, without any text.
#[must_use]
pub fn outcome_entry(ended_by: EndedBy, chats: &Chats, facts: &VisitFacts, stamp: Stamp) -> Entry {
    let mut entry = blank(Kind::Outcome, chats, facts, stamp);
    entry.outcome = Some(Outcome {
        ended_by,
        turns: chats.turns(),
        teams: chats.teams(),
        secs: facts.secs,
    });
    entry
}

fn blank(kind: Kind, chats: &Chats, facts: &VisitFacts, stamp: Stamp) -> Entry {
    let last = chats.last_key();
    Entry {
        id: stamp.id,
        seq: 0,
        visit_id: facts.visit_id.clone(),
        team: last.map(|key| key.team.clone()),
        demo: last.map(|key| key.demo.clone()),
        kind,
        created_at: stamp.created_at,
        language: facts.language,
        rating: None,
        thumb: None,
        tags: Vec::new(),
        comment: None,
        answers: BTreeMap::new(),
        consent: Consent::Rating,
        share_with_team: false,
        display_consent: false,
        age_14_or_over: false,
        served: chats.served(),
        exchange: None,
        conversation: None,
        truncated: false,
        outcome: None,
        origin: Origin::Visitor,
        survey_version: Some(facts.survey_version.clone()),
        app_build: Some(facts.app_build.clone()),
    }
}

fn masked(mut exchange: Exchange) -> Exchange {
    exchange.prompt = mask(&exchange.prompt);
    exchange.answer = mask(&exchange.answer);
    exchange
}

fn mask(text: &str) -> String {
    kiosk_privacy::mask(text).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::chat::stream::StreamEvent;

    use super::*;

    fn chats() -> Chats {
        let key = ChatKey {
            team: "skt".to_owned(),
            demo: "chat".to_owned(),
        };
        let mut chats = Chats::default();
        chats
            .ask(&key, "제 번호는 010-1234-5678이에요", "r".to_owned(), 0)
            .unwrap();
        chats.apply(&key, "r", StreamEvent::Text("네".to_owned()), 0);
        chats.apply(&key, "r", StreamEvent::Done, 0);
        chats
    }

    fn facts() -> VisitFacts {
        VisitFacts {
            visit_id: "00000000-0000-4000-8000-000000000000".to_owned(),
            language: Language::Ko,
            survey_version: "v".to_owned(),
            app_build: "b".to_owned(),
            secs: 12,
        }
    }

    fn stamp() -> Stamp {
        Stamp {
            id: "id".to_owned(),
            created_at: "2025-12-30T14:31:05+09:00".to_owned(),
        }
    }

    fn form() -> Form {
        Form {
            rating: Some(4),
            ..Form::default()
        }
    }

    #[test]
    fn one_tap_is_enough() {
        let entry = form().submit(&chats(), &facts(), stamp()).unwrap();
        assert_eq!(entry.rating, Some(4));
        assert_eq!(entry.team.as_deref(), Some("skt"));
        assert_eq!(
            (entry.comment, entry.exchange, entry.conversation),
            (None, None, None)
        );
        assert_eq!(
            Form::default().submit(&chats(), &facts(), stamp()),
            Err(FormGap::Rating)
        );
    }

    #[test]
    fn text_needs_the_age() {
        for with_text in [
            Form {
                comment: "좋아요".to_owned(),
                ..form()
            },
            Form {
                consent: Consent::Excerpt,
                ..form()
            },
            Form {
                consent: Consent::Conversation,
                ..form()
            },
        ] {
            assert_eq!(
                with_text.submit(&chats(), &facts(), stamp()),
                Err(FormGap::Age)
            );
            let of_age = Form {
                age_14_or_over: true,
                ..with_text
            };
            assert!(of_age.submit(&chats(), &facts(), stamp()).is_ok());
        }
    }

    #[test]
    fn consent_decides_what_goes_along_and_it_is_masked() {
        let excerpt = Form {
            consent: Consent::Excerpt,
            age_14_or_over: true,
            ..form()
        };
        let entry = excerpt.submit(&chats(), &facts(), stamp()).unwrap();
        assert!(entry.conversation.is_none());
        assert!(!entry.exchange.unwrap().prompt.contains("5678"));
        let whole = Form {
            consent: Consent::Conversation,
            age_14_or_over: true,
            ..form()
        };
        let entry = whole.submit(&chats(), &facts(), stamp()).unwrap();
        assert!(entry.exchange.is_none());
        assert!(!entry.conversation.unwrap()[0].text.contains("5678"));
    }

    #[test]
    fn an_abandoned_form_releases_its_rating_and_no_text() {
        let filled = Form {
            comment: "비밀".to_owned(),
            tags: vec!["fast".to_owned()],
            consent: Consent::Conversation,
            age_14_or_over: true,
            ..form()
        };
        let entry = filled.release(&chats(), &facts(), stamp()).unwrap();
        assert_eq!(entry.rating, Some(4));
        assert_eq!(entry.consent, Consent::Rating);
        assert!(entry.tags.is_empty() && entry.comment.is_none() && entry.conversation.is_none());
        assert_eq!(Form::default().release(&chats(), &facts(), stamp()), None);
    }

    #[test]
    fn tags_and_answers_can_be_put_back() {
        let mut form = form();
        form.toggle_tag("fast");
        form.toggle_tag("fast");
        assert!(form.tags.is_empty());
        form.toggle_answer("use", "work");
        form.toggle_answer("use", "study");
        assert_eq!(form.answers["use"], "study");
        form.toggle_answer("use", "study");
        assert!(form.answers.is_empty());
    }

    #[test]
    fn outcomes_and_thumbs_carry_no_text() {
        let chats = chats();
        let outcome = outcome_entry(EndedBy::Idle, &chats, &facts(), stamp());
        assert_eq!(outcome.outcome.unwrap().turns, 1);
        let key = chats.last_key().unwrap();
        let thumb = thumb_entry(&chats, key, 1, Thumb::Down, &facts(), stamp());
        assert_eq!(thumb.thumb, Some(Thumb::Down));
        assert!(thumb.rating.is_none() && thumb.exchange.is_none());
    }

    #[test]
    fn a_report_goes_only_with_category_consent_and_age() {
        let (chats, facts) = (chats(), facts());
        let key = chats.last_key().unwrap().clone();
        let whole = FactReport {
            category: Some(FactCategory::Law),
            may_send: true,
            age_14_or_over: true,
        };
        let gap = |report: FactReport, number| {
            report
                .entry(&chats, &key, number, &facts, stamp())
                .unwrap_err()
        };
        let without_category = FactReport {
            category: None,
            ..whole
        };
        assert_eq!(gap(without_category, 1), ReportGap::Category);
        let without_consent = FactReport {
            may_send: false,
            ..whole
        };
        assert_eq!(gap(without_consent, 1), ReportGap::Consent);
        let without_age = FactReport {
            age_14_or_over: false,
            ..whole
        };
        assert_eq!(gap(without_age, 1), ReportGap::Age);
        assert_eq!(gap(whole, 7), ReportGap::Answer);
        let entry = whole.entry(&chats, &key, 1, &facts, stamp()).unwrap();
        assert_eq!(entry.kind, Kind::FactError);
        assert_eq!(entry.consent, Consent::Excerpt);
        assert_eq!(entry.answers["category"], "law");
        assert_eq!(entry.rating, None);
        let exchange = entry.exchange.unwrap();
        assert_eq!(exchange.answer, "네");
        assert!(!exchange.prompt.contains("1234"), "{}", exchange.prompt);
    }
}
