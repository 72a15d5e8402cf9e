//! One team: who it is on the left, what to do on the right.

use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::{Demo, Note, Team};
use leptos::prelude::*;

use super::chat::prompts::prompts;
use super::frame::{ERASED_SOON, back, frame, start_over};
use super::status::team_state_line;
use super::{Worded, Words, event, settings, source_names, visit};
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::fill;

pub fn team_screen() -> Element {
    let team = visit().team().and_then(|id| event().team(&id));
    let head = el("header")
        .class("head")
        .child(back(|words| words.other_teams))
        .children(team.as_ref().map(brief))
        .with(start_over);
    let main = el("main").class("team");
    let main = match team {
        Some(team) => main.child(who(&team)).child(trial(team)),
        None => main,
    };
    frame(Screen::Team.name(), ERASED_SOON, [head, main])
}

/// The name in the head, where there is no room beside the demos for all of it.
fn brief(team: &Team) -> Element {
    let title = el("h3")
        .localized(&team.name)
        .text(" ")
        .child(el("span").text(&team.model));
    el("div")
        .class("name brief")
        .attr("aria-hidden", "true")
        .child(el("i").class("light"))
        .child(title)
}

fn who(team: &Team) -> Element {
    let title = el("div")
        .child(el("h2").testid("team-title").localized(&team.name))
        .child(
            el("p")
                .class("model")
                .testid("model-name")
                .text(&team.model),
        );
    let id = el("div")
        .class("id")
        .child(el("i").class("light").attr("aria-hidden", "true"))
        .child(title);
    // It scrolls where a team has much to tell: a keyboard must reach it.
    el("section")
        .class("who")
        .attr("tabindex", "0")
        .localized_attr("aria-label", &team.name)
        .child(id)
        .child(el("p").localized(&team.about))
        .with(|section| team_state_line(section, &team.id))
        .child(note(
            "partners",
            |words| words.team_partners,
            &team.partners,
        ))
        .child(note("plans", |words| words.team_plans, &team.plans))
}

fn note(testid: &'static str, title: Words, note: &Note) -> Element {
    let (settings, event, sources) = (settings(), event(), note.sources.clone());
    let names = move || {
        let names = source_names(&event.get(), &sources, settings.language());
        fill(settings.words().source, &[("names", &names)])
    };
    el("section")
        .testid(testid)
        .child(el("h4").words(title))
        .child(el("p").localized(&note.text))
        .child(el("p").class("src").say(names))
}

fn trial(team: Team) -> Element {
    let visit = visit();
    let id = team.id.clone();
    let first = team
        .demos
        .first()
        .map(|demo| demo.id.clone())
        .unwrap_or_default();
    let chosen = Memo::new(move |_| visit.demo(&id).unwrap_or_else(|| first.clone()));
    let demos = team.demos.iter().map(|demo| demo_card(demo, chosen));
    let hint = el("span").words(|words| words.team_prompts_hint);
    el("section")
        .class("do")
        .child(el("h3").words(|words| words.team_demos))
        .child(el("div").class("demos").children(demos))
        .child(
            el("h3")
                .words(|words| words.team_prompts)
                .text(" ")
                .child(hint),
        )
        .live(move || {
            let demo = team.demo(Some(&chosen.get()));
            demo.map(|demo| prompts(&team.id, demo))
        })
        .child(go())
}

fn go() -> Element {
    let notice = el("p")
        .class("xs muted")
        .words(|words| words.ai_notice_before)
        .text(" ")
        .child(el("br"))
        .words(|words| words.privacy_line);
    el("div").class("go").child(notice).child(
        button("btn primary", "chat-open")
            .words(|words| words.chat_open)
            .with(icon(IconName::ArrowRight))
            .causes(VisitEvent::OpenChat),
    )
}

fn demo_card(demo: &Demo, chosen: Memo<String>) -> Element {
    let id = demo.id.clone();
    button("demo", "demo-card")
        .attr("data-demo", &demo.id)
        .flag("aria-pressed", move || chosen.with(|chosen| *chosen == id))
        .with(icon(IconName::from_content(&demo.icon)))
        .child(el("b").localized(&demo.name))
        .child(el("span").localized(&demo.shows))
        .causes(VisitEvent::PickDemo(demo.id.clone()))
}
