//! Invites whoever passes by: words, one button, and five equal lights.

use kiosk_core::light::hue;
use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::Team;
use leptos::prelude::*;

use super::frame::Frame;
use super::{causes, event, localized, sentence, settings};
use crate::components::icon::{Icon, IconName};
use crate::components::show::Show;
use crate::i18n::fill;
use crate::stores::visit::VisitStore;

#[component]
pub fn AttractScreen() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let settings = settings();
    let event = event().get();
    let count = event.teams.len();
    let title = Signal::derive(move || {
        let words = settings.words();
        fill(words.attract_title, &[("count", &words.number(count))])
    });
    let lights: Vec<_> = event
        .teams
        .iter()
        .map(|team| light(team, hue(&event, &team.id)))
        .collect();
    view! {
        <Frame screen=Screen::Attract.name()>
            <main class="attract">
                <section class="call">
                    <h1>{title}</h1>
                    <p>{sentence(|words| words.attract_hint)}</p>
                    <button
                        class="btn primary start"
                        data-testid="start"
                        on:click=causes(VisitEvent::Start)
                    >
                        {sentence(|words| words.start)}
                    </button>
                </section>
                <nav class="lights" aria-label=sentence(|words| words.teams_label)>
                    {lights}
                </nav>
            </main>
            <Show when=move || visit.can_undo()>
                <Undo />
            </Show>
        </Frame>
    }
}

fn light(team: &Team, hue: u32) -> AnyView {
    let (id, name) = (team.id.clone(), team.name.clone());
    view! {
        <button
            data-testid="team-card"
            data-team=team.id.clone()
            style=("--hue", hue.to_string())
            on:click=causes(VisitEvent::PickTeam(id))
        >
            <i class="beam" aria-hidden="true"></i>
            <b>{localized(name)}</b>
            <span>{team.model.clone()}</span>
        </button>
    }
    .into_any()
}

#[component]
fn Undo() -> impl IntoView {
    view! {
        <div class="undo" role="status">
            <span>{sentence(|words| words.undo_text)}</span>
            <button
                class="btn primary"
                data-testid="start-over-undo"
                on:click=causes(VisitEvent::Undo)
            >
                <Icon name=IconName::RotateCcw />
                {sentence(|words| words.undo)}
            </button>
        </div>
    }
}
