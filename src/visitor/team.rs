//! One team: who it is on the left, what to do on the right.

use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::event::{Demo, Note, Team};
use leptos::prelude::*;

use super::chat::prompts::Prompts;
use super::frame::{Back, Frame, StartOver};
use super::status::TeamStateLine;
use super::{causes, event, localized, sentence, settings, source_names};
use crate::components::icon::{Icon, IconName};
use crate::i18n::fill;
use crate::stores::visit::VisitStore;

#[component]
pub fn TeamScreen() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let team = visit.team().and_then(|id| event().team(&id));
    let label = sentence(|words| words.other_teams);
    view! {
        <Frame screen=Screen::Team.name()>
            <header class="head">
                <Back label />
                {team.as_ref().map(brief)}
                <StartOver />
            </header>
            <main class="team">
                {team.map(|team| view! { <Who team=team.clone() /> <Do team /> }.into_any())}
            </main>
        </Frame>
    }
}

/// The name in the head, where there is no room beside the demos for all of it.
fn brief(team: &Team) -> AnyView {
    let name = team.name.clone();
    view! {
        <div class="name brief" aria-hidden="true">
            <i class="light"></i>
            <h3>
                {localized(name)} " " <span>{team.model.clone()}</span>
            </h3>
        </div>
    }
    .into_any()
}

#[component]
fn Who(team: Team) -> impl IntoView {
    let name = localized(team.name.clone());
    // It scrolls where a team has much to tell: a keyboard must reach it.
    view! {
        <section class="who" tabindex="0" aria-label=move || name.get()>
            <div class="id">
                <i class="light" aria-hidden="true"></i>
                <div>
                    <h2 data-testid="team-title">
                        {localized(team.name)}
                    </h2>
                    <p class="model" data-testid="model-name">
                        {team.model.clone()}
                    </p>
                </div>
            </div>
            <p>{localized(team.about)}</p>
            <TeamStateLine team=team.id />
            <NoteSection
                testid="partners"
                title=sentence(|words| words.team_partners)
                note=team.partners
            />
            <NoteSection testid="plans" title=sentence(|words| words.team_plans) note=team.plans />
        </section>
    }
}

#[component]
fn NoteSection(testid: &'static str, title: Signal<&'static str>, note: Note) -> impl IntoView {
    let settings = settings();
    let event = event();
    let Note { text, sources } = note;
    let names = Signal::derive(move || {
        let names = source_names(&event.get(), &sources, settings.language());
        fill(settings.words().source, &[("names", &names)])
    });
    view! {
        <section data-testid=testid>
            <h4>{title}</h4>
            <p>{localized(text)}</p>
            <p class="src">{names}</p>
        </section>
    }
}

#[component]
fn Do(team: Team) -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let id = team.id.clone();
    let first = team
        .demos
        .first()
        .map(|demo| demo.id.clone())
        .unwrap_or_default();
    let chosen = Memo::new(move |_| visit.demo(&id).unwrap_or_else(|| first.clone()));
    let demos: Vec<_> = team
        .demos
        .iter()
        .map(|demo| demo_card(demo, chosen))
        .collect();
    view! {
        <section class="do">
            <h3>{sentence(|words| words.team_demos)}</h3>
            <div class="demos">{demos}</div>
            <h3>
                {sentence(|words| words.team_prompts)} " "
                <span>{sentence(|words| words.team_prompts_hint)}</span>
            </h3>
            {move || {
                let demo = team.demo(Some(&chosen.get())).cloned();
                demo.map(|demo| view! { <Prompts team=team.id.clone() demo /> }.into_any())
            }}
            <div class="go">
                <p class="xs muted">
                    {sentence(|words| words.ai_notice_before)} <br />
                    {sentence(|words| words.privacy_line)}
                </p>
                <button
                    class="btn primary"
                    data-testid="chat-open"
                    on:click=causes(VisitEvent::OpenChat)
                >
                    {sentence(|words| words.chat_open)}
                    <Icon name=IconName::ArrowRight />
                </button>
            </div>
        </section>
    }
}

fn demo_card(demo: &Demo, chosen: Memo<String>) -> AnyView {
    let Demo {
        id,
        name,
        shows,
        icon,
        ..
    } = demo.clone();
    let (testid, pick) = (id.clone(), id.clone());
    view! {
        <button
            class="demo"
            data-testid="demo-card"
            data-demo=testid
            aria-pressed=move || (chosen.get() == id).to_string()
            on:click=causes(VisitEvent::PickDemo(pick))
        >
            <Icon name=IconName::from_content(&icon) />
            <b>{localized(name)}</b>
            <span>{localized(shows)}</span>
        </button>
    }
    .into_any()
}
