//! All that belongs to one visit, under one owner: when the session changes, it is dropped whole.
//!
//! Screens of staff stand before the visit's and leave it as it is: closing them comes back to it.

use std::sync::Arc;
use std::time::Duration;

use kiosk_core::light::hue;
use kiosk_core::visit::Screen;
use kiosk_wire::event::Event;
use leptos::prelude::*;

use super::EventHandle;
use super::attract::attract_screen;
use super::hotspot::listen_for_keys;
use super::idle::idle_dialog;
use super::later::{Part, fetch_the_rest, screen_of, staff_screen};
use super::staff_message::staff_message;
use crate::dom::{Element, el};
use crate::stores::chat::ChatStore;
use crate::stores::device::{DeviceStore, Place};
use crate::stores::form::FormStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::Ports;
use crate::stores::session::{SessionKey, SessionStore};
use crate::stores::settings::SettingsStore;
use crate::stores::staff::{Mode, StaffStore};
use crate::stores::visit::{VisitParts, VisitStore};
use crate::tasks::{effect, spawn_local_scoped_with_cancellation};

/// How often the idle clock is held while staff are at the tablet.
const HOLD: Duration = Duration::from_secs(1);

/// A fresh visit for every session.
pub fn sessions(event: Arc<Event>) -> Element {
    let session = expect_context::<SessionStore>();
    let event = EventHandle(StoredValue::new(event));
    provide_context(event);
    el("div")
        .class("sessions")
        .live(move || [session_scope(session.current())])
}

fn session_scope(key: SessionKey) -> Element {
    let set = expect_context::<Ports>();
    let settings = SettingsStore::new(set);
    let parts = VisitParts {
        ports: set,
        session: expect_context::<SessionStore>(),
        device: expect_context::<DeviceStore>(),
        outbox: expect_context::<OutboxStore>(),
        settings,
        chat: ChatStore::new(set, settings),
        form: FormStore::default(),
    };
    let visit = VisitStore::new(key.start, &super::event().get(), parts);
    provide_context(settings);
    provide_context(parts.chat);
    provide_context(parts.form);
    provide_context(visit);
    let staff = expect_context::<StaffStore>();
    let shown = Memo::new(move |_| match staff.mode() {
        Mode::Visitor => Shown::Visit(visit.screen()),
        mode => Shown::Staff(mode),
    });
    reach_outside(&parts, shown);
    let is_theirs = move || matches!(staff.mode(), Mode::Code | Mode::Panel);
    hold_for_staff(set, is_theirs, move || visit.hold());
    listen_for_keys();
    fetch_the_rest();
    let touch = move || match shown.get_untracked() {
        Shown::Visit(_) => visit.touch(),
        Shown::Staff(_) => staff.touch(),
    };
    // Soft keyboards report neither touches nor keys, so text that changes counts as well.
    let view = ["pointerdown", "input", "wheel", "touchmove"]
        .into_iter()
        .fold(el("div").class("visit"), |view, name| {
            view.on(name, move |_| touch())
        });
    view.on_key(move |event| {
        // Keys of the system and of staff are no sign of a visitor.
        if !event.alt_key() && !event.meta_key() {
            touch();
        }
    })
    .live(move || {
        let shown = shown.get();
        untrack(|| shown.view())
    })
    .when(
        move || matches!(shown.get(), Shown::Visit(_)),
        || el("div").class("over").with(idle_dialog),
    )
    .with(staff_message)
}

/// Keeps what lies around the app in step: the team's light, the fleet's view, the focus.
fn reach_outside(parts: &VisitParts, shown: Memo<Shown>) {
    let (visit, device) = (super::visit(), parts.device);
    let (page, event) = (parts.ports.get().page.clone(), super::event());
    let page = StoredValue::new_local(page);
    // Staff's screens carry no team's light.
    let accent = Memo::new(move |_| {
        let team = visit.accent_team();
        team.filter(|_| matches!(shown.get(), Shown::Visit(_)))
    });
    effect(move || {
        let page = page.get_value();
        match accent.get() {
            Some(team) => page.set_team(Some((&team, hue(&event.get(), &team)))),
            None => page.set_team(None),
        }
    });
    effect(move || {
        device.set_place(Place {
            screen: Some(shown.get().name()),
            team: visit.team(),
        });
    });
    effect(move || {
        shown.track();
        page.get_value().show_screen();
    });
}

/// What fills the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Staff(Mode),
    Visit(Screen),
}

impl Shown {
    /// The value of `data-screen`.
    fn name(self) -> &'static str {
        match self {
            Self::Staff(mode) => mode.screen().unwrap_or_default(),
            Self::Visit(screen) => screen.name(),
        }
    }

    fn view(self) -> Option<Element> {
        Some(match self {
            Self::Staff(Mode::Visitor) => return None,
            Self::Staff(Mode::Locked) => screen_of(Part::Locked),
            Self::Staff(mode) => staff_screen(mode),
            Self::Visit(Screen::Attract) => attract_screen(),
            Self::Visit(screen) => screen_of(Part::Screen(screen)),
        })
    }
}

/// The visitor's idle time stands still while staff ask for the panel or use it.
fn hold_for_staff(ports: Ports, is_theirs: impl Fn() -> bool + 'static, hold: impl Fn() + 'static) {
    spawn_local_scoped_with_cancellation(async move {
        loop {
            ports.get().timer.sleep(HOLD).await;
            if untrack(&is_theirs) {
                hold();
            }
        }
    });
}
