//! The panel: how this tablet stands, and the few things staff do on it.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::checks::Checks;
use super::end_of_day::EndDay;
use super::queue::Queue;
use super::{Leave, clock_time};
use crate::components::icon::{Icon, IconName};
use crate::components::show::{Show, live};
use crate::components::tap::tap;
use crate::i18n::fill;
use crate::stores::device::DeviceStore;
use crate::stores::ports::Ports;
use crate::stores::staff::StaffStore;
use crate::visitor::frame::Frame;
use crate::visitor::{sentence, settings};

/// How often the time in the head is looked up.
const TICK: Duration = Duration::from_secs(5);

#[component]
pub fn PanelScreen() -> impl IntoView {
    view! {
        <Frame screen="staff">
            <header class="head">
                <Leave label=|words| words.close />
                <Title />
                <span class="grow"></span>
                <Calling />
            </header>
            <main class="staff">
                <Checks />
                <div class="side">
                    <Queue />
                    <Actions />
                </div>
            </main>
        </Frame>
    }
}

#[component]
fn Title() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    let now = now_ticking(expect_context());
    let name = move || {
        let name = staff.device_name();
        name.unwrap_or_else(|| settings.words().staff_unnamed.to_owned())
    };
    let line = move || {
        let words = settings.words();
        let now = now.get();
        let now = clock_time(&now);
        match device.last_seen() {
            Some(seen) => fill(
                words.staff_last_seen,
                &[("now", &now), ("seen", &clock_time(&seen))],
            ),
            None => fill(words.staff_never_seen, &[("now", &now)]),
        }
    };
    view! {
        <div class="name">
            <h2>{name}</h2>
            <p class="xs muted">{line}</p>
        </div>
    }
}

/// The tablet's time, as long as the owner lives.
fn now_ticking(ports: Ports) -> RwSignal<String> {
    let now = RwSignal::new(ports.get().clock.now_rfc3339());
    spawn_local_scoped_with_cancellation(async move {
        loop {
            ports.get().timer.sleep(TICK).await;
            now.set(ports.get().clock.now_rfc3339());
        }
    });
    now
}

/// A visitor called; one tap says that somebody came.
#[component]
fn Calling() -> impl IntoView {
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    let since = Signal::derive(move || {
        let since = device.call_since().unwrap_or_default();
        fill(
            settings.words().staff_called,
            &[("time", &clock_time(&since))],
        )
    });
    view! {
        <Show when=move || device.is_calling()>
            <span class="called small" role="status">
                <Icon name=IconName::Bell />
                {since}
            </span>
            <button
                class="btn"
                data-testid="call-answered"
                on:click=tap(move || device.toggle_call())
            >
                {sentence(|words| words.staff_answered)}
            </button>
        </Show>
    }
}

#[component]
fn Actions() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let acts = move || {
        if staff.is_locked() {
            view! {
                <button
                    class="btn primary"
                    data-testid="unlock"
                    on:click=tap(move || staff.unlock())
                >
                    <Icon name=IconName::LockOpen />
                    {sentence(|words| words.staff_unlock)}
                </button>
            }
            .into_any()
        } else {
            view! {
                <button
                    class="btn primary"
                    data-testid="reset-session"
                    on:click=tap(move || staff.reset_session())
                >
                    <Icon name=IconName::RotateCcw />
                    {sentence(|words| words.staff_reset)}
                </button>
                <p class="xs muted">{sentence(|words| words.staff_reset_hint)}</p>
                <EndDay />
            }
            .into_any()
        }
    };
    view! {
        <div class="acts-box">
            {live(acts)}
        </div>
    }
}
