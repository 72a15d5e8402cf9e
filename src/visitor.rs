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
pub mod locked;
pub mod session_scope;
pub mod setup;
pub mod staff;
pub mod staff_message;
pub mod status;
pub mod team;
pub mod teams;
pub mod thanks;

use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::{Event, Team, Text};
use leptos::{ev::MouseEvent, prelude::*};
use std::sync::Arc;

use crate::components::tap::tap;
use crate::i18n::Messages;
use crate::stores::settings::SettingsStore;
use crate::stores::visit::VisitStore;

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

/// A sentence in the chosen language, for places that take a signal.
fn sentence(choose: fn(&Messages) -> &'static str) -> Signal<&'static str> {
    let settings = settings();
    Signal::derive(move || choose(settings.words()))
}

/// What a button does that causes an event of the visit.
fn causes(event: VisitEvent) -> Box<dyn FnMut(MouseEvent)> {
    let visit = expect_context::<VisitStore>();
    tap(move || visit.apply(event.clone()))
}

/// A text of the event in the chosen language.
fn localized(text: Text) -> Signal<String> {
    let settings = settings();
    Signal::derive(move || text.get(settings.language()).to_owned())
}

/// The names of sources, in the reader's language.
fn source_names(event: &Event, ids: &[String], language: kiosk_wire::event::Language) -> String {
    let names: Vec<&str> = event
        .sources
        .iter()
        .filter(|source| ids.contains(&source.id))
        .map(|source| source.title.get(language))
        .collect();
    names.join(", ")
}
