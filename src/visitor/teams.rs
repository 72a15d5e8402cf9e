//! All teams: the same card, the same words of state, in 가나다 order.

use kiosk_core::light::hue;
use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::Team;
use leptos::prelude::*;

use super::frame::{Frame, StartOver};
use super::status::TeamStateLine;
use super::{causes, event, localized, sentence};
use crate::components::icon::{Icon, IconName};

#[component]
pub fn TeamsScreen() -> impl IntoView {
    let event = event().get();
    let cards: Vec<_> = event
        .teams
        .iter()
        .map(|team| view! { <TeamCard team=team.clone() hue=hue(&event, &team.id) /> }.into_any())
        .collect();
    view! {
        <Frame screen=Screen::Teams.name()>
            <header class="head tall">
                <div class="name">
                    <h2>{sentence(|words| words.teams_title)}</h2>
                    <p class="small muted">{sentence(|words| words.teams_hint)}</p>
                </div>
                <StartOver />
            </header>
            <main class="teams">{cards}</main>
        </Frame>
    }
}

#[component]
fn TeamCard(team: Team, hue: u32) -> impl IntoView {
    let (id, status_id) = (team.id.clone(), team.id.clone());
    let demos: Vec<_> = team
        .demos
        .iter()
        .map(|demo| {
            let (icon, name) = (IconName::from_content(&demo.icon), demo.name.clone());
            view! {
                <li>
                    <Icon name=icon />
                    <span>{localized(name)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <button
            class="card"
            data-testid="team-card"
            data-team=team.id
            style=("--hue", hue.to_string())
            on:click=causes(VisitEvent::PickTeam(id))
        >
            <div class="top">
                <i class="light" aria-hidden="true"></i>
                <Icon name=IconName::ArrowRight />
                <h3>{localized(team.name)}</h3>
            </div>
            <div class="model">{team.model.clone()}</div>
            <p class="good">{localized(team.good_at)}</p>
            <div class="try">
                <small>{sentence(|words| words.teams_try)}</small>
                <ul>{demos}</ul>
            </div>
            <TeamStateLine team=status_id />
        </button>
    }
}
