//! What can be done about an answer: judge it, ask again, report it, go on from it.

use kiosk_core::chat::MessageState;
use kiosk_core::chat::stream::Failure;
use kiosk_core::language::spoken;
use kiosk_core::visit::VisitEvent;
use kiosk_wire::device::TeamState;
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::feedback::Thumb;
use leptos::prelude::*;

use super::exchange::Turn;
use super::fact_error::report_dialog;
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::Messages;
use crate::stores::device::DeviceStore;
use crate::visitor::parts::{alert, failure_alert};
use crate::visitor::{Worded, Words, settings, visit};

/// Questions that suit any answer.
const FOLLOW_UPS: [Words; 3] = [
    |words| words.follow_simpler,
    |words| words.follow_example,
    |words| words.follow_language,
];

/// Adds why an answer failed, and whom else there is to ask.
pub fn failure_note(view: Element, turn: &Turn) -> Element {
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    let turn = turn.clone();
    view.live(move || {
        let failure = turn.answer(|answer| answer.error)?;
        if let Some(sentence) = turn.answer(|answer| answer.sentence.clone()) {
            // It stays in the language that was asked for, whatever the page speaks by now.
            let language = spoken(&sentence).code();
            let sentence = el("span").attr("lang", language).text(&sentence);
            // It may be for somebody in distress: nothing went wrong here.
            return Some(alert("info", IconName::Info, sentence));
        }
        let text = failure_text(settings.words(), failure);
        let is_closed = failure == Failure::Refused(ChatErrorCode::TeamClosed);
        // Why it is closed, in the words of staff.
        let status = device.team_status(&turn.key.team).filter(|_| is_closed);
        let text = status.and_then(|status| status.reason).map_or_else(
            || text.to_owned(),
            |reason| [reason.get(settings.language()), " · ", text].concat(),
        );
        Some(failure_alert(el("span").text(&text)))
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

/// Adds the buttons below an answer that is over.
pub fn actions(view: Element, turn: &Turn) -> Element {
    let is_reporting = RwSignal::new(false);
    let (shown, row, reported) = (turn.clone(), turn.clone(), turn.clone());
    view.when(
        move || !shown.state().is_live() && (shown.has_text() || shown.is_last()),
        move || action_row(&row, is_reporting),
    )
    .when(
        move || is_reporting.get(),
        move || report_dialog(&reported, move || is_reporting.set(false)),
    )
}

fn action_row(turn: &Turn, is_reporting: RwSignal<bool>) -> Element {
    let device = expect_context::<DeviceStore>();
    let turn = turn.clone();
    el("div").class("acts").live(move || {
        let (state, is_last) = (turn.state(), turn.is_last());
        let is_done = state == MessageState::Done && turn.has_text();
        let is_failed = state == MessageState::Failed;
        // A closed team would take the answer that is there and give none.
        let status = device.team_status(&turn.key.team);
        let is_closed = status.is_some_and(|status| status.state == TeamState::Closed);
        let again = turn.clone();
        let ask_again = move || again.chat.ask_again(&again.key);
        let report = move || {
            button("btn plain", "report-fact-error")
                .with(icon(IconName::TriangleAlert))
                .words(|words| words.report)
                .tap(move || is_reporting.set(true))
        };
        let retry = button("btn", "chat-retry")
            .with(icon(IconName::RefreshCw))
            .words(|words| words.chat_retry)
            .tap(ask_again.clone());
        let regenerate = button("btn plain", "chat-regenerate")
            .with(icon(IconName::RefreshCw))
            .words(|words| words.chat_regenerate)
            .tap(ask_again);
        let leave = button("btn", "other-teams")
            .with(icon(IconName::ArrowLeft))
            .words(|words| words.other_teams_instead)
            .causes(VisitEvent::OtherTeams);
        [
            is_done.then(|| thumb_button(&turn, Thumb::Up)),
            is_done.then(|| thumb_button(&turn, Thumb::Down)),
            (is_last && is_failed).then_some(retry),
            (is_last && is_failed).then_some(leave),
            (is_last && !is_failed && !is_closed).then_some(regenerate),
            is_done.then(report),
        ]
        .into_iter()
        .flatten()
    })
}

fn thumb_button(turn: &Turn, thumb: Thumb) -> Element {
    let visit = visit();
    let (testid, name, words): (_, _, Words) = match thumb {
        Thumb::Up => ("thumb-up", IconName::ThumbsUp, |words| words.thumb_up),
        Thumb::Down => ("thumb-down", IconName::ThumbsDown, |words| words.thumb_down),
    };
    let (pressed, disabled, judged) = (turn.clone(), turn.clone(), turn.clone());
    button("btn quiet", testid)
        .flag("aria-pressed", move || {
            pressed.answer(|answer| answer.thumb) == Some(thumb)
        })
        .flag("aria-disabled", move || {
            disabled.answer(|answer| answer.thumb.is_some())
        })
        .with(icon(name))
        .words(words)
        .tap(move || visit.judge(&judged.key, judged.number, thumb))
}

/// Adds ways to go on, below the conversation's last answer.
pub fn follow_ups(view: Element, turn: &Turn) -> Element {
    let (shown, asked) = (turn.clone(), turn.clone());
    view.when(
        move || shown.is_last() && shown.state() == MessageState::Done,
        move || {
            let chips = FOLLOW_UPS.map(|words| follow_up(&asked, words));
            el("div").class("follow").children(chips)
        },
    )
}

fn follow_up(turn: &Turn, words: Words) -> Element {
    let settings = settings();
    let turn = turn.clone();
    button("btn", "follow-up").words(words).tap(move || {
        let question = words(settings.words_untracked());
        turn.chat.ask(&turn.key, question);
    })
}
