//! Ends a tablet's visit: the first tap asks in place, the second one sends.
//!
//! Invariant: a double tap is one tap, and a key that is held down is one key, so neither sends; and
//! after a while the button is what it was.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local_scoped_with_cancellation};

use crate::console::state::console;
use crate::i18n::fill;

const STAYS_ARMED: Duration = Duration::from_secs(5);
/// A key pressed again sooner than this bounced.
const KEY_BOUNCES_MILLIS: u64 = 400;

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
    let armed_at = StoredValue::new(0_u64);
    let now = move || console.ports().get().page.monotonic_millis();
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
            armed_at.set_value(now());
            is_armed.set(true);
        } else if is_meant(event.detail(), now().saturating_sub(armed_at.get_value())) {
            is_armed.set(false);
            on_send.run(());
        }
    };
    // Each repetition of a held Enter would be a click.
    let on_key = move |event: ev::KeyboardEvent| {
        if event.repeat() {
            event.prevent_default();
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
            on:keydown=on_key
            on:click=on_click
        >
            {move || {
                let words = console.words();
                if is_armed.get() { words.reset_sure } else { words.reset_short }
            }}
        </button>
    }
}

/// Whether a click so long after the one that armed the button is a second one: `detail` counts the
/// taps of a double tap, and is 0 for a key.
fn is_meant(detail: i32, since_armed_millis: u64) -> bool {
    match detail {
        0 => since_armed_millis >= KEY_BOUNCES_MILLIS,
        taps => taps < 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_double_tap_nor_a_held_key_sends() {
        assert!(is_meant(1, 900) && is_meant(0, 900));
        assert!(!is_meant(2, 200) && !is_meant(2, 900));
        assert!(!is_meant(0, 33));
    }
}
