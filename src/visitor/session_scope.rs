//! All that belongs to one visit, under one owner: when the session changes, it is dropped whole.
//!
//! Screens of staff stand before the visit's and leave it as it is: closing them comes back to it.

use std::sync::Arc;
use std::time::Duration;

use kiosk_core::light::hue;
use kiosk_core::visit::Screen;
use kiosk_wire::event::Event;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::EventHandle;
use super::attract::AttractScreen;
use super::chat::ChatScreen;
use super::feedback::FeedbackScreen;
use super::hotspot::listen_for_keys;
use super::idle::IdleDialog;
use super::locked::LockedScreen;
use super::setup::SetupScreen;
use super::staff::code::CodeScreen;
use super::staff::panel::PanelScreen;
use super::staff_message::StaffMessage;
use super::team::TeamScreen;
use super::teams::TeamsScreen;
use super::thanks::ThanksScreen;
use crate::components::show::{Show, live};
use crate::stores::chat::ChatStore;
use crate::stores::device::{DeviceStore, Place};
use crate::stores::form::FormStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::Ports;
use crate::stores::session::{SessionKey, SessionStore};
use crate::stores::settings::SettingsStore;
use crate::stores::staff::{Mode, StaffStore};
use crate::stores::visit::{VisitParts, VisitStore};

/// How often the idle clock is held while staff are at the tablet.
const HOLD: Duration = Duration::from_secs(1);

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
    let staff = expect_context::<StaffStore>();
    let shown = Memo::new(move |_| match staff.mode() {
        Mode::Visitor => Shown::Visit(visit.screen()),
        mode => Shown::Staff(mode),
    });
    let is_visit = Signal::derive(move || matches!(shown.get(), Shown::Visit(_)));
    // Staff's screens carry no team's light.
    let accent = Memo::new(move |_| visit.accent_team().filter(|_| is_visit.get()));
    Effect::new(move || {
        let page = ports.get().page.clone();
        match accent.get() {
            Some(team) => page.set_team(Some((&team, hue(&event.get(), &team)))),
            None => page.set_team(None),
        }
    });
    Effect::new(move || {
        parts.device.set_place(Place {
            screen: Some(shown.get().name()),
            team: visit.team(),
        });
    });
    Effect::new(move || {
        shown.track();
        ports.get().page.show_screen();
    });
    let is_theirs = move || matches!(staff.mode(), Mode::Code | Mode::Panel);
    hold_for_staff(ports, is_theirs, move || visit.hold());
    listen_for_keys();
    let touch = move || match shown.get_untracked() {
        Shown::Visit(_) => visit.touch(),
        Shown::Staff(_) => staff.touch(),
    };
    // Soft keyboards report neither touches nor keys, so text that changes counts as well.
    view! {
        <div
            class="visit"
            on:pointerdown=move |_| touch()
            on:keydown=move |event| {
                // Keys of the system and of staff are no sign of a visitor.
                if !event.alt_key() && !event.meta_key() {
                    touch();
                }
            }
            on:input=move |_| touch()
            on:wheel=move |_| touch()
            on:touchmove=move |_| touch()
        >
            {move || shown.get().view()}
            <Show when=is_visit>
                <IdleDialog />
            </Show>
            <StaffMessage />
        </div>
    }
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

    fn view(self) -> AnyView {
        match self {
            Self::Staff(Mode::Visitor) => ().into_any(),
            Self::Staff(Mode::Code) => view! { <CodeScreen /> }.into_any(),
            Self::Staff(Mode::Panel) => view! { <PanelScreen /> }.into_any(),
            Self::Staff(Mode::Locked) => view! { <LockedScreen /> }.into_any(),
            Self::Staff(Mode::Setup) => view! { <SetupScreen /> }.into_any(),
            Self::Visit(Screen::Attract) => view! { <AttractScreen /> }.into_any(),
            Self::Visit(Screen::Teams) => view! { <TeamsScreen /> }.into_any(),
            Self::Visit(Screen::Team) => view! { <TeamScreen /> }.into_any(),
            Self::Visit(Screen::Chat) => view! { <ChatScreen /> }.into_any(),
            Self::Visit(Screen::Feedback) => view! { <FeedbackScreen /> }.into_any(),
            Self::Visit(Screen::Thanks) => view! { <ThanksScreen /> }.into_any(),
        }
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
