//! What several screens have alike.

use super::{Worded, Words};
use crate::dom::{Element, IconName, ModalLook, button, el, icon, modal};

/// What went wrong, in the sentence that `text` holds; it is read out.
pub fn failure_alert(text: Element) -> Element {
    alert("danger", IconName::TriangleAlert, text)
}

/// The same in another tone.
pub fn alert(tone: &'static str, name: IconName, text: Element) -> Element {
    el("p")
        .class("note")
        .attr("data-tone", tone)
        .attr("role", "alert")
        .with(icon(name))
        .child(text)
}

/// A dialog with its title and, beside it, the button that closes it, which may have a `data-testid`.
pub fn titled_dialog(
    look: ModalLook,
    title: Words,
    close_testid: &'static str,
    close: impl Fn() + Copy + 'static,
) -> Element {
    let button = button("btn quiet", close_testid)
        .words(|words| words.close)
        .tap(close);
    let head = el("div")
        .class("row")
        .child(el("h3").words(title))
        .child(el("span").class("grow"))
        .child(button);
    modal(look, close)
        .words_attr("aria-label", title)
        .child(head)
}
