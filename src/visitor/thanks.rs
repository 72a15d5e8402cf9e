//! Thanks, the receipt, and whether the feedback has arrived.

use std::time::Duration;

use kiosk_core::chat::Chats;
use kiosk_core::light::hue;
use kiosk_core::visit::{Screen, VisitEvent};
use kiosk_wire::receipt::receipt;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::frame::{Frame, StartOver};
use super::{causes, event, localized, sentence, settings};
use crate::components::icon::{Icon, IconName};
use crate::i18n::fill;
use crate::stores::chat::ChatStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::Ports;
use crate::stores::visit::VisitStore;

/// How long thanks stay when nobody taps.
const STAY_SECS: u32 = 20;

#[component]
pub fn ThanksScreen() -> impl IntoView {
    view! {
        <Frame screen=Screen::Thanks.name()>
            <header class="head">
                <StartOver />
            </header>
            <main class="thanks">
                <Words />
                <Slip />
            </main>
        </Frame>
    }
}

#[component]
fn Words() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let ports = expect_context::<Ports>();
    let settings = settings();
    let left = RwSignal::new(STAY_SECS);
    spawn_local_scoped_with_cancellation(async move {
        for secs in (0..STAY_SECS).rev() {
            ports.get().timer.sleep(Duration::from_secs(1)).await;
            left.set(secs);
        }
        visit.apply(VisitEvent::Finish);
    });
    view! {
        <section class="words">
            <h1>{sentence(|words| words.thanks_title)}</h1>
            <p class="lead">{sentence(|words| words.thanks_hint)}</p>
            <div class="row">
                <button
                    class="btn primary"
                    data-testid="visit-end"
                    on:click=causes(VisitEvent::Finish)
                >
                    {sentence(|words| words.thanks_finish)}
                </button>
                <button
                    class="btn tall"
                    data-testid="visit-again"
                    on:click=causes(VisitEvent::Again)
                >
                    {sentence(|words| words.thanks_again)}
                    <Icon name=IconName::ArrowRight />
                </button>
            </div>
            <p class="small muted">
                {move || fill(settings.words().thanks_leaving, &[("secs", &left.get())])}
            </p>
        </section>
    }
}

#[component]
fn Slip() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let chat = expect_context::<ChatStore>();
    let settings = settings();
    let event = event().get();
    let met = chat.read(Chats::teams);
    let last = chat.read(|chats| chats.last_key().map(|key| key.team.clone()));
    let team = last.and_then(|id| event.team(&id).cloned());
    let title = team.map(|team| {
        let name = localized(team.name);
        view! {
            <div class="row">
                <i class="light" aria-hidden="true"></i>
                <b>{name} " · " {team.model.clone()}</b>
            </div>
            <div class="cut"></div>
        }
        .into_any()
    });
    let lights: Vec<_> = event
        .teams
        .iter()
        .map(|team| {
            let state = met.contains(&team.id).then_some("lit");
            let hue = hue(&event, &team.id).to_string();
            view! { <i data-team=team.id.clone() data-state=state style=("--hue", hue)></i> }
                .into_any()
        })
        .collect();
    let (all, met) = (event.teams.len(), met.len());
    let of = Signal::derive(move || {
        let words = settings.words();
        fill(words.met_of, &[("count", &words.number(all))])
    });
    let count = Signal::derive(move || {
        let words = settings.words();
        fill(words.met_count, &[("count", &words.number(met))])
    });
    view! {
        <aside class="slip">
            {title}
            <p class="small muted">{sentence(|words| words.receipt_label)}</p>
            <p class="code" data-testid="receipt">
                {receipt(&visit.id())}
            </p>
            <Delivery />
            <div class="cut"></div>
            <div class="met">
                <p class="small">{of} <br /> <b>{count}</b></p>
                <div class="five" aria-hidden="true">
                    {lights}
                </div>
            </div>
        </aside>
    }
}

#[component]
fn Delivery() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let outbox = expect_context::<OutboxStore>();
    let is_sent = Memo::new(move |before| {
        before == Some(&true) || visit.submitted().is_some_and(|id| outbox.is_delivered(&id))
    });
    let saved = sentence(|words| words.delivery_saved);
    let sent = sentence(|words| words.delivery_sent);
    view! {
        <div
            class="note"
            role="status"
            data-testid="delivery"
            data-state=move || if is_sent.get() { "sent" } else { "saved" }
        >
            {move || {
                let icon = if is_sent.get() { IconName::CircleCheck } else { IconName::HardDrive };
                view! { <Icon name=icon /> }
            }}
            <b>{move || if is_sent.get() { sent.get() } else { saved.get() }}</b>
        </div>
    }
}
