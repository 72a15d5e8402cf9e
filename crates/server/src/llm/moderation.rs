//! What is neither asked nor answered: the event's own rules, and a service that judges beside them.
//!
//! Owns: which words are looked at by whom, and what is said instead of them.
//! Must not own: the rules' words, which are content, or the guide's, which are the organiser's.
//! Invariant: of an answer that breaks a rule nothing is told from where the phrase begins; where the
//! service does not tell, the rules alone decide.

mod phrase;
mod review;
mod service;
mod watch;

use std::sync::Arc;

use kiosk_content::{Content, Rule};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::{Language, Text};

use self::phrase::Phrases;
pub(super) use self::review::Review;
use self::service::Service;
pub(super) use self::service::Verdict;
use self::watch::{Hit, Watch};
use super::failure::Failure;
use super::metrics::Judged;
use super::news::News;
use super::request::Question;
use super::setup::SetupError;
use super::upstream::Upstream;
use crate::config::Config;

/// Everything that looks at words.
pub(super) struct Moderation {
    questions: Arc<Phrases>,
    answers: Arc<Phrases>,
    /// What each rule says, in the rules' order; `None` is our own sentence.
    says: Arc<[Option<Text>]>,
    service: Option<Arc<Service>>,
}

impl Moderation {
    /// Sets up the rules and, where one is configured, the service. Nothing is asked yet.
    pub(super) fn new(
        content: &Content,
        config: &Config,
        upstream: &Upstream,
        judged: Arc<Judged>,
    ) -> Result<Self, SetupError> {
        let rules = &content.rules;
        Ok(Self {
            questions: Arc::new(Phrases::new(rules, |rule: &Rule| rule.in_questions)),
            answers: Arc::new(Phrases::new(rules, |rule: &Rule| rule.in_answers)),
            says: rules.iter().map(|rule| rule.say.clone()).collect(),
            service: Service::new(config, upstream, judged)?.map(Arc::new),
        })
    }

    /// Looks at a question by the rules. Only its last words: what stands before them was looked at when
    /// it was asked, and a visitor who was refused once must be able to go on.
    pub(super) fn check(&self, question: &Question) -> Result<(), Failure> {
        let mut watch = Watch::new(Arc::clone(&self.questions));
        let looked = watch.push(question.last_text());
        match looked.and_then(|_| watch.finish()) {
            Ok(_) => Ok(()),
            Err(hit) => Err(blocked(&self.says, hit.rule, question.language)),
        }
    }

    /// Has the service judge a question's last words; whoever waits for the verdict has it asked.
    pub(super) fn judge(&self, question: &Question) -> Verdict {
        let text = question.last_text().trim();
        let service = self.service.as_ref().filter(|_| !text.is_empty());
        Verdict::new(service.map(|service| Arc::clone(service).flags(text.to_owned())))
    }

    /// Looks at an answer by the rules.
    pub(super) fn guard(&self, language: Language) -> AnswerGuard {
        AnswerGuard {
            text: Watch::new(Arc::clone(&self.answers)),
            thinking: Watch::new(Arc::clone(&self.answers)),
            says: Arc::clone(&self.says),
            language,
            is_closed: false,
        }
    }

    /// Has the service judge what is told of an answer.
    pub(super) fn review(&self) -> Review {
        Review::new(self.service.clone())
    }
}

fn blocked(says: &[Option<Text>], rule: usize, language: Language) -> Failure {
    let failure = Failure::new(ChatErrorCode::Blocked, language);
    match says.get(rule) {
        Some(Some(say)) => failure.saying(say.get(language)),
        _ => failure,
    }
}

/// Looks at one answer, its text and its thinking each for itself.
pub(super) struct AnswerGuard {
    text: Watch,
    thinking: Watch,
    says: Arc<[Option<Text>]>,
    language: Language,
    is_closed: bool,
}

/// What may be told, and why nothing more may.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) told: Option<News>,
    pub(super) blocked: Option<Failure>,
}

impl AnswerGuard {
    /// More of the answer; other news pass.
    pub(super) fn look(&mut self, news: News) -> Looked {
        if self.is_closed {
            return Looked::default();
        }
        let (looked, kind): (_, fn(String) -> News) = match news {
            News::Text(text) => (self.text.push(&text), News::Text),
            News::Reasoning(text) => (self.thinking.push(&text), News::Reasoning),
            other => {
                return Looked {
                    told: Some(other),
                    blocked: None,
                };
            }
        };
        self.looked(looked, kind)
    }

    /// What was held back, once nothing more comes.
    pub(super) fn rest(&mut self) -> [Looked; 2] {
        if self.is_closed {
            return Default::default();
        }
        let thinking = self.thinking.finish();
        let thinking = self.looked(thinking, News::Reasoning);
        if self.is_closed {
            return [thinking, Looked::default()];
        }
        let text = self.text.finish();
        [thinking, self.looked(text, News::Text)]
    }

    /// Nothing more may be told, for a reason of somebody else's.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    fn looked(&mut self, looked: Result<String, Hit>, kind: fn(String) -> News) -> Looked {
        let (told, rule) = match looked {
            Ok(told) => (told, None),
            Err(Hit { before, rule }) => (before, Some(rule)),
        };
        self.is_closed |= rule.is_some();
        Looked {
            told: (!told.is_empty()).then(|| kind(told)),
            blocked: rule.map(|rule| blocked(&self.says, rule, self.language)),
        }
    }
}
