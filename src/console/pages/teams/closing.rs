//! Why a team closes, in both languages, for visitors.
//!
//! Invariant: both texts are there before the team closes.

use kiosk_wire::event::{Language, Text};
use leptos::prelude::*;

use super::Doors;
use crate::components::dialog::Dialog;
use crate::components::tap::tap;
use crate::console::parts::field::TextField;
use crate::console::state::sentence;
use crate::console::words::{Words, console_messages};
use crate::i18n::fill;

const MAX_CHARS: u32 = 80;

/// Reasons that come up; each is offered in both languages at once.
const SUGGESTIONS: [Words; 4] = [
    |words| words.reason_maintenance,
    |words| words.reason_break,
    |words| words.reason_soon,
    |words| words.reason_over,
];

/// Asks for the reason and closes the team.
#[component]
pub fn ClosingDialog(team: String, doors: Doors) -> impl IntoView {
    let console = doors.console;
    let (ko, en) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let fill_in = move |choose: Words| {
        ko.set(choose(console_messages(Language::Ko)).to_owned());
        en.set(choose(console_messages(Language::En)).to_owned());
    };
    fill_in(SUGGESTIONS[0]);
    let suggestion = move |choose: Words| {
        view! {
            <button class="btn" on:click=tap(move || fill_in(choose))>
                {move || choose(console.words())}
            </button>
        }
        .into_any()
    };
    let is_empty = move |text: RwSignal<String>| text.with(|text| text.trim().is_empty());
    let named = team.clone();
    let title = move || {
        fill(
            console.words().closing_title,
            &[("team", &console.team_name(&named))],
        )
    };
    let on_dismiss = Callback::new(move |()| doors.closing.set(None));
    let close = move || {
        let reason = Text {
            ko: ko.get_untracked().trim().to_owned(),
            en: en.get_untracked().trim().to_owned(),
        };
        if !reason.ko.is_empty() && !reason.en.is_empty() {
            doors.closing.set(None);
            doors.close(team.clone(), reason);
        }
    };
    view! {
        <Dialog label=sentence(|words| words.team_close) on_dismiss>
            <h2>{title}</h2>
            <p class="muted">{move || console.words().closing_text}</p>
            <div class="suggestions">
                {SUGGESTIONS.map(suggestion).into_iter().collect::<Vec<_>>()}
            </div>
            <TextField label=|words| words.reason_ko value=ko max_chars=MAX_CHARS lang="ko" />
            <TextField label=|words| words.reason_en value=en max_chars=MAX_CHARS lang="en" />
            <div class="two">
                <button class="btn" on:click=tap(move || on_dismiss.run(()))>
                    {move || console.words().cancel}
                </button>
                <button
                    class="btn main"
                    aria-disabled=move || (is_empty(ko) || is_empty(en)).to_string()
                    on:click=tap(close)
                >
                    {move || console.words().closing_action}
                </button>
            </div>
        </Dialog>
    }
}
