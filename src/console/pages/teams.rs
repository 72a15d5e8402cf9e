//! Teams: who answers for each, and opening or closing them.
//!
//! Owns: the table and its order, which is the event's. Must not own: the reason's dialog.
//! Invariant: the order is never a ranking.

pub mod closing;

use std::time::Duration;

use kiosk_wire::console::{OpenOrClosed, TeamList, TeamStateRequest};
use kiosk_wire::device::{TeamState, TeamStatus};
use kiosk_wire::event::Text;
use kiosk_wire::paths;
use leptos::{prelude::*, task::spawn_local};

use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::api::{Api, ApiError};
use crate::console::parts::failure::{Empty, Failure, Loading};
use crate::console::parts::notices::{Notices, notices};
use crate::console::parts::page_head::PageHead;
use crate::console::parts::poll::Polled;
use crate::console::parts::table::TableBox;
use crate::console::parts::team_mark::TeamMark;
use crate::console::parts::time_ago::span;
use crate::console::state::{Console, api, console, sentence};
use crate::i18n::fill;
use closing::ClosingDialog;

const RHYTHM: Duration = Duration::from_secs(2);

/// Opens and closes teams.
#[derive(Clone, Copy)]
pub struct Doors {
    api: Api,
    console: Console,
    notices: Notices,
    teams: Polled<TeamList>,
    /// The team whose closing waits for a reason.
    closing: RwSignal<Option<String>>,
}

impl Doors {
    fn open(self, team: String) {
        self.send(team, OpenOrClosed::Open, None);
    }

    fn close(self, team: String, reason: Text) {
        self.send(team, OpenOrClosed::Closed, Some(reason));
    }

    fn send(self, team: String, state: OpenOrClosed, reason: Option<Text>) {
        let request = TeamStateRequest { state, reason };
        let team_name = untrack(|| self.console.team_name(&team));
        spawn_local(async move {
            let path = paths::team_state(&team);
            let answer = self
                .api
                .post::<_, serde::de::IgnoredAny>(path, &request)
                .await;
            let words = self.console.words_untracked();
            match answer {
                Ok(_) => {
                    let done = match state {
                        OpenOrClosed::Open => words.team_opened,
                        OpenOrClosed::Closed => words.team_closed,
                    };
                    self.notices.good(fill(done, &[("team", &team_name)]));
                    self.teams.ask();
                }
                Err(error) => self.notices.failed(words, &error),
            }
        });
    }
}

/// The teams.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let console = console();
    let polled = Polled::<TeamList>::every(paths::TEAMS, RHYTHM);
    let doors = Doors {
        api: api(),
        console,
        notices: notices(),
        teams: polled,
        closing: RwSignal::new(None),
    };
    view! {
        <PageHead title=|words| words.page_teams />
        <p class="muted">{move || console.words().teams_text}</p>
        {live(move || {
            let error = polled.error.get().filter(|error| *error != ApiError::Unreachable)?;
            let on_retry = Callback::new(move |()| polled.ask());
            Some(view! { <Failure error on_retry /> }.into_any())
        })}
        <TeamTable doors />
        {live(move || {
            let team = doors.closing.get()?;
            Some(view! { <ClosingDialog team doors /> }.into_any())
        })}
    }
}

#[component]
fn TeamTable(doors: Doors) -> impl IntoView {
    let ids = Memo::new(move |_| {
        let id = |team: &TeamStatus| team.id.clone();
        doors
            .teams
            .answer
            .with(|list| Some(list.as_ref()?.teams.iter().map(id).collect::<Vec<_>>()))
    });
    live(move || {
        Some(match ids.get() {
            None => view! { <Loading /> }.into_any(),
            Some(ids) if ids.is_empty() => {
                view! { <Empty text=|words| words.teams_empty /> }.into_any()
            }
            Some(ids) => view! { <Rows ids doors /> }.into_any(),
        })
    })
}

#[component]
fn Rows(ids: Vec<String>, doors: Doors) -> impl IntoView {
    let [team, state, line, reason, act] = [
        sentence(|words| words.col_team),
        sentence(|words| words.col_answers),
        sentence(|words| words.col_line),
        sentence(|words| words.col_reason),
        sentence(|words| words.col_command),
    ];
    let rows: Vec<_> = ids
        .into_iter()
        .map(|id| view! { <TeamRow id doors /> }.into_any())
        .collect();
    view! {
        <TableBox label=sentence(|words| words.page_teams)>
            <table class="grid cards teams">
                <thead>
                    <tr>
                        <th scope="col">{move || team.get()}</th>
                        <th scope="col">{move || state.get()}</th>
                        <th scope="col">{move || line.get()}</th>
                        <th scope="col">{move || reason.get()}</th>
                        <th scope="col" class="act">{move || act.get()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
    }
}

#[component]
fn TeamRow(id: String, doors: Doors) -> impl IntoView {
    let console = doors.console;
    let wanted = id.clone();
    let status = Memo::new(move |_| {
        doors.teams.answer.with(|list| {
            list.as_ref()?
                .teams
                .iter()
                .find(|team| team.id == wanted)
                .cloned()
        })
    });
    let state =
        Memo::new(move |_| status.with(|status| status.as_ref().map(|status| status.state)));
    let line = move || status.get().map(|status| line_words(console, &status));
    let reason = move || {
        let reason = status.get()?.reason?;
        Some(reason.get(console.language()).to_owned())
    };
    let [state_th, line_th, reason_th] = [
        sentence(|words| words.col_answers),
        sentence(|words| words.col_line),
        sentence(|words| words.col_reason),
    ];
    let marked = id.clone();
    let acted = id.clone();
    view! {
        <tr data-testid="team-row" data-team=id data-state=move || state.get().map(state_code)>
            <th scope="row"><TeamMark id=marked /></th>
            <td data-th=move || state_th.get()>{live(move || state.get().map(state_view))}</td>
            <td data-th=move || line_th.get()>{line}</td>
            <td data-th=move || reason_th.get()>{reason}</td>
            <td class="act">{live(move || Some(door(&doors, acted.clone(), state.get()?)))}</td>
        </tr>
    }
}

/// The button that opens a closed team, or closes an open one.
fn door(doors: &Doors, team: String, state: TeamState) -> AnyView {
    let doors = *doors;
    let words = doors.console.words();
    let name = doors.console.team_name(&team);
    if state == TeamState::Closed {
        let label = fill(words.team_open_label, &[("team", &name)]);
        return view! {
            <button class="btn main" aria-label=label on:click=tap(move || doors.open(team.clone()))>
                {words.team_open}
            </button>
        }
        .into_any();
    }
    let label = fill(words.team_close_label, &[("team", &name)]);
    view! {
        <button class="btn" aria-label=label on:click=tap(move || doors.closing.set(Some(team.clone())))>
            {words.team_close}
        </button>
    }
    .into_any()
}

fn state_code(state: TeamState) -> &'static str {
    match state {
        TeamState::Open => "open",
        TeamState::Closed => "closed",
        TeamState::Guide => "guide",
    }
}

fn state_view(state: TeamState) -> AnyView {
    let words = console().words();
    let (icon, tone, text) = match state {
        TeamState::Open => (IconName::CircleCheck, "success", words.answers_model),
        TeamState::Guide => (IconName::Headset, "warning", words.answers_guide),
        TeamState::Closed => (IconName::Lock, "quiet", words.answers_nobody),
    };
    view! { <span class="mark" data-tone=tone><Icon name=icon /><span>{text}</span></span> }
        .into_any()
}

fn line_words(console: Console, status: &TeamStatus) -> String {
    let words = console.words();
    if status.waiting == 0 {
        return words.none.to_owned();
    }
    let wait = span(words, u64::from(status.wait_secs));
    fill(words.line, &[("n", &status.waiting), ("wait", &wait)])
}
