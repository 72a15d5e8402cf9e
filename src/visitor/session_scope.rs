//! All that belongs to one visit, under one owner: when the session changes, it is dropped whole.

use std::sync::Arc;

use kiosk_core::visit::Screen;
use kiosk_wire::event::Event;
use leptos::prelude::*;

use super::attract::AttractScreen;
use super::chat::ChatScreen;
use super::feedback::FeedbackScreen;
use super::idle::IdleDialog;
use super::team::TeamScreen;
use super::teams::TeamsScreen;
use super::thanks::ThanksScreen;
use super::{EventHandle, hue};
use crate::components::show::live;
use crate::stores::chat::ChatStore;
use crate::stores::device::{DeviceStore, Place};
use crate::stores::form::FormStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::Ports;
use crate::stores::session::{SessionKey, SessionStore};
use crate::stores::settings::SettingsStore;
use crate::stores::visit::{VisitParts, VisitStore};

/// Mounts a fresh visit for every session.
#[component]
pub fn Sessions(event: Arc<Event>) -> impl IntoView {
    let session = expect_context::<SessionStore>();
    let event = EventHandle(StoredValue::new(event));
    provide_context(event);
    live(move || {
        let key = session.current();
        view! { <SessionScope key /> }.into_any()
    })
}

#[component]
fn SessionScope(key: SessionKey) -> impl IntoView {
    let ports = expect_context::<Ports>();
    let settings = SettingsStore::new(ports);
    let parts = VisitParts {
        ports,
        session: expect_context::<SessionStore>(),
        device: expect_context::<DeviceStore>(),
        outbox: expect_context::<OutboxStore>(),
        settings,
        chat: ChatStore::new(ports, settings),
        form: FormStore::default(),
    };
    let event = super::event();
    let visit = VisitStore::new(key.start, &event.get(), parts);
    provide_context(settings);
    provide_context(parts.chat);
    provide_context(parts.form);
    provide_context(visit);
    let screen = Memo::new(move |_| visit.screen());
    let accent = Memo::new(move |_| visit.accent_team());
    Effect::new(move || {
        let page = ports.get().page.clone();
        match accent.get() {
            Some(team) => page.set_team(Some((&team, hue(&event.get(), &team)))),
            None => page.set_team(None),
        }
    });
    Effect::new(move || {
        parts.device.set_place(Place {
            screen: Some(screen.get().name()),
            team: visit.team(),
        });
        ports.get().page.show_top();
    });
    let touch = move || visit.touch();
    // Soft keyboards report neither touches nor keys, so text that changes counts as well.
    view! {
        <div
            class="visit"
            on:pointerdown=move |_| touch()
            on:keydown=move |_| touch()
            on:input=move |_| touch()
            on:wheel=move |_| touch()
            on:touchmove=move |_| touch()
        >
            {move || match screen.get() {
                Screen::Attract => view! { <AttractScreen /> }.into_any(),
                Screen::Teams => view! { <TeamsScreen /> }.into_any(),
                Screen::Team => view! { <TeamScreen /> }.into_any(),
                Screen::Chat => view! { <ChatScreen /> }.into_any(),
                Screen::Feedback => view! { <FeedbackScreen /> }.into_any(),
                Screen::Thanks => view! { <ThanksScreen /> }.into_any(),
            }}
            <IdleDialog />
        </div>
    }
}
