//! Where the visitor types, and the way on to the form.
//!
//! The field is never written to while something is composed in it: Hangul is always in
//! composition, and a written field would break its last syllable.

use kiosk_core::chat::ChatKey;
use kiosk_core::visit::VisitEvent;
use leptos::{ev, html, prelude::*};
use std::time::Duration;

use crate::components::icon::{Icon, IconName};
use crate::components::show::Show;
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::chat::ChatStore;
use crate::visitor::{causes, event, sentence, settings};

/// Key code of a key that an input method is still working on; WebKit reports it without
/// `isComposing`.
const COMPOSING_KEY: u32 = 229;

#[component]
pub fn Composer(key: ChatKey) -> impl IntoView {
    let chat = expect_context::<ChatStore>();
    let settings = settings();
    let limits = event().get().limits;
    let key = StoredValue::new(key);
    let field = NodeRef::<html::Textarea>::new();
    let length = RwSignal::new(0_usize);
    let is_send_wanted = StoredValue::new(false);
    let is_live = Memo::new(move |_| key.with_value(|key| chat.is_live(key)));
    let turns = Memo::new(move |_| key.with_value(|key| chat.numbers(key).len()));
    let is_over = move || turns.get() >= limits.max_turns as usize;
    let is_too_long = move || length.get() > limits.max_input_chars as usize;
    let can_send = move || length.get() > 0 && !is_too_long() && !is_live.get() && !is_over();

    let send = move || {
        let Some(field) = field.get_untracked() else {
            return;
        };
        // The field itself is read, not what events told of it: some keyboards tell nothing.
        let text = field.value();
        let chars = text.trim().chars().count();
        if chars == 0 || chars > limits.max_input_chars as usize || untrack(is_over) {
            return;
        }
        if key.with_value(|key| chat.ask(key, &text)) {
            field.set_value("");
            length.set(0);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if !is_enter(&event) {
            return;
        }
        if event.is_composing() || event.key_code() == COMPOSING_KEY {
            // The syllable is not in the field yet: send when it is.
            is_send_wanted.set_value(true);
            return;
        }
        event.prevent_default();
        send();
    };
    let on_composed = move |_| {
        if is_send_wanted.try_update_value(std::mem::take) == Some(true) {
            // The field has its last syllable only after this event.
            set_timeout(send, Duration::ZERO);
        }
    };
    let on_input = move |_| {
        if let Some(field) = field.get_untracked() {
            length.set(field.value().trim().chars().count());
        }
    };
    let placeholder = sentence(|words| words.chat_placeholder);
    let note = move || {
        limit_note(
            settings.words(),
            is_over(),
            is_too_long(),
            limits.max_input_chars,
        )
    };
    view! {
        <div class="bar">
            {move || note().map(|note| view! { <p class="limit" data-state="over" role="status">{note}</p> }.into_any())}
            <div class="field">
                <textarea
                    rows="1"
                    node_ref=field
                    data-testid="chat-input"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="send"
                    placeholder=move || placeholder.get()
                    aria-label=move || placeholder.get()
                    on:keydown=on_key
                    on:compositionend=on_composed
                    on:input=on_input
                ></textarea>
                <Show
                    when=move || is_live.get()
                    fallback=move || view! {
                        <button
                            class="btn"
                            data-testid="chat-send"
                            aria-disabled=move || (!can_send()).to_string()
                            on:click=tap(send)
                        >
                            {sentence(|words| words.chat_send)}
                            <Icon name=IconName::ArrowUp />
                        </button>
                    }
                >
                    <button class="btn stop" data-testid="chat-stop" on:click=tap(move || chat.stop())>
                        <Icon name=IconName::Square />
                        {sentence(|words| words.chat_stop)}
                    </button>
                </Show>
            </div>
            <EndVisit />
        </div>
    }
}

#[component]
fn EndVisit() -> impl IntoView {
    view! {
        <button
            class="btn tall"
            data-testid="visit-end"
            on:click=causes(VisitEvent::OpenFeedback)
        >
            <Icon name=IconName::PencilLine />
            <span>{sentence(|words| words.visit_end)}</span>
        </button>
    }
}

/// Enter without shift, also as an input method passes it on.
fn is_enter(event: &ev::KeyboardEvent) -> bool {
    let key = event.key();
    let is_key = key == "Enter" || event.key_code() == COMPOSING_KEY;
    let is_code = key == "Enter" || matches!(event.code().as_str(), "Enter" | "NumpadEnter");
    is_key && is_code && !event.shift_key()
}

/// Why nothing can be sent, if that is so.
fn limit_note(words: &Messages, is_over: bool, is_too_long: bool, max: u32) -> Option<String> {
    if is_over {
        Some(words.chat_turns_over.to_owned())
    } else {
        is_too_long.then(|| fill(words.chat_too_long, &[("max", &max)]))
    }
}
