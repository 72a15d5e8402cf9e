//! The audit: who did what, newest first.
//!
//! Owns: paging and the words of actions. Must not own: the record itself.
//! Invariant: an action this build does not know is shown by its code.

use kiosk_wire::console::{AuditItem, Fleet};
use kiosk_wire::paths;
use leptos::{prelude::*, task::spawn_local};

use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::api::{Api, ApiError};
use crate::console::parts::failure::{Empty, Failure, Loading};
use crate::console::parts::page_head::PageHead;
use crate::console::parts::poll::Polled;
use crate::console::parts::table::TableBox;
use crate::console::state::{Console, api, console, sentence};
use crate::console::words::ConsoleMessages;

type Page = kiosk_wire::console::AuditPage;

/// What was loaded so far.
#[derive(Clone, Copy)]
struct Record {
    api: Api,
    items: RwSignal<Option<Vec<AuditItem>>>,
    next: RwSignal<Option<String>>,
    error: RwSignal<Option<ApiError>>,
}

impl Record {
    /// Loads what comes after the last one.
    fn load(self) {
        let next = self.next.get_untracked();
        let path = match &next {
            Some(cursor) => format!("{}?cursor={cursor}", paths::AUDIT),
            None => paths::AUDIT.to_owned(),
        };
        spawn_local(async move {
            match self.api.get::<Page>(path).await {
                Ok(page) => {
                    self.error.set(None);
                    self.items
                        .update(|items| items.get_or_insert_default().extend(page.items));
                    self.next.set(page.next_cursor);
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

/// The audit.
#[component]
pub fn AuditPage() -> impl IntoView {
    let console = console();
    let record = Record {
        api: api(),
        items: RwSignal::new(None),
        next: RwSignal::new(None),
        error: RwSignal::new(None),
    };
    let api = record.api;
    Effect::new(move |before: Option<u32>| {
        let returns = api.returns();
        // What was loaded stays; only what failed is loaded again.
        if before.is_none() || record.error.with_untracked(Option::is_some) {
            record.load();
        }
        returns
    });
    let fleet = Polled::<Fleet>::once(paths::DEVICES);
    let is_empty = Memo::new(move |_| record.items.with(|items| items.as_ref().map(Vec::is_empty)));
    view! {
        <PageHead title=|words| words.page_audit />
        <p class="muted">{move || console.words().audit_text}</p>
        {live(move || match is_empty.get() {
            None => record.error.get().is_none().then(|| view! { <Loading /> }.into_any()),
            Some(true) => Some(view! { <Empty text=|words| words.audit_empty /> }.into_any()),
            Some(false) => Some(view! { <Rows record fleet /> }.into_any()),
        })}
        {live(move || {
            let error = record.error.get().filter(|error| *error != ApiError::SignedOut)?;
            let on_retry = Callback::new(move |()| record.load());
            Some(view! { <Failure error on_retry /> }.into_any())
        })}
        {live(move || {
            record.next.get()?;
            let more = view! {
                <button class="btn more" on:click=tap(move || record.load())>
                    {console.words().audit_more}
                </button>
            };
            Some(more.into_any())
        })}
    }
}

#[component]
fn Rows(record: Record, fleet: Polled<Fleet>) -> impl IntoView {
    let console = console();
    let [at_th, who_th, action_th, target_th] = [
        sentence(|words| words.col_at),
        sentence(|words| words.col_who),
        sentence(|words| words.col_action),
        sentence(|words| words.col_target),
    ];
    let row = move |item: AuditItem| {
        let who = name_of(console, fleet, &item.who);
        let done_to = target_words(console, fleet, &item.target);
        view! {
            <tr data-testid="audit-row">
                <td data-th=at_th.get() class="num-start">{console.date_time(&item.at)}</td>
                <td data-th=who_th.get()>{who}</td>
                <td data-th=action_th.get()>{action_words(console.words(), &item.action)}</td>
                <td data-th=target_th.get()>{done_to}</td>
            </tr>
        }
        .into_any()
    };
    let rows = move || {
        record
            .items
            .get()
            .unwrap_or_default()
            .into_iter()
            .map(row)
            .collect::<Vec<_>>()
    };
    view! {
        <TableBox label=sentence(|words| words.page_audit)>
            <table class="grid cards">
                <thead>
                    <tr>
                        <th scope="col">{move || at_th.get()}</th>
                        <th scope="col">{move || who_th.get()}</th>
                        <th scope="col">{move || action_th.get()}</th>
                        <th scope="col">{move || target_th.get()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
    }
}

/// A tablet or a team by its name, a person with the role in words; anything else as it is.
fn name_of(console: Console, fleet: Polled<Fleet>, who: &str) -> String {
    let id = who.strip_prefix("device ").unwrap_or(who);
    let tablet = fleet.answer.with(|fleet| {
        let device = fleet
            .as_ref()?
            .devices
            .iter()
            .find(|device| device.device_id == id)?;
        Some(device.name.clone())
    });
    tablet.unwrap_or_else(|| match person(id) {
        Some((name, role)) => format!("{name} · {}", console.role_name(role)),
        None => console.team_name(id),
    })
}

/// What something was done to: every tablet, a team with its new state, or a name.
fn target_words(console: Console, fleet: Polled<Fleet>, target: &str) -> String {
    let words = console.words();
    if target == "all" {
        return words.target_all.to_owned();
    }
    match target.rsplit_once(' ') {
        Some((team, "open")) => format!("{} · {}", console.team_name(team), words.team_open),
        Some((team, "closed")) => format!("{} · {}", console.team_name(team), words.team_close),
        _ => name_of(console, fleet, target),
    }
}

/// `first (organiser)` as name and role.
fn person(who: &str) -> Option<(&str, &str)> {
    let (name, role) = who.strip_suffix(')')?.rsplit_once(" (")?;
    let is_role = matches!(role, "staff" | "lead" | "organiser") || role.starts_with("team:");
    is_role.then_some((name, role))
}

/// What was done, in words.
fn action_words(words: &ConsoleMessages, action: &str) -> String {
    match action {
        "device.pair" => words.action_device_pair,
        "device.revoke" => words.action_device_revoke,
        "device.reset" => words.action_device_reset,
        "team.state" => words.action_team_state,
        "feedback.export" => words.action_feedback_export,
        "feedback.import" => words.action_feedback_import,
        "feedback.erase" => words.action_feedback_erase,
        "feedback.expire" => words.action_feedback_expire,
        "session.start" => words.action_session_start,
        "people.make" => words.action_people_make,
        "people.remove" => words.action_people_remove,
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_from_other_things() {
        assert_eq!(person("first (organiser)"), Some(("first", "organiser")));
        assert_eq!(
            person("김 (하나) (team:skt)"),
            Some(("김 (하나)", "team:skt"))
        );
        assert_eq!(person("report (1).json"), None);
        assert_eq!(person("skt"), None);
    }
}
