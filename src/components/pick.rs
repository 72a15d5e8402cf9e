//! One choice of a group: a native radio button or checkbox behind a large label.

use leptos::{html, prelude::*};

use super::icon::{Icon, IconName};

/// What kind of choice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickKind {
    /// One of several, by the group's name.
    Radio(&'static str),
    /// By itself.
    Checkbox,
}

/// The label is what is tapped and what tests find; the input gives keyboard and semantics.
#[component]
pub fn Pick(
    kind: PickKind,
    testid: &'static str,
    is_on: Signal<bool>,
    label: Signal<String>,
    #[prop(optional, into)] hint: Option<Signal<&'static str>>,
    /// Marks the choice as the one that keeps the form from going.
    #[prop(optional, into)]
    is_invalid: Signal<bool>,
    /// The input, for whoever has to give it the focus.
    #[prop(optional)]
    node: NodeRef<html::Input>,
    on_pick: Callback<bool>,
) -> impl IntoView {
    let (input_type, group, class) = match kind {
        PickKind::Radio(group) => ("radio", Some(group), "pick"),
        PickKind::Checkbox => ("checkbox", None, "pick sq"),
    };
    view! {
        <label class=class data-testid=testid>
            <input
                node_ref=node
                type=input_type
                aria-invalid=move || is_invalid.get().then_some("true")
                name=group
                prop:checked=move || is_on.get()
                on:change=move |event| on_pick.run(event_target_checked(&event))
            />
            {matches!(kind, PickKind::Checkbox).then(|| view! { <Icon name=IconName::Check /> }.into_any())}
            <span>
                {move || label.get()}
                {hint.map(|hint| view! { <small>{move || hint.get()}</small> }.into_any())}
            </span>
        </label>
    }
}
