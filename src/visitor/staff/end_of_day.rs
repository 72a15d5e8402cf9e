//! Ends the day on this tablet: says what keeps it from ending, or asks once and locks.

use leptos::prelude::*;

use super::queue::save_file;
use crate::dom::{Element, IconName, ModalLook, button, el, icon, modal};
use crate::i18n::{Messages, fill};
use crate::stores::staff::{EndOfDay, StaffStore};
use crate::visitor::{Worded, settings};

/// Adds the button that asks.
pub fn end_day(parent: Element) -> Element {
    let is_asking = RwSignal::new(false);
    let ask = button("btn danger", "end-of-day")
        .with(icon(IconName::Power))
        .words(|words| words.day_end)
        .tap(move || is_asking.set(true));
    parent
        .child(ask)
        .when(move || is_asking.get(), move || question(is_asking))
}

fn question(is_asking: RwSignal<bool>) -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let title = move || {
        let words = settings.words();
        match staff.end_of_day() {
            EndOfDay::Ready => words.day_end_title,
            EndOfDay::Unsent { .. } => words.day_wait_title,
        }
    };
    let confirm = move || {
        button("btn primary", "end-of-day-confirm")
            .with(icon(IconName::Lock))
            .words(|words| words.day_end_confirm)
            .tap(move || staff.finish_day())
    };
    let is_ready = move || staff.end_of_day() == EndOfDay::Ready;
    let close = move || is_asking.set(false);
    let ways = el("div")
        .class("two")
        .child(
            el("button")
                .class("btn tall")
                .attr("autofocus", "")
                .words(|words| words.close)
                .tap(close),
        )
        .either(is_ready, confirm, save_file);
    let look = ModalLook {
        role: "alertdialog",
        testid: "end-of-day-dialog",
        ..ModalLook::default()
    };
    modal(look, close)
        .attr_live("aria-label", move || title().to_owned())
        .child(el("h2").say(title))
        .child(
            el("p")
                .attr("role", "status")
                .say(move || day_words(settings.words(), staff.end_of_day())),
        )
        .child(ways)
}

/// What is missing, or what will happen.
fn day_words(words: &Messages, day: EndOfDay) -> String {
    match day {
        EndOfDay::Ready => words.day_end_text.to_owned(),
        EndOfDay::Unsent { pending, parked: 0 } => {
            fill(words.day_wait_pending, &[("count", &pending)])
        }
        EndOfDay::Unsent { pending: 0, parked } => {
            fill(words.day_wait_parked, &[("count", &parked)])
        }
        EndOfDay::Unsent { pending, parked } => fill(
            words.day_wait_both,
            &[("pending", &pending), ("parked", &parked)],
        ),
    }
}
