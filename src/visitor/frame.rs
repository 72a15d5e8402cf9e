//! What every screen has: its root, a head, and the dock with help at one fixed place.

use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::Language;
use leptos::prelude::*;

use super::hotspot::hotspot;
use super::later::{Part, part};
use super::{FirstWords, Worded, settings};
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::FirstMessages;
use crate::stores::device::{CallState, DeviceStore};

/// What is true on most screens.
pub const ERASED_SOON: FirstWords = |words| words.erased_soon;

/// The root of a screen: `screen` is its `data-screen`, `truth` what is true now, beside the help.
pub fn frame(
    screen: &'static str,
    truth: FirstWords,
    contents: impl IntoIterator<Item = Element>,
) -> Element {
    // Only rooms of a team are lit.
    let class = match screen {
        "team" | "chat" | "feedback" | "thanks" => "screen room",
        _ => "screen",
    };
    el("div")
        .class(class)
        .testid("screen")
        .attr("data-screen", screen)
        .child(hotspot())
        .children(contents)
        .with(|screen| dock(screen, truth))
}

/// Starts over: the same button at the same place on every screen after attract.
pub fn start_over(head: Element) -> Element {
    head.child(el("span").class("grow")).child(
        button("btn quiet", "start-over")
            .with(icon(IconName::House))
            .first_words(|words| words.start_over)
            .causes(VisitEvent::StartOver),
    )
}

/// One step back.
pub fn back(label: FirstWords) -> Element {
    button("btn quiet", "back")
        .with(icon(IconName::ArrowLeft))
        .first_words(label)
        .causes(VisitEvent::Back)
}

fn dock(screen: Element, truth: FirstWords) -> Element {
    let device = expect_context::<DeviceStore>();
    let is_open = RwSignal::new(false);
    let settings = settings();
    let say = move |offline: bool| {
        let (name, words): (_, FirstWords) = if offline {
            (IconName::WifiOff, |words| words.offline)
        } else {
            (IconName::ShieldCheck, truth)
        };
        let say = el("p").class("say").with(icon(name));
        say.child(el("span").first_words(words))
    };
    let dock = el("footer")
        .class("dock")
        .child(
            button("btn", "call-staff")
                .flag("aria-pressed", move || device.call_since().is_some())
                .with(icon(IconName::ConciergeBell))
                .say(move || call_words(settings.first_words(), device.call_state()))
                .tap(move || device.tap_call()),
        )
        .child(
            button("btn", "access-menu")
                .with(icon(IconName::ALargeSmall))
                .first_words(|words| words.access_menu)
                .tap(move || is_open.set(true)),
        )
        .child(language_switch())
        .either(
            move || device.is_online(),
            move || say(false),
            move || {
                say(true)
                    .attr("role", "status")
                    .attr("data-state", "offline")
                    .testid("offline-badge")
            },
        );
    let truth = el("p")
        .class("truth")
        .with(icon(IconName::ShieldCheck))
        .child(el("span").first_words(truth));
    screen
        .child(truth)
        .child(dock)
        .when(move || is_open.get(), move || part(Part::Access(is_open)))
}

fn call_words(words: &FirstMessages, state: CallState) -> &'static str {
    match state {
        CallState::None => words.call_staff,
        CallState::Calling => words.call_staff_calling,
        CallState::Called => words.call_staff_on,
        CallState::Coming => words.call_staff_coming,
    }
}

fn language_switch() -> Element {
    let settings = settings();
    let choice = move |language: Language, name: &'static str, testid: &'static str| {
        button("", testid)
            .attr("lang", language.code())
            .flag("aria-pressed", move || settings.language() == language)
            .text(name)
            .tap(move || settings.choose_language(language))
    };
    // A language is named in itself, whatever the language of the page.
    el("div")
        .class("seg")
        .attr("role", "group")
        .first_words_attr("aria-label", |words| words.language)
        .child(choice(Language::Ko, "한국어", "language-ko"))
        .child(choice(Language::En, "English", "language-en"))
}
