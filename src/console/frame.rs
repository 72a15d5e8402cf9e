//! What stands around every page: sign-in in its place, the header, notices, the server's absence.
//!
//! Owns: the addresses and who is shown which. Must not own: what a page shows.
//! Invariant: the address never changes by signing in or out, so the page that was asked for comes
//! back.

pub mod header;

use std::time::Duration;

use kiosk_wire::console::WhoAmI;
use kiosk_wire::device::Ping;
use kiosk_wire::paths;
use leptos::prelude::*;
use leptos::task::{spawn_local, spawn_local_scoped_with_cancellation};
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::{NavigateOptions, path};

use super::api::{Api, ApiError};
use super::pages::audit::AuditPage;
use super::pages::fleet::FleetPage;
use super::pages::pack::PackPage;
use super::pages::people::PeoplePage;
use super::pages::results::ResultsPage;
use super::pages::sign_in::SignInPage;
use super::pages::teams::TeamsPage;
use super::parts::failure::Loading;
use super::parts::notices::NoticeList;
use super::parts::page_head::PageHead;
use super::session::{Least, Role, Session, SignedIn};
use super::state::{Console, api, console};
use crate::components::icon::{Icon, IconName};
use crate::components::show::{Show, live};
use header::Header;

const TRY_AGAIN: Duration = Duration::from_secs(2);

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let session: Session = expect_context();
    spawn_local(who_am_i(api(), session, console()));
    let seat = Memo::new(move |_| match session.get() {
        SignedIn::Unknown => Seat::Unknown,
        SignedIn::Nobody => Seat::Nobody,
        SignedIn::Somebody(who) => match Role::from_code(&who.role) {
            Role::Team(team) => Seat::Team(team),
            Role::Staff | Role::Lead | Role::Organiser => Seat::Desk,
        },
    });
    view! {
        <Router>
            <div class="app">
                <Header />
                <Absence />
                {live(move || match seat.get() {
                    Seat::Unknown => view! { <main><Loading /></main> }.into_any(),
                    Seat::Nobody => view! { <main><SignInPage /></main> }.into_any(),
                    Seat::Team(team) => view! { <main><PackPage team /></main> }.into_any(),
                    Seat::Desk => view! { <main><Pages /></main> }.into_any(),
                })}
                <NoticeList />
            </div>
        </Router>
    }
}

/// Who sits here, as far as it decides what is shown.
#[derive(Clone, PartialEq, Eq)]
enum Seat {
    Unknown,
    Nobody,
    Team(String),
    Desk,
}

/// Asks who is signed in until the server says it, and then for the event.
async fn who_am_i(api: Api, session: Session, console: Console) {
    let timer = console.ports().get().timer.clone();
    loop {
        match api.get::<WhoAmI>(paths::SESSION).await {
            Ok(who) => session.begin(who),
            Err(ApiError::SignedOut) => {}
            Err(_) => {
                timer.sleep(TRY_AGAIN).await;
                continue;
            }
        }
        break;
    }
    console.load_event(api).await;
}

/// Says that the server is away, for as long as it is; what was loaded stays. Meanwhile it asks for
/// the server itself: most pages have nothing that would notice its return.
#[component]
fn Absence() -> impl IntoView {
    let api = api();
    let console = console();
    let is_away = Memo::new(move |_| !api.is_reachable());
    Effect::new(move || {
        if is_away.get() {
            let timer = console.ports().get().timer.clone();
            spawn_local_scoped_with_cancellation(async move {
                loop {
                    timer.sleep(TRY_AGAIN).await;
                    api.get::<Ping>(paths::PING).await.ok();
                }
            });
        }
    });
    view! {
        <div role="status">
            <Show when=is_away>
                <p class="absence">
                    <Icon name=IconName::WifiOff />
                    <span>{move || console.words().server_away}</span>
                </p>
            </Show>
        </div>
    }
}

#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <UnknownPage /> }>
            <Route path=path!("/console") view=Start />
            <Route path=path!("/console/fleet") view=FleetPage />
            <Route path=path!("/console/teams") view=|| guarded(Least::Lead, || view! { <TeamsPage /> }.into_any()) />
            <Route path=path!("/console/results") view=|| guarded(Least::Organiser, || view! { <ResultsPage /> }.into_any()) />
            <Route path=path!("/console/people") view=|| guarded(Least::Organiser, || view! { <PeoplePage /> }.into_any()) />
            <Route path=path!("/console/audit") view=|| guarded(Least::Organiser, || view! { <AuditPage /> }.into_any()) />
        </Routes>
    }
}

/// The first page of everybody.
#[component]
fn Start() -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        ..NavigateOptions::default()
    };
    view! { <Redirect path="/console/fleet" options /> }
}

/// A page, or kind words for a role that may not see it.
fn guarded(least: Least, page: fn() -> AnyView) -> AnyView {
    let session: Session = expect_context();
    live(move || {
        if session.may(least) {
            page()
        } else {
            view! { <NotForYou /> }.into_any()
        }
    })
}

#[component]
fn NotForYou() -> impl IntoView {
    let console = console();
    view! {
        <PageHead title=|words| words.not_for_you_title />
        <p class="empty">{move || console.words().not_for_you}</p>
    }
}

#[component]
fn UnknownPage() -> impl IntoView {
    let console = console();
    view! {
        <PageHead title=|words| words.unknown_page_title />
        <p class="empty">
            <a class="link" href="/console/fleet">{move || console.words().unknown_page}</a>
        </p>
    }
}
