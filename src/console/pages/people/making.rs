//! The form that makes somebody.

use kiosk_wire::console::PersonEntry;
use leptos::{ev, prelude::*};

use super::Roster;
use crate::console::parts::field::{SelectField, TextField};

const MAX_NAME_CHARS: u32 = 64;

/// Name and role; the server makes the secret.
#[component]
pub fn MakePerson(roster: Roster) -> impl IntoView {
    let console = roster.console;
    let name = RwSignal::new(String::new());
    let role = RwSignal::new("staff".to_owned());
    let options = Signal::derive(move || {
        let codes = ["staff", "lead", "organiser"]
            .map(str::to_owned)
            .into_iter();
        let teams = console.event().map(|event| {
            event
                .teams
                .iter()
                .map(|team| format!("team:{}", team.id))
                .collect::<Vec<_>>()
        });
        codes
            .chain(teams.unwrap_or_default())
            .map(|code| (code.clone(), console.role_name(&code)))
            .collect::<Vec<_>>()
    });
    let is_held = move || roster.is_making.get() || name.with(|name| name.trim().is_empty());
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let written = name.get_untracked().trim().to_owned();
        if !written.is_empty() {
            let person = PersonEntry {
                name: written,
                role: role.get_untracked(),
            };
            roster.make(person, name);
        }
    };
    view! {
        <form class="box pad" novalidate on:submit=on_submit>
            <h2>{move || console.words().make_title}</h2>
            <p class="muted small">{move || console.words().make_text}</p>
            <TextField label=|words| words.make_name value=name max_chars=MAX_NAME_CHARS is_required=true />
            <SelectField label=|words| words.make_role value=role options />
            <button class="btn main" type="submit" aria-disabled=move || is_held().to_string()>
                {move || console.words().make}
            </button>
        </form>
    }
}
