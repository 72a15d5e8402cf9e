//! The conversation with one demo.

pub mod actions;
pub mod announce;
pub mod code;
pub mod composer;
pub mod exchange;
pub mod fact_error;
pub mod log;
pub mod prompts;

use kiosk_core::chat::ChatKey;
use kiosk_core::visit::Screen;
use kiosk_wire::event::{Demo, Team};

use announce::announcer;
use composer::composer;
use log::log;

use super::frame::{back, frame, start_over};
use super::{Worded, event, visit};
use crate::dom::{Element, el};

pub fn chat_screen() -> Element {
    let visit = visit();
    let place = visit.team().and_then(|id| {
        let team = event().team(&id)?;
        let demo = team.demo(visit.demo(&id).as_deref())?.clone();
        Some((team, demo))
    });
    let head = el("header")
        .class("head")
        .child(back(|words| words.team_intro));
    let head = match &place {
        Some((team, _)) => head
            .child(el("i").class("light").attr("aria-hidden", "true"))
            .child(who(team)),
        None => head,
    };
    let main = place.map(|(team, demo)| conversation(&team, &demo));
    frame(
        Screen::Chat.name(),
        |words| words.privacy_dock,
        [head.with(start_over)].into_iter().chain(main),
    )
}

fn who(team: &Team) -> Element {
    let title = el("h3")
        .text(&team.model)
        .text(" ")
        .child(el("span").class("muted").localized(&team.name));
    let notice = el("p")
        .class("xs muted")
        .testid("ai-notice")
        .words(|words| words.ai_notice);
    el("div").class("name").child(title).child(notice)
}

fn conversation(team: &Team, demo: &Demo) -> Element {
    let key = ChatKey {
        team: team.id.clone(),
        demo: demo.id.clone(),
    };
    el("main")
        .class("chat")
        .child(log(&key, team, demo))
        .child(composer(&key))
        .child(announcer(key))
}
