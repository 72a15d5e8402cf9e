//! The tablet's screens: the visitor's from attract to thanks, and those of staff.
//!
//! Owns: markup and which sentence stands where. Must not own: rules of the flow; those are in the
//! core. Invariant: one screen is in the document at a time, and all of a visit lives under
//! [`session_scope::SessionScope`].

pub mod access;
pub mod attract;
pub mod chat;
pub mod credits;
pub mod feedback;
pub mod frame;
pub mod hotspot;
pub mod idle;
mod later;
pub mod locked;
pub mod parts;
pub mod session_scope;
pub mod setup;
pub mod staff;
pub mod staff_message;
pub mod status;
pub mod team;
pub mod teams;
pub mod thanks;

use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::{Event, Language, Team, Text};
use leptos::prelude::*;
use std::sync::Arc;

use crate::dom::Element;
use crate::i18n::{FirstMessages, Messages};
use crate::stores::settings::SettingsStore;
use crate::stores::visit::VisitStore;

/// Chooses a sentence of a language.
type Words = fn(&Messages) -> &'static str;
/// The same of what the first screen and the frame say.
type FirstWords = fn(&FirstMessages) -> &'static str;

/// The event, for everything below the scope.
#[derive(Clone, Copy)]
struct EventHandle(StoredValue<Arc<Event>>);

impl EventHandle {
    fn get(self) -> Arc<Event> {
        self.0.get_value()
    }

    fn team(self, id: &str) -> Option<Team> {
        self.0.with_value(|event| event.team(id).cloned())
    }
}

fn event() -> EventHandle {
    expect_context()
}

fn settings() -> SettingsStore {
    expect_context()
}

fn visit() -> VisitStore {
    expect_context()
}

/// What elements of a visitor's screen say and do.
trait Worded {
    /// A sentence in the chosen language.
    fn words(self, choose: Words) -> Self;
    /// A sentence of the first screen or the frame.
    fn first_words(self, choose: FirstWords) -> Self;
    /// An attribute that is one.
    fn first_words_attr(self, name: &'static str, choose: FirstWords) -> Self;
    /// An attribute that is a sentence: `aria-label`, `placeholder`.
    fn words_attr(self, name: &'static str, choose: Words) -> Self;
    /// A text of the event in the chosen language.
    fn localized(self, text: &Text) -> Self;
    /// An attribute that is one.
    fn localized_attr(self, name: &'static str, text: &Text) -> Self;
    /// A tap causes an event of the visit.
    fn causes(self, event: VisitEvent) -> Self;
}

impl Worded for Element {
    fn words(self, choose: Words) -> Self {
        let settings = settings();
        self.say(move || choose(settings.words()))
    }

    fn first_words(self, choose: FirstWords) -> Self {
        let settings = settings();
        self.say(move || choose(settings.first_words()))
    }

    fn first_words_attr(self, name: &'static str, choose: FirstWords) -> Self {
        let settings = settings();
        self.attr_live(name, move || {
            Some(choose(settings.first_words()).to_owned())
        })
    }

    fn words_attr(self, name: &'static str, choose: Words) -> Self {
        let settings = settings();
        self.attr_live(name, move || Some(choose(settings.words()).to_owned()))
    }

    fn localized(self, text: &Text) -> Self {
        let (settings, text) = (settings(), text.clone());
        self.say(move || text.get(settings.language()).to_owned())
    }

    fn localized_attr(self, name: &'static str, text: &Text) -> Self {
        let (settings, text) = (settings(), text.clone());
        self.attr_live(name, move || Some(text.get(settings.language()).to_owned()))
    }

    fn causes(self, event: VisitEvent) -> Self {
        let visit = visit();
        self.tap(move || visit.apply(event.clone()))
    }
}

/// The names of sources, in the reader's language.
fn source_names(event: &Event, ids: &[String], language: Language) -> String {
    let names: Vec<&str> = event
        .sources
        .iter()
        .filter(|source| ids.contains(&source.id))
        .map(|source| source.title.get(language))
        .collect();
    names.join(", ")
}
