//! What of the day's feedback is still on this tablet, and the file that saves it.
//!
//! Shows counts, numbers and reasons; what visitors wrote stays out of sight.

use kiosk_core::outbox::ParkedEntry;
use leptos::prelude::*;

use super::clock_time;
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::staff::{RescueState, StaffStore};
use crate::visitor::{sentence, settings};

/// Parked entries that are listed one by one.
const LISTED: usize = 20;

#[component]
pub fn Queue() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let waiting = Signal::derive(move || {
        let count = staff.outbox_counts().pending;
        fill(settings.words().outbox_count, &[("count", &count)])
    });
    let last_sent = Signal::derive(move || {
        let words = settings.words();
        staff.last_sent().map_or_else(
            || words.outbox_never_sent.to_owned(),
            |time| fill(words.outbox_last_sent, &[("time", &clock_time(&time))]),
        )
    });
    view! {
        <section class="card-box queue-box">
            <h3>
                <Icon name=IconName::HardDrive />
                {sentence(|words| words.outbox_title)}
            </h3>
            <div class="figures">
                <b data-testid="outbox-pending">{waiting}</b>
                <span class="small muted" data-testid="outbox-last-sent">
                    {last_sent}
                </span>
            </div>
            {live(move || parked_view(settings.words(), &staff.parked()))}
            <SaveFile />
            {live(move || rescue_view(settings.words(), staff.rescue_state()))}
        </section>
    }
}

/// Saves everything that is here as a file.
#[component]
pub fn SaveFile() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    view! {
        <button
            class="btn"
            data-testid="outbox-export"
            aria-disabled=move || (staff.rescue_state() == RescueState::Saving).to_string()
            on:click=tap(move || staff.save_rescue_file())
        >
            <Icon name=IconName::Download />
            {sentence(|words| words.outbox_export)}
        </button>
    }
}

fn rescue_view(words: &Messages, state: RescueState) -> Option<AnyView> {
    let (tone, text) = match state {
        RescueState::None | RescueState::Saving => return None,
        RescueState::Saved { count } => {
            ("success", fill(words.outbox_exported, &[("count", &count)]))
        }
        RescueState::Failed => ("danger", words.outbox_export_failed.to_owned()),
    };
    Some(view! { <p class="note" data-tone=tone role="status">{text}</p> }.into_any())
}

fn parked_view(words: &'static Messages, parked: &[ParkedEntry]) -> Option<AnyView> {
    if parked.is_empty() {
        return None;
    }
    let lines: Vec<_> = parked
        .iter()
        .take(LISTED)
        .map(|one| {
            let number = fill(words.parked_number, &[("number", &one.entry.seq)]);
            view! {
                <li data-testid="parked-entry">
                    <b>{number}</b>
                    <span>{reason_words(words, &one.reason)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    let title = fill(words.parked_title, &[("count", &parked.len())]);
    let rest = parked.len().checked_sub(LISTED + 1).map(|more| {
        let text = fill(words.parked_more, &[("count", &(more + 1))]);
        view! { <li>{text}</li> }.into_any()
    });
    Some(
        view! {
            <div class="parked">
                <p class="small">
                    <Icon name=IconName::TriangleAlert />
                    <b>{title}</b>
                </p>
                <ul class="xs" tabindex="0">
                    {lines} {rest}
                </ul>
            </div>
        }
        .into_any(),
    )
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
