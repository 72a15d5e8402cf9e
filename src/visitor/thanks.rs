//! Thanks, the receipt, and whether the feedback has arrived.

use std::time::Duration;

use kiosk_core::chat::Chats;
use kiosk_core::light::hue;
use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::Team;
use kiosk_wire::receipt::receipt;
use leptos::prelude::*;

use super::frame::{ERASED_SOON, frame, start_over};
use super::{Worded, event, settings, visit};
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::fill;
use crate::stores::chat::ChatStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::Ports;
use crate::tasks::spawn_local_scoped_with_cancellation;

/// How long thanks stay when nobody taps.
const STAY_SECS: u32 = 20;

pub fn thanks_screen() -> Element {
    let head = el("header").class("head").with(start_over);
    // The number is read before what ends the visit.
    let main = el("main")
        .class("thanks")
        .child(words())
        .child(slip())
        .child(ways_on());
    frame(Screen::Thanks.name(), ERASED_SOON, [head, main])
}

fn words() -> Element {
    el("section")
        .class("words")
        .child(el("h1").words(|words| words.thanks_title))
        .child(el("p").class("lead").words(|words| words.thanks_hint))
}

fn ways_on() -> Element {
    let visit = visit();
    let ports = expect_context::<Ports>();
    let settings = settings();
    let left = RwSignal::new(STAY_SECS);
    spawn_local_scoped_with_cancellation(async move {
        for secs in (0..STAY_SECS).rev() {
            ports.get().timer.sleep(Duration::from_secs(1)).await;
            left.set(secs);
        }
        visit.apply(VisitEvent::Finish);
    });
    let finish = button("btn primary", "visit-end")
        .words(|words| words.thanks_finish)
        .causes(VisitEvent::Finish);
    let again = button("btn tall", "visit-again")
        .words(|words| words.thanks_again)
        .with(icon(IconName::ArrowRight))
        .causes(VisitEvent::Again);
    el("div")
        .class("on")
        .child(el("div").class("row").child(finish).child(again))
        .child(
            el("p")
                .class("small muted")
                .say(move || fill(settings.words().thanks_leaving, &[("secs", &left.get())])),
        )
}

fn slip() -> Element {
    let chat = expect_context::<ChatStore>();
    let event = event().get();
    let met = chat.read(Chats::teams);
    let last = chat.read(|chats| chats.last_key().map(|key| key.team.clone()));
    let slip = el("aside").class("slip");
    let slip = match last.and_then(|id| event.team(&id)) {
        Some(team) => slip.child(title(team)).child(el("div").class("cut")),
        None => slip,
    };
    let lights = event.teams.iter().map(|team| {
        let light = el("i")
            .attr("data-team", &team.id)
            .css("--hue", &hue(&event, &team.id).to_string());
        if met.contains(&team.id) {
            light.attr("data-state", "lit")
        } else {
            light
        }
    });
    let five = el("div")
        .class("five")
        .attr("aria-hidden", "true")
        .children(lights);
    slip.child(
        el("p")
            .class("small muted")
            .words(|words| words.receipt_label),
    )
    .child(
        el("p")
            .class("code")
            .testid("receipt")
            .text(&receipt(&visit().id()).unwrap_or_default()),
    )
    .child(delivery())
    .child(el("div").class("cut"))
    .child(
        el("div")
            .class("met")
            .child(counted(event.teams.len(), met.len()))
            .child(five),
    )
}

fn title(team: &Team) -> Element {
    let name = el("b").localized(&team.name).text(" · ").text(&team.model);
    el("div")
        .class("row")
        .child(el("i").class("light").attr("aria-hidden", "true"))
        .child(name)
}

fn counted(all: usize, met: usize) -> Element {
    let settings = settings();
    let number = move |sentence: &str, count| {
        fill(
            sentence,
            &[("count", &settings.first_words().number(count))],
        )
    };
    el("p")
        .class("small")
        .say(move || number(settings.words().met_of, all))
        .child(el("br"))
        .child(el("b").say(move || number(settings.words().met_count, met)))
}

fn delivery() -> Element {
    let visit = visit();
    let outbox = expect_context::<OutboxStore>();
    let settings = settings();
    let is_sent = Memo::new(move |before| {
        before == Some(&true) || visit.submitted().is_some_and(|id| outbox.is_delivered(&id))
    });
    el("div")
        .class("note")
        .attr("role", "status")
        .testid("delivery")
        .attr_live("data-state", move || {
            Some(if is_sent.get() { "sent" } else { "saved" }.to_owned())
        })
        .live(move || {
            let words = settings.words();
            let (name, text) = if is_sent.get() {
                (IconName::CircleCheck, words.delivery_sent)
            } else {
                (IconName::HardDrive, words.delivery_saved)
            };
            let line = el("div").class("row").with(icon(name));
            [line.child(el("b").text(text))]
        })
}
