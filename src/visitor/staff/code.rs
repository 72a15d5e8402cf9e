//! The code that opens the panel: a field for keyboards, and large keys for fingers.
//!
//! The digits live in this screen alone and go with it.

use leptos::{ev, html, prelude::*};

use super::Leave;
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::staff::{CodeState, StaffStore};
use crate::visitor::frame::Frame;
use crate::visitor::{sentence, settings};

/// How many places are drawn; a longer code gets more.
const PLACES: usize = 6;
/// More than any code; a cat on the keyboard stops here.
const MOST: usize = 32;

/// The digits so far, and what is done with them.
#[derive(Clone, Copy)]
struct Code {
    digits: RwSignal<String>,
    staff: StaffStore,
}

impl Code {
    fn push(self, digit: &str) {
        self.digits.update(|digits| {
            if digits.chars().count() < MOST {
                digits.push_str(digit);
            }
        });
    }

    /// What was typed: digits, and the letters of a code that was chosen by an organiser.
    fn type_in(self, text: &str) {
        let digits = text
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .take(MOST);
        self.digits.set(digits.collect());
    }

    fn is_waiting(self) -> bool {
        matches!(
            self.staff.code_state(),
            CodeState::Checking | CodeState::Slow { .. }
        )
    }

    fn open(self) {
        let digits = self.digits.get_untracked();
        if !digits.is_empty() && !untrack(move || self.is_waiting()) {
            self.staff.enter(digits);
        }
    }
}

#[component]
pub fn CodeScreen() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let code = Code {
        digits: RwSignal::new(String::new()),
        staff,
    };
    // What was checked and did not open the panel is gone from the field.
    Effect::new(move |before| {
        let state = staff.code_state();
        if before == Some(CodeState::Checking) && state != CodeState::Checking {
            code.digits.set(String::new());
        }
        state
    });
    view! {
        <Frame screen="staff">
            <header class="head">
                <Leave label=|words| words.back />
            </header>
            <main class="gate">
                <section>
                    <h2>{sentence(|words| words.staff_code_title)}</h2>
                    <p class="muted">{sentence(|words| words.staff_code_hint)}</p>
                    <Field code />
                    <p class="small muted">{sentence(|words| words.staff_code_visitor)}</p>
                    <State />
                </section>
                <Keypad code />
            </main>
        </Frame>
    }
}

#[component]
fn Field(code: Code) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let title = sentence(|words| words.staff_code_title);
    let on_input = move |_| {
        if let Some(field) = field.get_untracked() {
            code.type_in(&field.value());
            // What is no digit leaves the field as well.
            field.set_value(&code.digits.get_untracked());
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            code.open();
        }
    };
    let places = move || {
        let filled = code.digits.with(String::len);
        let place = |at: usize| {
            let state = match at.cmp(&filled) {
                std::cmp::Ordering::Less => "filled",
                std::cmp::Ordering::Equal => "next",
                std::cmp::Ordering::Greater => "empty",
            };
            view! { <i data-state=state></i> }.into_any()
        };
        (0..filled.max(PLACES)).map(place).collect::<Vec<_>>()
    };
    // The field lies over the drawn places: its own letters are not painted.
    view! {
        <div class="places">
            <input
                node_ref=field
                data-testid="panel-code"
                autofocus
                type="text"
                inputmode="none"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-label=move || title.get()
                aria-invalid=move || (code.staff.code_state() == CodeState::Wrong).then_some("true")
                prop:value=move || code.digits.get()
                on:input=on_input
                on:keydown=on_key
            />
            <div aria-hidden="true">{places}</div>
        </div>
    }
}

#[component]
fn State() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let said = move || {
        let words = settings.words();
        let (tone, text) = match staff.code_state() {
            CodeState::Ready => return None,
            CodeState::Checking => ("info", words.staff_code_checking.to_owned()),
            CodeState::Wrong => ("danger", words.staff_code_wrong.to_owned()),
            CodeState::Slow { secs } => {
                ("warning", fill(words.staff_code_slow, &[("secs", &secs)]))
            }
            CodeState::Unavailable => ("warning", words.staff_code_unavailable.to_owned()),
        };
        Some(
            view! {
                <div class="note" data-tone=tone>
                    <Icon name=IconName::TriangleAlert />
                    <span>{text}</span>
                </div>
            }
            .into_any(),
        )
    };
    // One place for all of it, there from the start: only so it is read out when it changes.
    view! {
        <div class="code-state" role="status">
            {live(said)}
        </div>
    }
}

#[component]
fn Keypad(code: Code) -> impl IntoView {
    let digit = move |digit: &'static str| {
        view! { <button on:click=tap(move || code.push(digit))>{digit}</button> }.into_any()
    };
    let digits: Vec<_> = ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
        .into_iter()
        .map(digit)
        .collect();
    let delete: fn(&Messages) -> &'static str = |words| words.staff_code_delete;
    let delete = sentence(delete);
    // A key must not take the focus from the field, where a keyboard may go on typing.
    view! {
        <div class="keypad" on:mousedown=move |event| event.prevent_default()>
            {digits}
            <button
                class="w"
                aria-label=move || delete.get()
                on:click=tap(move || {
                    code.digits.update(|digits| {
                        digits.pop();
                    });
                })
            >
                <Icon name=IconName::Delete />
            </button>
            {digit("0")}
            <button
                class="enter"
                data-testid="panel-open"
                aria-disabled=move || {
                    (code.is_waiting() || code.digits.with(String::is_empty)).to_string()
                }
                on:click=tap(move || code.open())
            >
                {sentence(|words| words.staff_code_open)}
            </button>
        </div>
    }
}
