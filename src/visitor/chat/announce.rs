//! Says for those who cannot see it that an answer began, ended or failed; never each word of it.

use kiosk_core::chat::{ChatKey, MessageState};
use leptos::prelude::*;

use crate::stores::chat::ChatStore;
use crate::visitor::settings;

#[component]
pub fn Announcer(key: ChatKey) -> impl IntoView {
    let chat = expect_context::<ChatStore>();
    let settings = settings();
    let state = Memo::new(move |_| chat.last(&key).map(|exchange| exchange.answer.state));
    let text = Signal::derive(move || {
        let words = settings.words();
        match state.get() {
            None => "",
            Some(MessageState::Queued) => words.answer_queued,
            Some(MessageState::Streaming) => words.announce_started,
            Some(MessageState::Done) => words.announce_done,
            Some(MessageState::Stopped) => words.announce_stopped,
            Some(MessageState::Failed) => words.announce_failed,
        }
    });
    view! {
        <p class="unseen" role="status">
            {text}
        </p>
    }
}
