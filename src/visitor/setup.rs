//! Asks for the pairing code that makes this tablet known to the server.

use kiosk_wire::device::MAX_DEVICE_NAME_CHARS;
use leptos::prelude::*;

use super::frame::frame;
use super::{Worded, settings};
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::{Messages, fill};
use crate::stores::staff::{PairState, StaffStore};

/// Letters and digits of a pairing code.
const CODE_CHARS: usize = 8;
/// A gap stands after so many.
const GROUP: usize = 4;

pub fn setup_screen() -> Element {
    let main = el("main")
        .class("setup")
        .child(el("h1").words(|words| words.setup_title))
        .child(el("p").class("lead").words(|words| words.setup_text))
        .with(pairing)
        .child(state())
        .with(waiting);
    frame("setup", |words| words.setup_truth, [main])
}

/// The two fields, and what is done with them.
#[derive(Clone)]
struct Pairing {
    name: Element,
    code: Element,
    /// Letters and digits in the field of the code.
    length: RwSignal<usize>,
    staff: StaffStore,
}

impl Pairing {
    fn is_held(&self) -> bool {
        !self.staff.pair_state().takes_code()
    }

    fn submit(&self) {
        // The field itself is read: some keyboards tell nothing of what they put there.
        let code = plain(&self.code.value());
        if !code.is_empty() && !untrack(|| self.is_held()) {
            self.staff.pair(code, &self.name.value());
        }
    }

    fn type_in(&self) {
        let value = self.code.value();
        self.length.set(plain(&value).chars().count());
        // Only at the end: writing to the field in the middle of it would move the cursor away.
        let end = u32::try_from(value.encode_utf16().count()).ok();
        if self.code.selection_start() == end {
            self.code.set_value(&grouped(&value));
        }
    }
}

fn pairing(parent: Element) -> Element {
    let staff = expect_context::<StaffStore>();
    let form = Pairing {
        name: name_field(),
        code: code_field(),
        length: RwSignal::new(0),
        staff,
    };
    let (held, typed, entered, sent) = (form.clone(), form.clone(), form.clone(), form.clone());
    let code = form.code.on("input", move |_| typed.type_in());
    let code = code.on_key(move |event| {
        if event.key() == "Enter" {
            event.prevent_default();
            entered.submit();
        }
    });
    let submit = button("btn primary", "pairing-submit")
        .flag("aria-disabled", move || {
            held.is_held() || held.length.get() == 0
        })
        .words(|words| words.setup_submit)
        .tap(move || sent.submit());
    // What staff will call the tablet: where it stands says more than letters we make up.
    let name = el("label")
        .class("tablet-name")
        .child(el("span").words(|words| words.setup_name))
        .child(form.name);
    let pair = el("div").class("pair").child(code).child(submit);
    parent.child(name).child(pair)
}

fn code_field() -> Element {
    let staff = expect_context::<StaffStore>();
    let is_refused = move || staff.pair_state() == PairState::WrongCode;
    el("input")
        .testid("pairing-input")
        .attr("autofocus", "")
        .attr("type", "text")
        .attr("lang", "en")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "characters")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "go")
        .attr("placeholder", "ABCD 1234")
        .words_attr("aria-label", |words| words.setup_code)
        .attr_live("aria-invalid", move || {
            is_refused().then(|| "true".to_owned())
        })
}

fn name_field() -> Element {
    let staff = expect_context::<StaffStore>();
    let field = el("input")
        .testid("device-name")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "next")
        .attr("maxlength", &MAX_DEVICE_NAME_CHARS.to_string())
        .words_attr("placeholder", |words| words.setup_name_hint);
    if let Some(name) = untrack(|| staff.device_name()) {
        field.set_value(&name);
    }
    field
}

fn state() -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let said = move || {
        let (tone, text) = pair_words(settings.words(), staff.pair_state())?;
        let sign = match tone {
            "info" => IconName::Info,
            _ => IconName::TriangleAlert,
        };
        let note = el("div").class("note").attr("data-tone", tone);
        Some(note.with(icon(sign)).child(el("span").text(&text)))
    };
    el("div")
        .class("code-state")
        .attr("role", "status")
        .live(said)
}

/// Nothing is lost while the tablet is not paired; staff should know.
fn waiting(parent: Element) -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    parent.live(move || {
        let counts = staff.outbox_counts();
        let count = counts.pending + counts.parked;
        let text = fill(settings.words().setup_waiting, &[("count", &count)]);
        (count > 0).then(|| {
            el("p")
                .class("note")
                .attr("data-tone", "success")
                .testid("outbox-pending")
                .with(icon(IconName::HardDrive))
                .child(el("span").text(&text))
        })
    })
}

fn pair_words(words: &Messages, state: PairState) -> Option<(&'static str, String)> {
    Some(match state {
        PairState::Asking => return None,
        PairState::Checking => ("info", words.setup_checking.to_owned()),
        PairState::WrongCode => ("danger", words.setup_wrong.to_owned()),
        PairState::TooMany { secs } => ("warning", fill(words.setup_many, &[("secs", &secs)])),
        PairState::Unreachable => ("warning", words.setup_unreachable.to_owned()),
    })
}

/// The code without gaps, in capitals.
fn plain(typed: &str) -> String {
    let chars = typed.chars().filter(char::is_ascii_alphanumeric);
    chars.map(|char| char.to_ascii_uppercase()).collect()
}

/// The code as it is read out: two groups of four.
fn grouped(typed: &str) -> String {
    let mut code: String = plain(typed).chars().take(CODE_CHARS).collect();
    // Not before the fifth: a gap at the end could not be deleted.
    if code.len() > GROUP {
        code.insert(GROUP, ' ');
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_grouped_while_it_is_typed() {
        assert_eq!(grouped(""), "");
        assert_eq!(grouped("k7q"), "K7Q");
        assert_eq!(grouped("k7qf"), "K7QF");
        assert_eq!(grouped("K7QF "), "K7QF");
        assert_eq!(grouped("K7QF 2m"), "K7QF 2M");
        assert_eq!(grouped("k7qf-2mdx99"), "K7QF 2MDX");
    }

    #[test]
    fn a_code_is_sent_without_gaps() {
        assert_eq!(plain(" k7qf 2mdx "), "K7QF2MDX");
        assert_eq!(plain("ㅏ7"), "7");
    }
}
