//! A modal dialog: the browser keeps the focus inside and the rest of the page quiet.

use leptos::{ev, html, prelude::*};

/// Shows its children in a modal dialog for as long as it is mounted.
#[component]
pub fn Dialog(
    /// Accessible name.
    label: Signal<&'static str>,
    /// `dialog` or `alertdialog`.
    #[prop(default = "dialog")]
    role: &'static str,
    /// `data-testid`, if it has one.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// More classes.
    #[prop(default = "dialog")]
    class: &'static str,
    /// Escape, or a tap beside the dialog.
    on_dismiss: Callback<()>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    close_on_cleanup(node);
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            // Fails only for a dialog that is open or not in the page; then there is nothing to do.
            dialog.show_modal().ok();
        }
    });
    let on_cancel = move |event: ev::Event| {
        event.prevent_default();
        on_dismiss.run(());
    };
    // Escape is for the dialog alone; what lies below does not hear of it.
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
        }
    };
    // The backdrop belongs to the dialog element itself, and so does the space around its contents.
    // A text that is selected out of a field ends beside the dialog, but does not begin there.
    let is_beside = StoredValue::new(false);
    let on_down = move |event: ev::PointerEvent| {
        let Some(dialog) = node.get_untracked() else {
            return;
        };
        let edges = dialog.get_bounding_client_rect();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let is_inside = (edges.left()..=edges.right()).contains(&x)
            && (edges.top()..=edges.bottom()).contains(&y);
        is_beside.set_value(!is_inside);
    };
    let on_click = move |event: ev::MouseEvent| {
        let began_beside = is_beside.get_value();
        if began_beside && event.target() == event.current_target() {
            on_dismiss.run(());
        }
    };
    view! {
        <dialog
            node_ref=node
            class=class
            role=role
            aria-label=move || label.get()
            data-testid=testid
            on:cancel=on_cancel
            on:keydown=on_key
            on:pointerdown=on_down
            on:click=on_click
        >
            {children()}
        </dialog>
    }
}

/// Closing gives the focus back to where it was; removing an open dialog would lose it.
fn close_on_cleanup(node: NodeRef<html::Dialog>) {
    on_cleanup(move || {
        if let Some(dialog) = node.try_get_untracked().flatten() {
            dialog.close();
        }
    });
}
