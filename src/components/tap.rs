//! What a tap on a button does, as one type for all buttons: every type of handler would bring its
//! own copy of the code that attaches it.

use leptos::ev::MouseEvent;

/// A handler for `on:click`.
#[must_use]
pub fn tap(mut act: impl FnMut() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| act())
}
