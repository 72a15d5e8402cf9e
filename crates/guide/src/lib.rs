//! The built-in guide: answers questions about the event from the event's own content, Korean first.
//!
//! Owns: how a question is read, which facts answer it, and the guide's own sentences.
//! Must not own: any fact. What it says about a team or the event is quoted from the content, with
//! its source; what the content does not hold, the guide does not know.
//! Invariant: the same event, team, language and question always give the same answer, and an
//! answer is never empty.
#![warn(missing_docs)]

mod evidence;
mod index;
mod intent;
mod lexicon;
mod pieces;
mod question;
mod spelling;
mod stem;
mod team_name;
mod topic;
mod wording;

use kiosk_wire::event::{Event, Language};

use evidence::{Evidence, Scope};
use index::Index;
use intent::Intent;
pub use pieces::pieces;
use question::Question;
use team_name::TeamNames;
use topic::Topics;

/// What the guide says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whole sentences in paragraphs; where facts are quoted, the last line names their sources.
    pub text: String,
    /// Whether the question was answered; false when the guide says that it does not know.
    pub known: bool,
    /// The titles of the quoted facts' sources, each once, in the language of the answer.
    pub sources: Vec<String>,
}

/// The guide of one event. Built once, read by many.
#[derive(Debug)]
pub struct Guide {
    index: Index,
    topics: Topics,
    names: TeamNames,
}

impl Guide {
    /// Reads the event and builds the index.
    #[must_use]
    pub fn new(event: &Event) -> Self {
        Self {
            index: Index::new(event),
            topics: Topics::new(&event.topics),
            names: TeamNames::new(&event.teams),
        }
    }

    /// Answers a question asked at this team's booth, in this language whatever the question's is.
    /// An unknown `team` is answered from the facts of the event alone.
    #[must_use]
    pub fn answer(
        &self,
        team: &str,
        demo: Option<&str>,
        language: Language,
        question: &str,
    ) -> Answer {
        let asked = self.index.team(team);
        let question = Question::read(question);
        let hits = self.topics.hits(&question);
        match intent::of(&question, &hits) {
            Some(Intent::Greeting) => return said(wording::greeting(language)),
            Some(Intent::Thanks) => return said(wording::thanks(language)),
            Some(Intent::Identity) => return said(wording::identity(language)),
            None => {}
        }
        let named = self.names.named(&question);
        let evidence = Evidence::weigh(&question, &hits, &named, &self.index);
        let scope = evidence.scope(asked, &named.teams, &self.index);
        let chosen = evidence.choose(&scope, &self.index);
        if chosen.is_empty() {
            return self.unknown(asked, language);
        }
        self.quote(&chosen, &scope, demo, language)
    }

    fn quote(
        &self,
        chosen: &[usize],
        scope: &Scope,
        demo: Option<&str>,
        language: Language,
    ) -> Answer {
        let mut paragraphs = Vec::new();
        let mut sources: Vec<String> = Vec::new();
        let about_other = chosen
            .iter()
            .any(|&id| self.index.document(id).team.is_some());
        if let (Some(asked), true, true) = (scope.asked, scope.elsewhere, about_other) {
            let others: Vec<&str> = scope
                .teams
                .iter()
                .map(|&team| self.index.team_name(team, language))
                .collect();
            paragraphs.push(wording::other_team(
                language,
                self.index.team_name(asked, language),
                &others.join(", "),
            ));
        }
        for &id in chosen {
            let document = self.index.document(id);
            paragraphs.push(document.told(demo, language));
            for title in document.source_titles(language) {
                if !sources.contains(title) {
                    sources.push(title.clone());
                }
            }
        }
        paragraphs.push(wording::sources(language, &sources));
        Answer {
            text: paragraphs.join("\n\n"),
            known: true,
            sources,
        }
    }

    fn unknown(&self, asked: Option<usize>, language: Language) -> Answer {
        let offered = self.topics.names(&self.index.offered(asked), language);
        let team = asked.map(|team| self.index.team_name(team, language));
        Answer {
            text: wording::unknown(language, team, &offered),
            known: false,
            sources: Vec::new(),
        }
    }
}

/// An answer of the guide about itself.
fn said(text: &str) -> Answer {
    Answer {
        text: text.to_owned(),
        known: true,
        sources: Vec::new(),
    }
}
