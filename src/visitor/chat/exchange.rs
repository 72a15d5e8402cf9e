//! A question and its answer: who speaks, how far it is, and for how long.

use std::time::Duration;

use kiosk_core::chat::{Answer, ChatKey, MessageState};
use kiosk_core::language::spoken;
use kiosk_core::visit::VisitEvent;
use kiosk_wire::chat::{QueuePlace, ServedBy};
use leptos::prelude::*;

use super::actions::{actions, failure_note, follow_ups};
use super::code::copy_button;
use super::log::Follow;
use crate::dom::{Element, IconName, Prose, button, el, icon, markdown};
use crate::i18n::{Messages, fill};
use crate::stores::chat::ChatStore;
use crate::stores::ports::Ports;
use crate::tasks::spawn_local_scoped_with_cancellation;
use crate::visitor::{Worded, settings};

/// More seats than these would not be counted by eye.
const MOST_SEATS: u32 = 8;
/// A question just asked, in milliseconds since: it comes to the top. One that is shown again, after
/// coming back to the chat, stays where it is.
const JUST_ASKED_MS: u64 = 500;

/// One exchange on screen.
#[derive(Clone)]
pub struct Turn {
    pub key: ChatKey,
    pub number: u32,
    pub chat: ChatStore,
}

impl Turn {
    /// Reads the answer; tracked.
    pub fn answer<T: Default>(&self, read: impl FnOnce(&Answer) -> T) -> T {
        self.chat.answer(self.number, read)
    }

    /// How far it is; tracked.
    pub fn state(&self) -> MessageState {
        self.answer(|answer| Some(answer.state))
            .unwrap_or(MessageState::Stopped)
    }

    /// Whether any of it has come; tracked.
    pub fn has_text(&self) -> bool {
        self.answer(|answer| !answer.text.is_empty())
    }

    /// Whether it is the conversation's last; tracked.
    pub fn is_last(&self) -> bool {
        self.chat.numbers(&self.key).last() == Some(&self.number)
    }

    fn is_guide(&self) -> bool {
        self.answer(|answer| answer.served_by) == Some(ServedBy::Guide)
    }
}

/// `model` is the model's name, as the team writes it.
pub fn exchange_view(key: &ChatKey, number: u32, model: &str, follow: &Follow) -> Element {
    let chat = expect_context::<ChatStore>();
    let ports = expect_context::<Ports>();
    let turn = Turn {
        key: key.clone(),
        number,
        chat,
    };
    let question = chat.question(number);
    let question = el("p")
        .testid("message-text")
        .attr("lang", spoken(&question).code())
        .text(&question);
    let question = el("div")
        .class("me")
        .testid("message")
        .attr("data-role", "user")
        .attr("data-state", "done")
        .attr("role", "article")
        .words_attr("aria-label", |words| words.my_question)
        .child(question);
    let view = el("div")
        .class("turn")
        .child(question)
        .child(answer_view(&turn, model, follow));
    let (ended, after) = (turn.clone(), follow.clone());
    let view = follow_ups(view, &turn).follow(move || {
        // What can be done with an answer comes when it has ended.
        if !ended.state().is_live() {
            after.after_frame();
        }
    });
    let asked_ms = untrack(|| turn.answer(|answer| answer.asked_at_ms));
    if ports.monotonic_millis() < asked_ms + JUST_ASKED_MS {
        let top = view.clone();
        Effect::new_isomorphic(move || top.scroll_here());
    }
    view
}

fn answer_view(turn: &Turn, model: &str, follow: &Follow) -> Element {
    let (state, served, busy) = (turn.clone(), turn.clone(), turn.clone());
    let (guide, has_text, text) = (turn.clone(), turn.clone(), turn.clone());
    let (follow, by_follow) = (follow.clone(), follow.clone());
    let (settings, name) = (settings(), speaker(turn, model));
    let label = move || Some(fill(settings.words().answer_of, &[("name", &name())]));
    el("div")
        .class("ai")
        .attr("role", "article")
        .attr_live("aria-label", label)
        .testid("message")
        .attr("data-role", "assistant")
        .attr_live("data-state", move || Some(state.state().name().to_owned()))
        .attr_live("data-served-by", move || {
            let served_by = served.answer(|answer| answer.served_by)?;
            Some(served_name(served_by).to_owned())
        })
        .flag("aria-busy", move || busy.state().is_live())
        .child(el("i").class("light").attr("aria-hidden", "true"))
        .with(|view| byline(view, turn, model, by_follow))
        .when(move || guide.is_guide(), guide_note)
        .with(|view| queue_card(view, turn))
        .when(move || has_text.has_text(), move || prose(&text, &follow))
        .with(|view| failure_note(view, turn))
        .with(|view| actions(view, turn))
}

/// The text, as far as it has come. It is drawn once a frame, however many pieces came in between.
fn prose(turn: &Turn, follow: &Follow) -> Element {
    let (turn, spoken_in, follow) = (turn.clone(), turn.clone(), follow.clone());
    markdown(Prose {
        read: Box::new(move |draw| {
            turn.answer(|answer| draw(&answer.text, !answer.state.is_live()));
        }),
        drawn: Box::new(move || follow.after()),
        code_tools: copy_button,
    })
    .class("message-text")
    .testid("message-text")
    .attr_live("lang", move || {
        let language = spoken_in.answer(|answer| Some(spoken(&answer.text)))?;
        Some(language.code().to_owned())
    })
}

/// Whose words they are: of another model that stands in for the team's, only its id is known.
fn speaker(turn: &Turn, model: &str) -> impl Fn() -> String + use<> {
    let (turn, settings, model) = (turn.clone(), settings(), model.to_owned());
    move || {
        if turn.is_guide() {
            return settings.words().guide_name.to_owned();
        }
        let other = turn.answer(|answer| answer.model.clone().filter(|_| answer.stand_in));
        other.unwrap_or_else(|| model.clone())
    }
}

fn guide_note() -> Element {
    el("p")
        .class("note")
        .attr("data-tone", "warning")
        .with(icon(IconName::Headset))
        .child(el("span").words(|words| words.guide_answered))
}

/// Its `data-served-by`.
fn served_name(by: ServedBy) -> &'static str {
    match by {
        ServedBy::Model => "model",
        ServedBy::Guide => "guide",
    }
}

/// Adds who speaks, how far it is, and the thinking, folded.
fn byline(view: Element, turn: &Turn, model: &str, follow: Follow) -> Element {
    let settings = settings();
    let is_open = RwSignal::new(false);
    let now = seconds(turn);
    let (told, thinks, shows, timed, thought) = (
        turn.clone(),
        turn.clone(),
        turn.clone(),
        turn.clone(),
        turn.clone(),
    );
    let status = move || {
        let words = settings.words();
        told.answer(|answer| status_text(words, answer, now.get()))
    };
    let fold = move || {
        let timed = timed.clone();
        let follow = follow.clone();
        button("think", "reasoning")
            .flag("aria-expanded", move || is_open.get())
            .with(icon(IconName::ChevronDown))
            .say(move || {
                let words = settings.words();
                let secs = timed.answer(|answer| answer.thinking_secs(now.get()));
                fill(words.thinking, &[("secs", &secs.unwrap_or(1))])
            })
            .tap(move || {
                // Whoever opens it wants to read it from its beginning.
                follow.pause();
                is_open.update(|open| *open = !*open);
            })
    };
    let has_thought = move |turn: &Turn| turn.answer(|answer| answer.thinking_since_ms.is_some());
    let line = el("div")
        .class("by")
        .child(el("b").say(speaker(turn, model)))
        .child(el("span").say(status))
        .when(move || has_thought(&thinks), fold);
    view.child(line).when(
        move || is_open.get() && has_thought(&shows),
        move || {
            let thought = thought.clone();
            el("div")
                .class("thought")
                .say(move || thought.answer(|answer| answer.reasoning.clone()))
        },
    )
}

/// Milliseconds of the clock, looked at each second while the answer is waited for.
fn seconds(turn: &Turn) -> RwSignal<u64> {
    let ports = expect_context::<Ports>();
    let now = RwSignal::new(ports.monotonic_millis());
    let turn = turn.clone();
    spawn_local_scoped_with_cancellation(async move {
        loop {
            ports.get().timer.sleep(Duration::from_secs(1)).await;
            if untrack(|| turn.state().is_live()) {
                now.set(ports.monotonic_millis());
            }
        }
    });
    now
}

fn status_text(words: &Messages, answer: &Answer, now_ms: u64) -> String {
    let sentence = match answer.state {
        MessageState::Queued if answer.place.is_some() => words.answer_in_line,
        MessageState::Queued => words.answer_queued,
        MessageState::Streaming if answer.is_thinking() => words.answer_thinking,
        MessageState::Streaming => words.answer_streaming,
        MessageState::Stopped => words.answer_stopped,
        MessageState::Failed => words.answer_failed,
        MessageState::Done => words.answer_done,
    };
    fill(sentence, &[("secs", &answer.secs(now_ms))])
}

/// Adds the place in line, as long as there is one, and a way out of it.
fn queue_card(view: Element, turn: &Turn) -> Element {
    let settings = settings();
    let turn = turn.clone();
    view.live(move || {
        let place = turn.answer(|answer| answer.place)?;
        let before = place.position.saturating_sub(1).min(MOST_SEATS);
        let seats = (0..before).map(|_| el("i"));
        let seats = el("div")
            .class("seats")
            .attr("aria-hidden", "true")
            .children(seats)
            .child(el("i").class("you"));
        let card = el("div")
            .class("queue")
            .testid("queue-position")
            .attr("role", "status")
            .child(
                el("p")
                    .class("big")
                    .text(&place_text(settings.words(), place)),
            )
            .child(seats)
            .child(el("p").class("muted").text(settings.words().queue_hint));
        let leave = button("btn", "other-teams")
            .with(icon(IconName::ArrowLeft))
            .text(settings.words().queue_leave)
            .causes(VisitEvent::OtherTeams);
        Some(el("div").class("line-up").child(card).child(leave))
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
