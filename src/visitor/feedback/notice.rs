//! The notice: purpose, items, period, recipients, the right to refuse.

use kiosk_wire::event::{Event, Language, Recipient};
use leptos::prelude::*;

use crate::dom::{Element, ModalLook, button, el};
use crate::i18n::{Messages, fill};
use crate::visitor::parts::titled_dialog;
use crate::visitor::{Worded, event, settings};

/// Adds the summary, which opens the whole.
pub fn notice(parent: Element) -> Element {
    let is_open = RwSignal::new(false);
    let summary = el("span")
        .localized(&event().get().privacy_notice.summary)
        .text(" ")
        .child(el("u").words(|words| words.notice_more));
    let open = button("link", "privacy-notice")
        .child(summary)
        .tap(move || is_open.set(true));
    parent.child(open).when(
        move || is_open.get(),
        move || whole_notice(move || is_open.set(false)),
    )
}

fn whole_notice(close: impl Fn() + Copy + 'static) -> Element {
    let settings = settings();
    let event = event().get();
    let text = el("div").class("notice-text").attr("tabindex", "0");
    let text = event
        .privacy_notice
        .sections
        .iter()
        .fold(text, |text, section| {
            text.child(el("h4").localized(&section.title))
                .child(el("p").localized(&section.text))
        });
    let text = text
        .child(el("h4").words(|words| words.notice_recipients))
        .live(move || {
            let lines = receivers(&event, settings.words(), settings.language());
            lines.into_iter().map(|line| el("p").text(&line))
        });
    let look = ModalLook {
        class: "dialog notice",
        ..ModalLook::default()
    };
    titled_dialog(look, |words| words.notice_title, "", close).child(text)
}

fn receivers(event: &Event, words: &Messages, language: Language) -> Vec<String> {
    let recipients = &event.privacy_notice.recipients;
    if recipients.is_empty() {
        return vec![words.notice_no_recipients.to_owned()];
    }
    recipients
        .iter()
        .map(|recipient| {
            let teams: Vec<&str> = event
                .teams
                .iter()
                .filter(|team| recipient.teams.contains(&team.id))
                .map(|team| team.name.get(language))
                .collect();
            recipient_line(words, &teams.join(", "), recipient)
        })
        .collect()
}

fn recipient_line(words: &Messages, teams: &str, recipient: &Recipient) -> String {
    let training = if recipient.trains_on_input {
        words.notice_trains
    } else {
        words.notice_trains_not
    };
    fill(
        words.notice_recipient,
        &[
            ("teams", &teams),
            ("name", &recipient.name),
            ("country", &recipient.country),
            ("retention", &recipient.retention),
            ("training", &training),
        ],
    )
}
