//! What every screen has: its root, a head, and the dock with help at one fixed place.

use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::Language;
use leptos::prelude::*;

use super::access::AccessSheet;
use super::hotspot::Hotspot;
use super::{causes, sentence, settings};
use crate::components::icon::{Icon, IconName};
use crate::components::show::{Show, live};
use crate::components::tap::tap;
use crate::i18n::Messages;
use crate::stores::device::{CallState, DeviceStore};

/// The root of a screen.
#[component]
pub fn Frame(
    /// The value of `data-screen`.
    screen: &'static str,
    /// What is true now, beside the help.
    #[prop(default = |words| words.erased_soon)]
    truth: fn(&Messages) -> &'static str,
    children: Children,
) -> impl IntoView {
    // Only rooms of a team are lit.
    let class = match screen {
        "team" | "chat" | "feedback" | "thanks" => "screen room",
        _ => "screen",
    };
    view! {
        <div class=class data-testid="screen" data-screen=screen>
            <Hotspot />
            {children()}
            <Dock truth=sentence(truth) />
        </div>
    }
}

/// Starts over: the same button at the same place on every screen after attract.
#[component]
pub fn StartOver() -> impl IntoView {
    let words = sentence(|words| words.start_over);
    view! {
        <span class="grow"></span>
        <button
            class="btn quiet"
            data-testid="start-over"
            on:click=causes(VisitEvent::StartOver)
        >
            <Icon name=IconName::House />
            {words}
        </button>
    }
}

/// One step back.
#[component]
pub fn Back(label: Signal<&'static str>) -> impl IntoView {
    view! {
        <button class="btn quiet" data-testid="back" on:click=causes(VisitEvent::Back)>
            <Icon name=IconName::ArrowLeft />
            {label}
        </button>
    }
}

#[component]
fn Dock(truth: Signal<&'static str>) -> impl IntoView {
    let device = expect_context::<DeviceStore>();
    let is_open = RwSignal::new(false);
    let settings = settings();
    let call = move || call_words(settings.words(), device.call_state());
    let say = move || {
        if device.is_online() {
            view! {
                <p class="say">
                    <Icon name=IconName::ShieldCheck />
                    <span>{truth}</span>
                </p>
            }
            .into_any()
        } else {
            view! {
                <p class="say" role="status" data-state="offline" data-testid="offline-badge">
                    <Icon name=IconName::WifiOff />
                    <span>{sentence(|words| words.offline)}</span>
                </p>
            }
            .into_any()
        }
    };
    view! {
        <p class="truth">
            <Icon name=IconName::ShieldCheck />
            <span>{truth}</span>
        </p>
        <footer class="dock">
            <button
                class="btn"
                data-testid="call-staff"
                aria-pressed=move || device.is_calling().to_string()
                on:click=tap(move || device.toggle_call())
            >
                <Icon name=IconName::ConciergeBell />
                {call}
            </button>
            <button class="btn" data-testid="access-menu" on:click=tap(move || is_open.set(true))>
                <Icon name=IconName::ALargeSmall />
                {sentence(|words| words.access_menu)}
            </button>
            <LanguageSwitch />
            {live(say)}
        </footer>
        <Show when=move || is_open.get()>
            <AccessSheet on_close=Callback::new(move |()| is_open.set(false)) />
        </Show>
    }
}

fn call_words(words: &Messages, state: CallState) -> &'static str {
    match state {
        CallState::None => words.call_staff,
        CallState::Calling => words.call_staff_calling,
        CallState::Called => words.call_staff_on,
        CallState::Coming => words.call_staff_coming,
    }
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let settings = settings();
    let language = sentence(|words| words.language);
    let button = move |language: Language, name: &'static str, testid: &'static str| {
        view! {
            <button
                lang=language.code()
                data-testid=testid
                aria-pressed=move || (settings.language() == language).to_string()
                on:click=tap(move || settings.choose_language(language))
            >
                {name}
            </button>
        }
    };
    // A language is named in itself, whatever the language of the page.
    view! {
        <div class="seg" role="group" aria-label=move || language.get()>
            {button(Language::Ko, "한국어", "language-ko")}
            {button(Language::En, "English", "language-en")}
        </div>
    }
}
