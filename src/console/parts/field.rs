//! Labelled inputs.

use leptos::prelude::*;

use crate::console::state::sentence;
use crate::console::words::Words;

/// A line of text with its label.
#[component]
pub fn TextField(
    label: Words,
    value: RwSignal<String>,
    #[prop(optional)] hint: Option<Words>,
    /// `data-testid`, if it has one.
    #[prop(optional)]
    testid: Option<&'static str>,
    #[prop(default = "text")] kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(optional)] max_chars: Option<u32>,
    /// Language of what is written, if it is not the page's.
    #[prop(optional)]
    lang: Option<&'static str>,
    #[prop(optional)] is_required: bool,
) -> impl IntoView {
    let label = sentence(label);
    let hint = hint.map(sentence);
    view! {
        <label class="text-field">
            <span>{move || label.get()}</span>
            {hint.map(|hint| view! { <small>{move || hint.get()}</small> }.into_any())}
            <input
                type=kind
                lang=lang
                data-testid=testid
                autocomplete=autocomplete
                maxlength=max_chars.map(|most| most.to_string())
                aria-required=is_required.then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
}

/// One choice out of a list, with its label.
#[component]
pub fn SelectField(
    label: Words,
    value: RwSignal<String>,
    /// Values and their words, in order; tracked.
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let label = sentence(label);
    let option = move |(code, words): (String, String)| {
        let own = code.clone();
        view! {
            <option value=code prop:selected=move || value.with(|value| *value == own)>
                {words}
            </option>
        }
        .into_any()
    };
    view! {
        <label class="text-field">
            <span>{move || label.get()}</span>
            <select on:change=move |event| value.set(event_target_value(&event))>
                {move || options.get().into_iter().map(option).collect::<Vec<_>>()}
            </select>
        </label>
    }
}
