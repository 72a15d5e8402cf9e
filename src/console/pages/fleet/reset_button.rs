//! Ends a tablet's visit: the first tap asks in place, the second one sends.
//!
//! Invariant: a double tap is one tap, so it never sends; and after a while the button is what it
//! was.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local_scoped_with_cancellation};

use crate::console::state::console;
use crate::i18n::fill;

const STAYS_ARMED: Duration = Duration::from_secs(5);

/// The row's button.
#[component]
pub fn ResetButton(
    /// Whose visit ends.
    name: Signal<String>,
    /// Whether there is nobody to send to.
    is_gone: Signal<bool>,
    on_send: Callback<()>,
) -> impl IntoView {
    let console = console();
    let is_armed = RwSignal::new(false);
    Effect::new(move || {
        if is_armed.get() {
            let timer = console.ports().get().timer.clone();
            spawn_local_scoped_with_cancellation(async move {
                timer.sleep(STAYS_ARMED).await;
                is_armed.set(false);
            });
        }
    });
    let on_click = move |event: ev::MouseEvent| {
        event.stop_propagation();
        if is_gone.get_untracked() {
            return;
        }
        if !is_armed.get_untracked() {
            is_armed.set(true);
        } else if event.detail() < 2 {
            is_armed.set(false);
            on_send.run(());
        }
    };
    let label = move || {
        let words = console.words();
        let sentence = if is_armed.get() {
            words.reset_sure_label
        } else {
            words.reset_label
        };
        fill(sentence, &[("name", &name.get())])
    };
    view! {
        <button
            class="btn reset"
            data-testid="command-reset"
            data-state=move || is_armed.get().then_some("armed")
            aria-label=label
            aria-disabled=move || is_gone.get().to_string()
            on:click=on_click
        >
            {move || {
                let words = console.words();
                if is_armed.get() { words.reset_sure } else { words.reset_short }
            }}
        </button>
    }
}
