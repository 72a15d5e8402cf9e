//! The exchanges so far. The view follows the answer while the visitor is at its end.

use kiosk_core::chat::ChatKey;
use kiosk_wire::event::{Demo, Team};
use leptos::{html, prelude::*};

use super::exchange::ExchangeView;
use super::prompts::Prompts;
use crate::components::show::{Show, for_each};
use crate::stores::chat::ChatStore;
use crate::visitor::sentence;

/// Closer to the end than this counts as at the end, in CSS pixels.
const NEAR_END: i32 = 48;

#[component]
pub fn Log(key: ChatKey, team: Team, demo: Demo) -> impl IntoView {
    let chat = expect_context::<ChatStore>();
    let node = NodeRef::<html::Div>::new();
    let is_at_end = StoredValue::new(true);
    let key = StoredValue::new(key);
    let numbers = Memo::new(move |_| key.with_value(|key| chat.numbers(key)));
    Effect::new(move || {
        key.with_value(|key| chat.last(key));
        if let Some(log) = node.get().filter(|_| is_at_end.get_value()) {
            log.set_scroll_top(log.scroll_height());
        }
    });
    let on_scroll = move |_| {
        if let Some(log) = node.get_untracked() {
            let left = log.scroll_height() - log.scroll_top() - log.client_height();
            is_at_end.set_value(left < NEAR_END);
        }
    };
    let team = StoredValue::new(team);
    let demo = StoredValue::new(demo);
    let turn = move |number| {
        let is_last =
            Signal::derive(move || numbers.with(|numbers| numbers.last() == Some(&number)));
        let exchange = chat.exchange(number);
        let view = exchange.map(|exchange| {
            let model = team.with_value(|team| team.model.clone());
            view! { <ExchangeView key=key.get_value() number exchange model is_last /> }.into_any()
        });
        view.into_any()
    };
    let label = sentence(|words| words.chat_log);
    view! {
        <div
            class="log"
            node_ref=node
            on:scroll=on_scroll
            tabindex="0"
            role="log"
            aria-live="off"
            aria-label=move || label.get()
        >
            <div class="in">
                <Show
                    when=move || numbers.with(|numbers| !numbers.is_empty())
                    fallback=move || {
                        view! { <Empty team=team.with_value(|t| t.id.clone()) demo=demo.get_value() /> }
                    }
                >
                    {for_each(numbers.into(), turn)}
                </Show>
            </div>
        </div>
    }
}

#[component]
fn Empty(team: String, demo: Demo) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{sentence(|words| words.chat_empty_title)}</h2>
            <p class="muted">{sentence(|words| words.chat_empty_hint)}</p>
            <Prompts team demo />
        </div>
    }
}
