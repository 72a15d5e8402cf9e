//! A question and its answer: who speaks, how far it is, and what can be done about it.

use kiosk_core::chat::stream::Failure;
use kiosk_core::chat::{Answer, ChatKey, Exchange, MessageState};
use kiosk_wire::chat::{QueuePlace, ServedBy};
use kiosk_wire::device::TeamState;
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::feedback::Thumb;
use leptos::{html, prelude::*};

use crate::components::icon::{Icon, IconName};
use crate::components::markdown::Markdown;
use crate::components::show::{Show, live};
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::chat::ChatStore;
use crate::stores::device::DeviceStore;
use crate::stores::visit::VisitStore;
use crate::visitor::{sentence, settings};

#[component]
pub fn ExchangeView(
    key: ChatKey,
    number: u32,
    exchange: ArcRwSignal<Exchange>,
    /// The model's name, as the team writes it.
    model: String,
    is_last: Signal<bool>,
) -> impl IntoView {
    let question = exchange.with_untracked(|exchange| exchange.question.clone());
    let exchange = RwSignal::from(exchange);
    let state = Memo::new(move |_| exchange.with(|e| e.answer.state));
    let served_by = Memo::new(move |_| exchange.with(|e| e.answer.served_by));
    let text = Signal::derive(move || exchange.with(|e| e.answer.text.clone()));
    let has_text = Memo::new(move |_| exchange.with(|e| !e.answer.text.is_empty()));
    let is_guide = move || served_by.get() == Some(ServedBy::Guide);
    let turn = NodeRef::<html::Div>::new();
    Effect::new(move || {
        // A question just asked comes to the top, whichever part of the screen scrolls;
        // one that is shown again, after coming back to the chat, stays where it is.
        if let Some(turn) = turn.get().filter(|_| untrack(|| state.get().is_live())) {
            turn.scroll_into_view();
        }
    });
    view! {
        <div class="turn" node_ref=turn>
            <div class="me" data-testid="message" data-role="user" data-state="done">
                <p data-testid="message-text">{question}</p>
            </div>
            <div
                class="ai"
                data-testid="message"
                data-role="assistant"
                data-state=move || state.get().name()
                data-served-by=move || served_by.get().map(served_name)
                aria-busy=move || state.get().is_live().to_string()
            >
                <i class="light" aria-hidden="true"></i>
                <Byline exchange model is_guide=Signal::derive(is_guide) />
                <Show when=is_guide>
                    <p class="note" data-tone="warning">
                        <Icon name=IconName::Headset />
                        <span>{sentence(|words| words.guide_answered)}</span>
                    </p>
                </Show>
                <QueueCard exchange />
                <Show when=move || has_text.get()>
                    <div class="message-text" data-testid="message-text">
                        <Markdown text />
                    </div>
                </Show>
                <FailureNote exchange team=key.team.clone() />
                <Actions key number exchange is_last />
            </div>
        </div>
    }
}

#[component]
fn Byline(exchange: RwSignal<Exchange>, model: String, is_guide: Signal<bool>) -> impl IntoView {
    let settings = settings();
    let is_thinking_open = RwSignal::new(false);
    let has_reasoning = Memo::new(move |_| exchange.with(|e| !e.answer.reasoning.is_empty()));
    let status =
        Signal::derive(move || exchange.with(|e| status_text(settings.words(), &e.answer)));
    let name = Signal::derive(move || {
        if is_guide.get() {
            settings.words().guide_name.to_owned()
        } else {
            model.clone()
        }
    });
    view! {
        <div class="by">
            <b>{name}</b>
            <span>{status}</span>
            <Show when=move || has_reasoning.get()>
                <button
                    class="think"
                    data-testid="reasoning"
                    aria-expanded=move || is_thinking_open.get().to_string()
                    on:click=tap(move || is_thinking_open.update(|open| *open = !*open))
                >
                    <Icon name=IconName::ChevronDown />
                    {sentence(|words| words.thinking)}
                </button>
            </Show>
        </div>
        <Show when=move || has_reasoning.get() && is_thinking_open.get()>
            <div class="thought">{move || exchange.with(|e| e.answer.reasoning.clone())}</div>
        </Show>
    }
}

/// Its `data-served-by`.
fn served_name(by: ServedBy) -> &'static str {
    match by {
        ServedBy::Model => "model",
        ServedBy::Guide => "guide",
    }
}

fn status_text(words: &Messages, answer: &Answer) -> String {
    match answer.state {
        MessageState::Queued if answer.place.is_some() => words.answer_in_line.to_owned(),
        MessageState::Queued => words.answer_queued.to_owned(),
        MessageState::Streaming => words.answer_streaming.to_owned(),
        MessageState::Stopped => words.answer_stopped.to_owned(),
        MessageState::Failed => words.answer_failed.to_owned(),
        MessageState::Done => {
            let ended = answer.ended_at_ms.unwrap_or(answer.asked_at_ms);
            let secs = ended
                .saturating_sub(answer.asked_at_ms)
                .div_ceil(1_000)
                .max(1);
            fill(words.answer_done, &[("secs", &secs)])
        }
    }
}

#[component]
fn QueueCard(exchange: RwSignal<Exchange>) -> impl IntoView {
    let settings = settings();
    let place = Memo::new(move |_| exchange.with(|e| e.answer.place));
    live(move || {
        place.get().map(|place| {
            // More seats than these would not be counted by eye.
            let before = usize::try_from(place.position.saturating_sub(1))
                .unwrap_or(0)
                .min(8);
            let seats: Vec<_> = (0..before).map(|_| view! { <i></i> }.into_any()).collect();
            view! {
                <div class="queue" data-testid="queue-position" role="status">
                    <p class="big">{place_text(settings.words(), place)}</p>
                    <div class="seats" aria-hidden="true">
                        {seats} <i class="you"></i>
                    </div>
                    <p class="muted">{settings.words().queue_hint}</p>
                </div>
            }
            .into_any()
        })
    })
}

fn place_text(words: &Messages, place: QueuePlace) -> String {
    match place.position.saturating_sub(1) {
        0 => fill(words.queue_next, &[("secs", &place.wait_secs)]),
        before => fill(
            words.queue_before,
            &[("count", &before), ("secs", &place.wait_secs)],
        ),
    }
}

#[component]
fn FailureNote(exchange: RwSignal<Exchange>, team: String) -> impl IntoView {
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    // Why it is closed, in the words of staff.
    let reason = Signal::derive(move || {
        let reason = device.team_status(&team)?.reason?;
        Some(reason.get(settings.language()).to_owned())
    });
    let failure = Memo::new(move |_| exchange.with(|e| e.answer.error));
    live(move || {
        failure.get().map(|failure| {
            let text = failure_text(settings.words(), failure);
            let is_closed = failure == Failure::Refused(ChatErrorCode::TeamClosed);
            let reason = reason.get().filter(|_| is_closed);
            let text =
                reason.map_or_else(|| text.to_owned(), |reason| format!("{reason} · {text}"));
            view! {
                <p class="note" data-tone="danger" role="alert">
                    <Icon name=IconName::TriangleAlert />
                    <span>{text}</span>
                </p>
            }
            .into_any()
        })
    })
}

fn failure_text(words: &Messages, failure: Failure) -> &'static str {
    let Failure::Refused(code) = failure else {
        return words.error_offline;
    };
    match code {
        ChatErrorCode::QueueFull
        | ChatErrorCode::RateLimited
        | ChatErrorCode::UpstreamRateLimited => words.error_busy,
        ChatErrorCode::UpstreamInvalid | ChatErrorCode::UpstreamUnavailable => words.error_upstream,
        ChatErrorCode::UpstreamTimeout => words.error_timeout,
        ChatErrorCode::EmptyAnswer => words.error_empty,
        ChatErrorCode::TeamClosed => words.error_closed,
        ChatErrorCode::Blocked => words.error_blocked,
        ChatErrorCode::Unauthorized => words.error_device,
        ChatErrorCode::TurnLimit => words.chat_turns_over,
        _ => words.error_other,
    }
}

#[component]
fn Actions(
    key: ChatKey,
    number: u32,
    exchange: RwSignal<Exchange>,
    is_last: Signal<bool>,
) -> impl IntoView {
    let chat = expect_context::<ChatStore>();
    let device = expect_context::<DeviceStore>();
    let key = StoredValue::new(key);
    let state = Memo::new(move |_| exchange.with(|e| e.answer.state));
    let has_text = Memo::new(move |_| exchange.with(|e| !e.answer.text.is_empty()));
    let ask_again = move || key.with_value(|key| chat.ask_again(key));
    // A closed team would take the answer that is there and give none.
    let is_closed = Signal::derive(move || {
        let status = key.with_value(|key| device.team_status(&key.team));
        status.is_some_and(|status| status.state == TeamState::Closed)
    });
    view! {
        <Show when=move || !state.get().is_live() && (has_text.get() || is_last.get())>
            <div class="acts">
                <Show when=move || has_text.get() && state.get() == MessageState::Done>
                    <ThumbButton key number exchange thumb=Thumb::Up />
                    <ThumbButton key number exchange thumb=Thumb::Down />
                </Show>
                <Show when=move || is_last.get() && state.get() == MessageState::Failed>
                    <button class="btn" data-testid="chat-retry" on:click=tap(ask_again)>
                        <Icon name=IconName::RefreshCw />
                        {sentence(|words| words.chat_retry)}
                    </button>
                </Show>
                <Show when=move || {
                    is_last.get() && state.get() != MessageState::Failed && !is_closed.get()
                }>
                    <button class="btn plain" data-testid="chat-regenerate" on:click=tap(ask_again)>
                        <Icon name=IconName::RefreshCw />
                        {sentence(|words| words.chat_regenerate)}
                    </button>
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn ThumbButton(
    key: StoredValue<ChatKey>,
    number: u32,
    exchange: RwSignal<Exchange>,
    thumb: Thumb,
) -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let chosen = Memo::new(move |_| exchange.with(|e| e.answer.thumb));
    let (testid, icon, words) = match thumb {
        Thumb::Up => (
            "thumb-up",
            IconName::ThumbsUp,
            sentence(|words| words.thumb_up),
        ),
        Thumb::Down => (
            "thumb-down",
            IconName::ThumbsDown,
            sentence(|words| words.thumb_down),
        ),
    };
    view! {
        <button
            class="btn quiet"
            data-testid=testid
            aria-pressed=move || (chosen.get() == Some(thumb)).to_string()
            aria-disabled=move || chosen.get().is_some().to_string()
            on:click=tap(move || key.with_value(|key| visit.judge(key, number, thumb)))
        >
            <Icon name=icon />
            {words}
        </button>
    }
}
