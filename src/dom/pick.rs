//! One choice of a group: a native radio button or checkbox behind a large label.

use leptos::prelude::*;
use web_sys::HtmlInputElement;
use web_sys::wasm_bindgen::JsCast;

use super::{Element, IconName, el, icon};

/// What kind of choice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickKind {
    /// One of several, by the group's name.
    Radio(&'static str),
    /// By itself.
    Checkbox,
}

/// A choice: the label is what is tapped, the input gives keyboard and semantics and takes the focus.
pub struct Pick {
    /// What is shown.
    pub label: Element,
    /// What has the focus.
    pub input: Element,
}

/// `words` is what the choice says.
#[must_use]
pub fn pick(
    kind: PickKind,
    testid: &'static str,
    words: Element,
    is_on: impl Fn() -> bool + 'static,
    on_pick: impl Fn(bool) + 'static,
) -> Pick {
    let input = el("input");
    let (input, class) = match kind {
        PickKind::Radio(group) => (input.attr("type", "radio").attr("name", group), "pick"),
        PickKind::Checkbox => (input.attr("type", "checkbox"), "pick sq"),
    };
    let field = input.0.clone().unchecked_into::<HtmlInputElement>();
    let changed = field.clone();
    super::hold(Box::new(move || field.set_checked(is_on())));
    let input = input.on("change", move |_| {
        let is_checked = changed.checked();
        untrack(|| on_pick(is_checked));
    });
    let label = el("label").class(class).testid(testid).child(input.clone());
    let label = match kind {
        PickKind::Checkbox => label.with(icon(IconName::Check)),
        PickKind::Radio(_) => label,
    };
    Pick {
        label: label.child(words),
        input,
    }
}
