//! Starter prompts: a tap opens the chat, if need be, and asks at once.

use kiosk_core::chat::ChatKey;
use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::Demo;
use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::components::tap::tap;
use crate::stores::chat::ChatStore;
use crate::stores::visit::VisitStore;
use crate::visitor::{localized, settings};

#[component]
pub fn Prompts(team: String, demo: Demo) -> impl IntoView {
    let chat = expect_context::<ChatStore>();
    let visit = expect_context::<VisitStore>();
    let settings = settings();
    let key = StoredValue::new(ChatKey {
        team,
        demo: demo.id,
    });
    let chips: Vec<_> = demo
        .prompts
        .into_iter()
        .map(|prompt| {
            let shown = prompt.clone();
            let ask = move || {
                let question = prompt.get(settings.language_untracked());
                visit.apply(VisitEvent::OpenChat);
                key.with_value(|key| chat.ask(key, question));
            };
            view! {
                <button class="prompt" data-testid="prompt-chip" on:click=tap(ask)>
                    {localized(shown)}
                    <Icon name=IconName::ArrowUp />
                </button>
            }
            .into_any()
        })
        .collect();
    view! { <div class="prompts">{chips}</div> }
}
