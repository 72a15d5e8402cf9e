//! What of the day's feedback is still on this tablet, and the file that saves it.
//!
//! Shows counts, numbers and reasons; what visitors wrote stays out of sight.

use kiosk_core::outbox::ParkedEntry;
use leptos::prelude::*;

use super::clock_time;
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::{Messages, fill};
use crate::stores::staff::{RescueState, StaffStore};
use crate::visitor::{Worded, settings};

/// Parked entries that are listed one by one.
const LISTED: usize = 20;

pub fn queue() -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let title = el("h3")
        .with(icon(IconName::HardDrive))
        .words(|words| words.outbox_title);
    el("section")
        .class("card-box queue-box")
        .child(title)
        .child(figures())
        .when(move || !staff.parked().is_empty(), parked)
        .child(save_file())
        .live(move || rescue_view(settings.words(), staff.rescue_state()))
}

fn figures() -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let waiting = move || {
        let count = staff.outbox_counts().pending;
        fill(settings.words().outbox_count, &[("count", &count)])
    };
    let last_sent = move || {
        let words = settings.words();
        staff.last_sent().map_or_else(
            || words.outbox_never_sent.to_owned(),
            |time| fill(words.outbox_last_sent, &[("time", &clock_time(&time))]),
        )
    };
    el("div")
        .class("figures")
        .child(el("b").testid("outbox-pending").say(waiting))
        .child(
            el("span")
                .class("small muted")
                .testid("outbox-last-sent")
                .say(last_sent),
        )
}

/// Saves everything that is here as a file.
pub fn save_file() -> Element {
    let staff = expect_context::<StaffStore>();
    button("btn", "outbox-export")
        .flag("aria-disabled", move || {
            staff.rescue_state() == RescueState::Saving
        })
        .with(icon(IconName::Download))
        .words(|words| words.outbox_export)
        .tap(move || staff.save_rescue_file())
}

fn rescue_view(words: &Messages, state: RescueState) -> Option<Element> {
    let (tone, text) = match state {
        RescueState::None | RescueState::Saving => return None,
        RescueState::Saved { count } => {
            ("success", fill(words.outbox_exported, &[("count", &count)]))
        }
        RescueState::Failed => ("danger", words.outbox_export_failed.to_owned()),
    };
    let note = el("p").class("note").attr("data-tone", tone);
    Some(note.attr("role", "status").text(&text))
}

/// The list itself stays while its lines change: somebody may have scrolled it.
fn parked() -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let title = move || {
        let count = staff.parked().len();
        fill(settings.words().parked_title, &[("count", &count)])
    };
    let title = el("p")
        .class("small")
        .with(icon(IconName::TriangleAlert))
        .child(el("b").say(title));
    let list = el("ul")
        .class("xs")
        .attr("tabindex", "0")
        .live(move || parked_lines(settings.words(), &staff.parked()));
    el("div").class("parked").child(title).child(list)
}

fn parked_lines(words: &Messages, parked: &[ParkedEntry]) -> Vec<Element> {
    let listed = parked.iter().take(LISTED);
    let mut lines: Vec<_> = listed.map(|one| parked_line(words, one)).collect();
    if let Some(more) = parked.len().checked_sub(LISTED + 1) {
        let text = fill(words.parked_more, &[("count", &(more + 1))]);
        lines.push(el("li").text(&text));
    }
    lines
}

fn parked_line(words: &Messages, one: &ParkedEntry) -> Element {
    let number = fill(words.parked_number, &[("number", &one.entry.seq)]);
    el("li")
        .testid("parked-entry")
        .child(el("b").text(&number))
        .child(el("span").text(reason_words(words, &one.reason)))
}

/// The server's reason in the reader's words. It may quote what it could not read, so the reason
/// itself is never shown.
fn reason_words(words: &Messages, reason: &str) -> &'static str {
    let is = |part: &str| reason.contains(part);
    if is("the event has no team") {
        words.parked_team
    } else if is("created_at") {
        words.parked_time
    } else if is("is limited to") {
        words.parked_long
    } else if is("consent") || is("age_14") {
        words.parked_consent
    } else {
        words.parked_shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::messages;
    use kiosk_wire::event::Language;

    #[test]
    fn a_reason_is_put_into_words_and_never_quoted() {
        let words = messages(Language::Ko);
        let said = |reason| reason_words(words, reason);
        assert_eq!(said("the event has no team `nobody`"), words.parked_team);
        assert_eq!(said("comment is limited to 1000"), words.parked_long);
        assert_eq!(said("text needs age_14_or_over"), words.parked_consent);
        assert_eq!(
            said("exchange needs the consent of that name"),
            words.parked_consent
        );
        let quoting = "invalid type: string \"my secret\", expected u8";
        assert_eq!(said(quoting), words.parked_shape);
    }
}
