//! Why something cannot be shown, and what to do.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::components::tap::tap;
use crate::console::api::ApiError;
use crate::console::state::{console, sentence};
use crate::console::words::{ConsoleMessages, Words};
use crate::i18n::fill;

/// A failure as a sentence that says what to do.
#[must_use]
pub fn failure_words(words: &ConsoleMessages, error: &ApiError) -> String {
    match error {
        ApiError::SignedOut => words.failure_signed_out.to_owned(),
        ApiError::Forbidden => words.failure_forbidden.to_owned(),
        ApiError::NotFound => words.failure_not_found.to_owned(),
        ApiError::Invalid(detail) if detail.is_empty() => words.failure_refused.to_owned(),
        ApiError::Invalid(detail) => fill(words.failure_invalid, &[("detail", detail)]),
        ApiError::Slow(secs) => fill(words.failure_slow, &[("secs", secs)]),
        ApiError::Unreachable => words.failure_unreachable.to_owned(),
        ApiError::Unavailable => words.failure_unavailable.to_owned(),
    }
}

/// A failure in the place of what it kept away.
#[component]
pub fn Failure(error: ApiError, on_retry: Callback<()>) -> impl IntoView {
    let console = console();
    view! {
        <div class="note failure" data-tone="danger" role="alert">
            <Icon name=IconName::TriangleAlert />
            <span class="grow">{move || failure_words(console.words(), &error)}</span>
            <button class="btn" on:click=tap(move || on_retry.run(()))>
                {move || console.words().retry}
            </button>
        </div>
    }
}

/// Words where there is nothing to show.
#[component]
pub fn Empty(text: Words) -> impl IntoView {
    let text = sentence(text);
    view! { <p class="empty">{move || text.get()}</p> }
}

/// Words while the first answer is on its way.
#[component]
pub fn Loading() -> impl IntoView {
    let console = console();
    view! { <p class="empty" role="status">{move || console.words().loading}</p> }
}
