//! A modal dialog: the browser keeps the focus inside and the rest of the page quiet.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, PointerEvent};

use super::{Element, at_end, el};
use crate::tasks::effect;

/// What kind of dialog it is.
#[derive(Debug, Clone, Copy)]
pub struct ModalLook {
    /// `dialog` or `alertdialog`.
    pub role: &'static str,
    /// `data-testid`; empty for none.
    pub testid: &'static str,
    /// `class`.
    pub class: &'static str,
}

impl Default for ModalLook {
    fn default() -> Self {
        Self {
            role: "dialog",
            testid: "",
            class: "dialog",
        }
    }
}

/// A dialog that opens as soon as it is in the page, and gives the focus back when its owner ends.
/// Escape and a tap beside it dismiss.
#[must_use]
pub fn modal(look: ModalLook, dismiss: impl Fn() + 'static) -> Element {
    let dialog = el("dialog")
        .class(look.class)
        .attr("role", look.role)
        .testid(look.testid);
    open_soon(&dialog);
    let dismiss = Rc::new(dismiss);
    let on_cancel = Rc::clone(&dismiss);
    // The backdrop belongs to the dialog element itself, and so does the space around its contents.
    // A text that is selected out of a field ends beside the dialog, but does not begin there.
    let is_beside = Rc::new(Cell::new(false));
    let began_beside = Rc::clone(&is_beside);
    let edges_of = dialog.clone();
    dialog
        .on("cancel", move |event| {
            event.prevent_default();
            on_cancel();
        })
        // Escape is for the dialog alone; what lies below does not hear of it.
        .on_key(|event| {
            if event.key() == "Escape" {
                event.stop_propagation();
            }
        })
        .on("pointerdown", move |event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                is_beside.set(!edges_of.holds(event.client_x(), event.client_y()));
            }
        })
        .on("click", move |event| {
            if began_beside.get() && event.target() == event.current_target() {
                dismiss();
            }
        })
}

/// A dialog can be opened only once it is in the page, which is after its owner's view is made.
fn open_soon(dialog: &Element) {
    let Some(element) = dialog.0.dyn_ref::<HtmlDialogElement>().cloned() else {
        return;
    };
    let closing = element.clone();
    // Removing an open dialog would lose the focus that closing it gives back.
    at_end(Box::new(move || closing.close()));
    effect(move || {
        // Fails only for a dialog that is open or not in the page; then there is nothing to do.
        element.show_modal().ok();
    });
}

impl Element {
    /// Whether a point of the window is inside.
    fn holds(&self, x: i32, y: i32) -> bool {
        let edges = self.0.get_bounding_client_rect();
        let (x, y) = (f64::from(x), f64::from(y));
        (edges.left()..=edges.right()).contains(&x) && (edges.top()..=edges.bottom()).contains(&y)
    }
}
