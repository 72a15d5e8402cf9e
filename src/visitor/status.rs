//! How a team is doing now, in words beside an icon.

use kiosk_wire::device::{TeamState, TeamStatus};
use leptos::prelude::*;

use super::settings;
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::i18n::fill;
use crate::stores::device::DeviceStore;

#[component]
pub fn TeamStateLine(team: String) -> impl IntoView {
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    live(move || {
        let words = settings.words();
        let status = device.team_status(&team);
        let (state, icon) = look(status.as_ref());
        let text = match &status {
            None => words.state_unknown.to_owned(),
            Some(status) => match status.state {
                TeamState::Guide => words.state_guide.to_owned(),
                TeamState::Closed => status.reason.as_ref().map_or_else(
                    || words.state_closed.to_owned(),
                    |reason| reason.get(settings.language()).to_owned(),
                ),
                TeamState::Open if status.waiting > 0 => fill(
                    words.state_waiting,
                    &[("count", &status.waiting), ("secs", &status.wait_secs)],
                ),
                TeamState::Open => words.state_open.to_owned(),
            },
        };
        view! {
            <div class="state" data-state=state>
                <Icon name=icon />
                <span>{text}</span>
            </div>
        }
        .into_any()
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
