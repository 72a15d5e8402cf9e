//! The code that opens the panel: a field for keyboards, and large keys for fingers.
//!
//! The digits live in this screen alone and go with it.

use std::cmp::Ordering;

use leptos::prelude::*;

use super::leave;
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::fill;
use crate::stores::staff::{CodeState, StaffStore};
use crate::visitor::frame::{ERASED_SOON, frame};
use crate::visitor::{Worded, settings};

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

pub fn code_screen() -> Element {
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
    let asked = el("section").children([
        el("h2").words(|words| words.staff_code_title),
        el("p").class("muted").words(|words| words.staff_code_hint),
        places(&code),
        el("p")
            .class("small muted")
            .words(|words| words.staff_code_visitor),
        state(),
    ]);
    let head = el("header")
        .class("head")
        .child(leave(|words| words.staff_code_leave));
    let gate = el("main").class("gate").child(asked).child(keypad(&code));
    frame("staff", ERASED_SOON, [head, gate])
}

/// The field lies over the drawn places: its own letters are not painted.
fn places(code: &Code) -> Element {
    let digits = code.digits;
    let drawn = el("div").attr("aria-hidden", "true").live(move || {
        let filled = digits.with(String::len);
        (0..filled.max(PLACES)).map(move |at| place(at, filled))
    });
    el("div").class("places").child(field(code)).child(drawn)
}

fn place(at: usize, filled: usize) -> Element {
    let state = match at.cmp(&filled) {
        Ordering::Less => "filled",
        Ordering::Equal => "next",
        Ordering::Greater => "empty",
    };
    el("i").attr("data-state", state)
}

fn field(code: &Code) -> Element {
    let code = *code;
    let is_wrong = move || code.staff.code_state() == CodeState::Wrong;
    let field = el("input")
        .testid("panel-code")
        .attr("autofocus", "")
        .attr("type", "text")
        .attr("inputmode", "none")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .words_attr("aria-label", |words| words.staff_code_title)
        .attr_live("aria-invalid", move || {
            is_wrong().then(|| "true".to_owned())
        })
        .value_live(move || code.digits.get());
    let typed = field.clone();
    field
        .on("input", move |_| {
            code.type_in(&typed.value());
            // What is no digit leaves the field as well.
            typed.set_value(&code.digits.get_untracked());
        })
        .on_key(move |event| {
            if event.key() == "Enter" {
                event.prevent_default();
                code.open();
            }
        })
}

fn state() -> Element {
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
        let note = el("div").class("note").attr("data-tone", tone);
        let note = note.with(icon(IconName::TriangleAlert));
        Some(note.child(el("span").text(&text)))
    };
    // One place for all of it, there from the start: only so it is read out when it changes.
    el("div")
        .class("code-state")
        .attr("role", "status")
        .live(said)
}

fn keypad(code: &Code) -> Element {
    let code = *code;
    let digit = move |digit: &'static str| el("button").text(digit).tap(move || code.push(digit));
    let delete = el("button")
        .class("w")
        .words_attr("aria-label", |words| words.staff_code_delete)
        .with(icon(IconName::Delete))
        .tap(move || {
            code.digits.update(|digits| {
                digits.pop();
            });
        });
    let open = button("enter", "panel-open")
        .flag("aria-disabled", move || {
            code.is_waiting() || code.digits.with(String::is_empty)
        })
        .words(|words| words.staff_code_open)
        .tap(move || code.open());
    // A key must not take the focus from the field, where a keyboard may go on typing.
    el("div")
        .class("keypad")
        .on("mousedown", |event| event.prevent_default())
        .children(["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(digit))
        .children([delete, digit("0"), open])
}
