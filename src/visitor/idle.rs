//! Asks whether somebody is still there, and counts down aloud what happens otherwise.

use kiosk_core::idle::IdlePhase;
use kiosk_core::visit::VisitEvent;

use super::later::{Part, part};
use super::{Worded, event, settings, visit};
use crate::dom::{Element, ModalLook, button, el, modal, ring};
use crate::i18n::fill;

/// The id of what the dialog says.
const TEXT: &str = "idle-text";

/// Adds the dialog for as long as it asks.
pub fn idle_dialog(parent: Element) -> Element {
    let visit = visit();
    parent.when(
        move || matches!(visit.idle_phase(), IdlePhase::Warning { .. }),
        || part(Part::Idle),
    )
}

pub(super) fn question() -> Element {
    let (visit, settings) = (visit(), settings());
    let all_secs = event().get().limits.countdown_secs.max(1);
    let left = move || match visit.idle_phase() {
        IdlePhase::Warning { left_secs } => left_secs,
        // Not asking any more; the dialog is about to go.
        _ => 0,
    };
    let look = ModalLook {
        role: "alertdialog",
        testid: "idle-dialog",
        ..ModalLook::default()
    };
    let ring = el("div")
        .class("ring")
        .attr("aria-hidden", "true")
        .with(ring)
        .css_live("--left", move || format!("calc({} / {all_secs})", left()))
        .say(move || left().to_string());
    let said = el("div")
        .child(el("h2").words(|words| words.idle_title))
        .child(
            el("p")
                .attr("id", TEXT)
                .say(move || fill(settings.words().idle_text, &[("secs", &left())])),
        );
    let end = button("btn tall", "idle-end")
        .words(|words| words.idle_end)
        .causes(VisitEvent::Idle);
    let go_on = button("btn primary", "idle-continue")
        .attr("autofocus", "")
        .words(|words| words.idle_continue)
        .tap(move || visit.go_on());
    modal(look, move || visit.go_on())
        .words_attr("aria-label", |words| words.idle_title)
        .attr("aria-describedby", TEXT)
        .child(el("div").class("count").child(ring).child(said))
        .child(el("div").class("two").child(end).child(go_on))
}
