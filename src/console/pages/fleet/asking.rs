//! Questions before an order that hurts, and the field for a message.

use kiosk_wire::command::MAX_MESSAGE_CHARS;
use leptos::{ev, prelude::*};

use super::orders::{Order, Orders, Target};
use crate::components::dialog::Dialog;
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::parts::confirm::Confirm;
use crate::console::parts::field::TextField;
use crate::console::state::{console, sentence};
use crate::console::words::Words;
use crate::i18n::fill;

/// The order that waits for an answer.
pub type Asked = RwSignal<Option<(Order, Target)>>;

/// Question, what follows, and what the button says; none for an order that is sent at once.
fn question(order: &Order) -> Option<[Words; 3]> {
    match order {
        Order::Reset => Some([
            |words| words.ask_reset,
            |words| words.ask_reset_text,
            |words| words.command_reset,
        ]),
        Order::Lock => Some([
            |words| words.ask_lock,
            |words| words.ask_lock_text,
            |words| words.command_lock,
        ]),
        Order::Reload => Some([
            |words| words.ask_reload,
            |words| words.ask_reload_text,
            |words| words.command_reload,
        ]),
        Order::Revoke => Some([
            |words| words.ask_revoke,
            |words| words.ask_revoke_text,
            |words| words.command_revoke,
        ]),
        Order::Message(_) | Order::AssignTeam(_) | Order::Unlock | Order::CallAnswered => None,
    }
}

/// Shows the question that waits, if one does.
#[component]
pub fn Asking(asked: Asked, orders: Orders) -> impl IntoView {
    live(move || {
        let (order, target) = asked.get()?;
        Some(match question(&order) {
            Some(question) => view! { <AskFirst asked orders order target question /> }.into_any(),
            None => view! { <MessageDialog asked orders target /> }.into_any(),
        })
    })
}

#[component]
fn AskFirst(
    asked: Asked,
    orders: Orders,
    order: Order,
    target: Target,
    question: [Words; 3],
) -> impl IntoView {
    let console = console();
    let [title, text, action] = question;
    let named = target.clone();
    let title = Signal::derive(move || {
        let words = console.words();
        fill(title(words), &[("who", &named.name(words))])
    });
    let text = sentence(text);
    let on_confirm = Callback::new(move |()| {
        asked.set(None);
        orders.send(order.clone(), target.clone());
    });
    view! {
        <Confirm
            title
            text=Signal::derive(move || text.get().to_owned())
            action=sentence(action)
            on_confirm
            on_cancel=Callback::new(move |()| asked.set(None))
        />
    }
}

#[component]
fn MessageDialog(asked: Asked, orders: Orders, target: Target) -> impl IntoView {
    let console = console();
    let text = RwSignal::new(String::new());
    let named = target.clone();
    let title = move || {
        let words = console.words();
        fill(words.ask_message, &[("who", &named.name(words))])
    };
    let is_empty = move || text.with(|text| text.trim().is_empty());
    let on_dismiss = Callback::new(move |()| asked.set(None));
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let written = text.get_untracked().trim().to_owned();
        if !written.is_empty() {
            asked.set(None);
            orders.send(Order::Message(written), target.clone());
        }
    };
    view! {
        <Dialog label=sentence(|words| words.command_message) on_dismiss>
            <form class="asked" novalidate on:submit=send>
                <h2>{title}</h2>
                <TextField
                    label=|words| words.message_label
                    hint=|words| words.message_hint
                    value=text
                    max_chars=u32::try_from(MAX_MESSAGE_CHARS).unwrap_or(u32::MAX)
                />
                <div class="two">
                    <button class="btn" type="button" on:click=tap(move || on_dismiss.run(()))>
                        {move || console.words().cancel}
                    </button>
                    <button
                        class="btn main"
                        type="submit"
                        aria-disabled=move || is_empty().to_string()
                    >
                        {move || console.words().message_send}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
