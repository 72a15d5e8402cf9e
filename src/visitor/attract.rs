//! Invites whoever passes by: words, one button, and five equal lights.

use kiosk_core::light::hue;
use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::Team;

use super::frame::{ERASED_SOON, frame};
use super::{Worded, event, settings, visit};
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::fill;

pub fn attract_screen() -> Element {
    let (visit, settings) = (visit(), settings());
    let event = event().get();
    let count = event.teams.len();
    let title = move || {
        let words = settings.first_words();
        fill(words.attract_title, &[("count", &words.number(count))])
    };
    let lights = event
        .teams
        .iter()
        .map(|team| light(team, hue(&event, &team.id)));
    let call = el("section")
        .class("call")
        .child(el("h1").say(title))
        .child(el("p").first_words(|words| words.attract_hint))
        .child(button("btn primary start", "start").first_words(|words| words.start))
        // The sentence on the button speaks of the screen.
        .causes(VisitEvent::Start);
    let lights = el("nav")
        .class("lights")
        .first_words_attr("aria-label", |words| words.teams_label)
        .children(lights);
    let main = el("main").class("attract").child(call).child(lights);
    frame(Screen::Attract.name(), ERASED_SOON, [main]).when(move || visit.can_undo(), undo)
}

fn light(team: &Team, hue: u32) -> Element {
    button("", "team-card")
        .attr("data-team", &team.id)
        .css("--hue", &hue.to_string())
        .child(el("i").class("beam").attr("aria-hidden", "true"))
        .child(el("b").localized(&team.name))
        .child(el("span").text(&team.model))
        .causes(VisitEvent::PickTeam(team.id.clone()))
}

fn undo() -> Element {
    el("div")
        .class("undo")
        .attr("role", "status")
        .child(el("span").first_words(|words| words.undo_text))
        .child(
            button("btn primary", "start-over-undo")
                .with(icon(IconName::RotateCcw))
                .first_words(|words| words.undo)
                .causes(VisitEvent::Undo),
        )
}
