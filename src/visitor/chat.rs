//! The conversation with one demo.

pub mod announce;
pub mod composer;
pub mod exchange;
pub mod log;
pub mod prompts;

use kiosk_core::chat::ChatKey;
use kiosk_core::visit::Screen;
use kiosk_wire::event::{Demo, Team};
use leptos::prelude::*;

use announce::Announcer;
use composer::Composer;
use log::Log;

use super::frame::{Back, Frame, StartOver};
use super::{event, localized, sentence};
use crate::stores::visit::VisitStore;

#[component]
pub fn ChatScreen() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let place = visit.team().and_then(|id| {
        let team = event().team(&id)?;
        let demo = team.demo(visit.demo(&id).as_deref())?.clone();
        Some((team, demo))
    });
    let label = sentence(|words| words.team_intro);
    view! {
        <Frame screen=Screen::Chat.name() truth=|words| words.privacy_dock>
            <header class="head">
                <Back label />
                {place.as_ref().map(|(team, _)| who(team))}
                <StartOver />
            </header>
            {place.map(|(team, demo)| view! { <Conversation team demo /> }.into_any())}
        </Frame>
    }
}

fn who(team: &Team) -> AnyView {
    let name = team.name.clone();
    view! {
        <i class="light" aria-hidden="true"></i>
        <div class="name">
            <h3>
                {team.model.clone()} " "
                <span class="muted">{localized(name)}</span>
            </h3>
            <p class="xs muted" data-testid="ai-notice">
                {sentence(|words| words.ai_notice)}
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Conversation(team: Team, demo: Demo) -> impl IntoView {
    let key = ChatKey {
        team: team.id.clone(),
        demo: demo.id.clone(),
    };
    view! {
        <main class="chat">
            <Log key=key.clone() team demo />
            <Composer key=key.clone() />
            <Announcer key />
        </main>
    }
}
