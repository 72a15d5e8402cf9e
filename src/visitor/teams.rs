//! All teams: the same card, the same words of state, in 가나다 order.

use kiosk_core::light::hue;
use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::Team;

use super::frame::{ERASED_SOON, frame, start_over};
use super::status::team_state_line;
use super::{Worded, event};
use crate::dom::{Element, IconName, button, el, icon};

pub fn teams_screen() -> Element {
    let event = event().get();
    let cards = event
        .teams
        .iter()
        .map(|team| team_card(team, hue(&event, &team.id)));
    let name = el("div")
        .class("name")
        .child(el("h2").words(|words| words.teams_title))
        .child(el("p").class("small muted").words(|words| words.teams_hint));
    let head = el("header").class("head tall").child(name).with(start_over);
    let main = el("main").class("teams").children(cards);
    frame(Screen::Teams.name(), ERASED_SOON, [head, main])
}

fn team_card(team: &Team, hue: u32) -> Element {
    let demos = team.demos.iter().map(|demo| {
        el("li")
            .with(icon(IconName::from_content(&demo.icon)))
            .child(el("span").localized(&demo.name))
    });
    let top = el("div")
        .class("top")
        .child(el("i").class("light").attr("aria-hidden", "true"))
        .with(icon(IconName::ArrowRight))
        .child(el("h3").localized(&team.name));
    let trial = el("div")
        .class("try")
        .child(el("small").words(|words| words.teams_try))
        .child(el("ul").children(demos));
    button("card", "team-card")
        .attr("data-team", &team.id)
        .css("--hue", &hue.to_string())
        .child(top)
        .child(el("div").class("model").text(&team.model))
        .child(el("p").class("good").localized(&team.good_at))
        .child(trial)
        .with(|card| team_state_line(card, &team.id))
        .causes(VisitEvent::PickTeam(team.id.clone()))
}
