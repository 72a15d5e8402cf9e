//! Says for those who cannot see it that an answer began, ended or failed; never each word of it.

use std::cell::Cell;

use kiosk_core::chat::{ChatKey, MessageState};
use leptos::prelude::*;

use crate::dom::{Element, el};
use crate::stores::chat::ChatStore;
use crate::visitor::settings;

pub fn announcer(key: ChatKey) -> Element {
    let chat = expect_context::<ChatStore>();
    let settings = settings();
    let before = Cell::new(None);
    let text = move || {
        let words = settings.words();
        let last = chat.numbers(&key).last().copied();
        let state = last.and_then(|number| chat.answer(number, |answer| Some(answer.state)));
        // In another language it is no news.
        if before.replace(Some((last, state))) == Some((last, state)) {
            return "";
        }
        match state {
            None => "",
            Some(MessageState::Queued) => words.announce_queued,
            Some(MessageState::Streaming) => words.announce_started,
            Some(MessageState::Done) => words.announce_done,
            Some(MessageState::Stopped) => words.announce_stopped,
            Some(MessageState::Failed) => words.announce_failed,
        }
    };
    el("p").class("unseen").attr("role", "status").say(text)
}
