//! What staff say to whoever stands at the tablet; somebody puts it away, or a minute does.

use leptos::prelude::*;

use super::Worded;
use super::later::{Part, part};
use crate::dom::{Element, IconName, ModalLook, button, el, icon, modal};
use crate::stores::staff::StaffStore;

/// Adds the message while there is one.
pub fn staff_message(parent: Element) -> Element {
    let staff = expect_context::<StaffStore>();
    parent.live(move || staff.message().map(|text| part(Part::Message(text))))
}

pub(super) fn said(text: &str) -> Element {
    let staff = expect_context::<StaffStore>();
    // A long message is read from its top: the focus begins there.
    let title = el("h2")
        .attr("tabindex", "-1")
        .attr("autofocus", "")
        .words(|words| words.message_title);
    let text = el("p").attr("role", "alert").text(text);
    let read = el("div").child(title).child(text);
    let said = el("div")
        .class("said")
        .with(icon(IconName::ConciergeBell))
        .child(read);
    let dismiss = button("btn primary", "dismiss")
        .words(|words| words.message_dismiss)
        .tap(move || staff.dismiss_message());
    let look = ModalLook {
        role: "alertdialog",
        testid: "staff-message",
        ..ModalLook::default()
    };
    modal(look, move || staff.dismiss_message())
        .words_attr("aria-label", |words| words.message_title)
        .child(said)
        .child(dismiss)
}
