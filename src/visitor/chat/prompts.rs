//! Starter prompts: a tap opens the chat, if need be, and asks at once.

use kiosk_core::chat::ChatKey;
use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::{Demo, Text};
use leptos::prelude::*;

use crate::dom::{Element, IconName, button, el, icon};
use crate::stores::chat::ChatStore;
use crate::visitor::{Worded, settings, visit};

pub fn prompts(team: &str, demo: &Demo) -> Element {
    let key = ChatKey {
        team: team.to_owned(),
        demo: demo.id.clone(),
    };
    let chips = demo.prompts.iter().map(|prompt| chip(key.clone(), prompt));
    el("div").class("prompts").children(chips)
}

fn chip(key: ChatKey, prompt: &Text) -> Element {
    let chat = expect_context::<ChatStore>();
    let (visit, settings, text) = (visit(), settings(), prompt.clone());
    button("prompt", "prompt-chip")
        .localized(prompt)
        .with(icon(IconName::ArrowUp))
        .tap(move || {
            visit.apply(VisitEvent::OpenChat);
            chat.ask(&key, text.get(settings.language_untracked()));
        })
}
