//! One file being checked: turns what is written into what is served, or into an error with its line.

use std::collections::BTreeSet;
use std::ops::Range;

use kiosk_wire::event::{Fact, Note, Text};
use serde::de::DeserializeOwned;
use toml::Spanned;

use crate::error::{ContentError, Problem};
use crate::shape::{FactShape, NoteShape, TextShape};

/// A file of the event folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File<'a> {
    /// Path inside the folder.
    pub(crate) name: &'a str,
    /// What is in it.
    pub(crate) content: &'a str,
}

/// The ids facts may refer to.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) sources: BTreeSet<String>,
    pub(crate) topics: BTreeSet<String>,
}

impl File<'_> {
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, ContentError> {
        toml::from_str(self.content).map_err(|error| {
            let span = error.span().unwrap_or_default();
            self.error(&span, Problem::Unreadable(reworded(error.message())))
        })
    }

    pub(crate) fn error(&self, span: &Range<usize>, problem: Problem) -> ContentError {
        let before = self.content.get(..span.start).unwrap_or(self.content);
        ContentError {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            problem,
        }
    }

    /// A text in both languages.
    pub(crate) fn text(&self, written: Spanned<TextShape>) -> Result<Text, ContentError> {
        let span = written.span();
        let TextShape { ko, en } = written.into_inner();
        self.pair(&span, ko, en)
    }

    /// A text in both languages whose halves stand among other keys; `span` says where it belongs.
    fn pair(
        &self,
        span: &Range<usize>,
        ko: Option<Spanned<String>>,
        en: Option<Spanned<String>>,
    ) -> Result<Text, ContentError> {
        Ok(Text {
            ko: self.half(span, ko, "ko")?,
            en: self.half(span, en, "en")?,
        })
    }

    fn half(
        &self,
        outer: &Range<usize>,
        written: Option<Spanned<String>>,
        language: &'static str,
    ) -> Result<String, ContentError> {
        let span = written
            .as_ref()
            .map_or_else(|| outer.clone(), Spanned::span);
        let text = written.map(Spanned::into_inner).unwrap_or_default();
        match text.trim() {
            "" => Err(self.error(&span, Problem::MissingTranslation(language))),
            text => Ok(text.to_owned()),
        }
    }

    /// A text without languages.
    pub(crate) fn filled(
        &self,
        key: &'static str,
        written: &Spanned<String>,
    ) -> Result<String, ContentError> {
        match written.as_ref().trim() {
            "" => Err(self.error(&written.span(), Problem::Empty(key))),
            text => Ok(text.to_owned()),
        }
    }

    pub(crate) fn id(&self, written: Spanned<String>) -> Result<String, ContentError> {
        let span = written.span();
        let id = written.into_inner();
        if !is_id(&id) {
            return Err(self.error(&span, Problem::BadId(id)));
        }
        Ok(id)
    }

    /// An id that nothing else of its kind has; it is added to `taken`.
    pub(crate) fn new_id(
        &self,
        kind: &'static str,
        written: Spanned<String>,
        taken: &mut BTreeSet<String>,
    ) -> Result<String, ContentError> {
        let span = written.span();
        let id = self.id(written)?;
        self.take(kind, &span, id, taken)
    }

    /// Like [`Self::new_id`] for what becomes a key or a value in collected feedback: `_` is allowed too.
    pub(crate) fn new_key(
        &self,
        kind: &'static str,
        written: Spanned<String>,
        taken: &mut BTreeSet<String>,
    ) -> Result<String, ContentError> {
        let span = written.span();
        let key = written.into_inner();
        if !is_id(&key.replace('_', "-")) {
            return Err(self.error(&span, Problem::BadKey(key)));
        }
        self.take(kind, &span, key, taken)
    }

    fn take(
        &self,
        kind: &'static str,
        span: &Range<usize>,
        id: String,
        taken: &mut BTreeSet<String>,
    ) -> Result<String, ContentError> {
        if !taken.insert(id.clone()) {
            return Err(self.error(span, Problem::DuplicateId { kind, id }));
        }
        Ok(id)
    }

    pub(crate) fn fact(&self, written: FactShape, known: &Known) -> Result<Fact, ContentError> {
        let span = written.topic.span();
        let topic = written.topic.into_inner();
        if !known.topics.contains(&topic) {
            return Err(self.error(&span, Problem::UnknownTopic(topic)));
        }
        Ok(Fact {
            topic,
            text: self.pair(&span, written.ko, written.en)?,
            sources: self.sources(&span, written.sources, known)?,
        })
    }

    pub(crate) fn note(
        &self,
        written: Spanned<NoteShape>,
        known: &Known,
    ) -> Result<Note, ContentError> {
        let span = written.span();
        let written = written.into_inner();
        Ok(Note {
            text: self.pair(&span, written.ko, written.en)?,
            sources: self.sources(&span, written.sources, known)?,
        })
    }

    fn sources(
        &self,
        outer: &Range<usize>,
        written: Vec<Spanned<String>>,
        known: &Known,
    ) -> Result<Vec<String>, ContentError> {
        if written.is_empty() {
            return Err(self.error(outer, Problem::NoSource));
        }
        written
            .into_iter()
            .map(|source| {
                let span = source.span();
                let id = source.into_inner();
                if known.sources.contains(&id) {
                    Ok(id)
                } else {
                    Err(self.error(&span, Problem::UnknownSource(id)))
                }
            })
            .collect()
    }
}

fn is_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.chars().all(allowed)
}

/// The reader's words for an editor of TOML, on one line.
fn reworded(message: &str) -> String {
    let line: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    line.join(", ")
        .replace("unknown field", "unknown key")
        .replace("missing field", "missing key")
}
