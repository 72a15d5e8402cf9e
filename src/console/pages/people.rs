//! People: who can sign in, making somebody, taking access away.
//!
//! Owns: the list. Must not own: the secret beyond the dialog that shows it once.
//! Invariant: nobody takes their own access away here.

pub mod making;
pub mod path_segment;
pub mod secret_dialog;

use kiosk_wire::console::{People, PersonEntry, PersonMade};
use kiosk_wire::paths;
use leptos::{prelude::*, task::spawn_local};

use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::api::{Api, ApiError};
use crate::console::parts::confirm::Confirm;
use crate::console::parts::failure::{Failure, Loading};
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::notices::{Notices, notices};
use crate::console::parts::page_head::PageHead;
use crate::console::parts::poll::Polled;
use crate::console::parts::table::TableBox;
use crate::console::session::Session;
use crate::console::state::{Console, api, console, sentence};
use crate::i18n::fill;
use making::MakePerson;
use path_segment::path_segment;
use secret_dialog::SecretDialog;

/// Who always exists, so that nobody is ever locked out.
const FIRST: &str = "first";

/// The list, and what is done about it.
#[derive(Clone, Copy)]
pub struct Roster {
    api: Api,
    console: Console,
    notices: Notices,
    people: Polled<People>,
    /// Who was made last; the secret is here until the dialog closes.
    made: RwSignal<Option<PersonMade>>,
    /// Whose removal waits for an answer.
    leaving: RwSignal<Option<PersonEntry>>,
    /// Whether somebody is being made.
    is_making: RwSignal<bool>,
}

impl Roster {
    /// Makes somebody; what was written stays in its field until that has worked.
    fn make(self, person: PersonEntry, written: RwSignal<String>) {
        if self.is_making.get_untracked() {
            return;
        }
        self.is_making.set(true);
        spawn_local(async move {
            let answer = self.api.post::<_, PersonMade>(paths::PEOPLE, &person).await;
            self.is_making.set(false);
            let words = self.console.words_untracked();
            match answer {
                Ok(made) => {
                    written.set(String::new());
                    self.made.set(Some(made));
                    self.people.ask();
                }
                // The server says it in English only.
                Err(ApiError::Invalid(_)) => {
                    let refused = fill(words.make_refused, &[("name", &person.name)]);
                    self.notices.bad(refused);
                }
                Err(error) => self.notices.failed(words, &error),
            }
        });
    }

    fn remove(self, person: PersonEntry) {
        spawn_local(async move {
            let path = paths::person(&path_segment(&person.name));
            let answer = self.api.delete(path).await;
            let words = self.console.words_untracked();
            match answer {
                Ok(()) => {
                    self.notices
                        .good(fill(words.person_removed, &[("name", &person.name)]));
                    self.people.ask();
                }
                Err(error) => self.notices.failed(words, &error),
            }
        });
    }
}

/// The people.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let roster = Roster {
        api: api(),
        console: console(),
        notices: notices(),
        people: Polled::once(paths::PEOPLE),
        made: RwSignal::new(None),
        leaving: RwSignal::new(None),
        is_making: RwSignal::new(false),
    };
    view! {
        <PageHead title=|words| words.page_people />
        <div class="split">
            <PeopleList roster />
            <div class="side"><MakePerson roster /></div>
        </div>
        {live(move || {
            let made = roster.made.get()?;
            Some(view! { <SecretDialog made shown=roster.made /> }.into_any())
        })}
        {live(move || {
            let person = roster.leaving.get()?;
            Some(view! { <Leaving person roster /> }.into_any())
        })}
    }
}

#[component]
fn PeopleList(roster: Roster) -> impl IntoView {
    live(move || {
        if let Some(error) = roster
            .people
            .error
            .get()
            .filter(|error| *error != ApiError::SignedOut)
        {
            let on_retry = Callback::new(move |()| roster.people.ask());
            return Some(view! { <Failure error on_retry /> }.into_any());
        }
        Some(match roster.people.answer.get() {
            None => view! { <Loading /> }.into_any(),
            Some(people) => view! { <Rows people=people.people roster /> }.into_any(),
        })
    })
}

#[component]
fn Rows(people: Vec<PersonEntry>, roster: Roster) -> impl IntoView {
    let [name, role, act] = [
        sentence(|words| words.col_name),
        sentence(|words| words.col_role),
        sentence(|words| words.col_command),
    ];
    let rows: Vec<_> = people
        .into_iter()
        .map(|person| view! { <PersonRow person roster /> }.into_any())
        .collect();
    view! {
        <TableBox label=sentence(|words| words.page_people)>
            <table class="grid">
                <thead>
                    <tr>
                        <th scope="col">{move || name.get()}</th>
                        <th scope="col">{move || role.get()}</th>
                        <th scope="col" class="act">{move || act.get()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
    }
}

#[component]
fn PersonRow(person: PersonEntry, roster: Roster) -> impl IntoView {
    let console = roster.console;
    let session: Session = expect_context();
    let own = person.clone();
    let is_me = Memo::new(move |_| {
        session
            .who()
            .is_some_and(|who| who.name == own.name && who.role == own.role)
    });
    let role = person.role.clone();
    let name = person.name.clone();
    let label = {
        let name = name.clone();
        move || fill(console.words().person_remove_label, &[("name", &name)])
    };
    let act = move || {
        let words = console.words();
        let stays = match (is_me.get(), person.name == FIRST) {
            (true, _) => Some(words.person_me),
            (false, true) => Some(words.person_first),
            (false, false) => None,
        };
        if let Some(stays) = stays {
            return view! { <span class="muted">{stays}</span> }.into_any();
        }
        let person = person.clone();
        view! {
            <button class="btn" aria-label=label.clone() on:click=tap(move || roster.leaving.set(Some(person.clone())))>
                <Glyph name=GlyphName::Trash />
                <span>{words.person_remove}</span>
            </button>
        }
        .into_any()
    };
    view! {
        <tr data-testid="person-row">
            <th scope="row">{name}</th>
            <td>{move || console.role_name(&role)}</td>
            <td class="act">{live(act)}</td>
        </tr>
    }
}

#[component]
fn Leaving(person: PersonEntry, roster: Roster) -> impl IntoView {
    let console = roster.console;
    let name = person.name.clone();
    let text = sentence(|words| words.ask_remove_text);
    let on_confirm = Callback::new(move |()| {
        roster.leaving.set(None);
        roster.remove(person.clone());
    });
    view! {
        <Confirm
            title=Signal::derive(move || fill(console.words().ask_remove, &[("name", &name)]))
            text=Signal::derive(move || text.get().to_owned())
            action=sentence(|words| words.person_remove)
            on_confirm
            on_cancel=Callback::new(move |()| roster.leaving.set(None))
        />
    }
}
