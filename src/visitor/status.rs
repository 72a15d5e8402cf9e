//! How a team is doing now, in words beside an icon.

use kiosk_wire::device::{TeamState, TeamStatus};
use kiosk_wire::event::Language;
use leptos::prelude::*;

use super::settings;
use crate::dom::{Element, IconName, el, icon};
use crate::i18n::{Messages, fill};
use crate::stores::device::DeviceStore;

/// Adds the line to what tells of the team.
pub fn team_state_line(parent: Element, team: &str) -> Element {
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    let team = team.to_owned();
    parent.live(move || {
        let status = device.team_status(&team);
        let (state, name) = look(status.as_ref());
        let text = state_words(settings.words(), settings.language(), status.as_ref());
        let line = el("div").class("state").attr("data-state", state);
        [line.with(icon(name)).child(el("span").text(&text))]
    })
}

fn look(status: Option<&TeamStatus>) -> (&'static str, IconName) {
    match status {
        None => ("unknown", IconName::WifiOff),
        Some(status) => match status.state {
            TeamState::Guide => ("guide", IconName::Headset),
            TeamState::Closed => ("closed", IconName::Moon),
            TeamState::Open if status.waiting > 0 => ("waiting", IconName::Users),
            TeamState::Open => ("open", IconName::CircleCheck),
        },
    }
}

fn state_words(words: &Messages, language: Language, status: Option<&TeamStatus>) -> String {
    let Some(status) = status else {
        return words.state_unknown.to_owned();
    };
    match status.state {
        TeamState::Guide => words.state_guide.to_owned(),
        TeamState::Closed => status.reason.as_ref().map_or_else(
            || words.state_closed.to_owned(),
            |reason| reason.get(language).to_owned(),
        ),
        TeamState::Open if status.waiting > 0 => fill(
            words.state_waiting,
            &[("count", &status.waiting), ("secs", &status.wait_secs)],
        ),
        TeamState::Open => words.state_open.to_owned(),
    }
}
