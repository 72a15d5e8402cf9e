//! The pre-flight list: what was looked at, how it stands in words, and what to do about it.

use leptos::prelude::*;

use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::{Messages, fill};
use crate::stores::staff::{Check, CheckDetail, CheckState, Preflight, StaffStore};
use crate::visitor::{Worded, settings};

pub fn checks() -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let lines = el("ul").live(move || {
        let words = settings.words();
        let lines = staff.checks().into_iter();
        lines.map(move |line| line_view(words, &line))
    });
    let list = el("div")
        .class("scroll")
        .attr("tabindex", "0")
        .attr("role", "group")
        .words_attr("aria-label", |words| words.checks_title)
        .child(lines);
    el("section")
        .class("card-box checks")
        .child(head())
        .child(list)
}

fn head() -> Element {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let summary = el("p")
        .class("small muted")
        .attr("role", "status")
        .say(move || summary(settings.words(), &staff.checks()));
    let title = el("h3").words(|words| words.checks_title);
    let again = button("btn quiet", "preflight-run")
        .with(icon(IconName::RefreshCw))
        .words(|words| words.checks_again)
        .tap(move || staff.run_checks());
    let name = el("div").child(title).child(summary);
    el("header").child(name).child(again)
}

fn line_view(words: &Messages, line: &Preflight) -> Element {
    let (name, text) = line_words(words, line);
    let (sign, state) = match line.state {
        CheckState::Ok => (IconName::CircleCheck, words.check_ok),
        CheckState::Warn => (IconName::TriangleAlert, words.check_warn),
        CheckState::Fail => (IconName::CircleX, words.check_fail),
        CheckState::Unknown => (IconName::CircleHelp, words.check_unknown),
    };
    let said = el("div")
        .child(el("b").text(name))
        .child(el("small").text(&text));
    el("li")
        .testid("preflight-item")
        .attr("data-check", line.check.name())
        .attr("data-state", line.state.name())
        .with(icon(sign))
        .child(said)
        .child(el("span").text(state))
}

/// How many stand how.
fn summary(words: &Messages, lines: &[Preflight]) -> String {
    let count = |state| lines.iter().filter(|line| line.state == state).count();
    fill(
        words.checks_summary,
        &[
            ("ok", &count(CheckState::Ok)),
            ("warn", &count(CheckState::Warn)),
            ("fail", &count(CheckState::Fail)),
        ],
    )
}

/// The name of a line, and what it says.
fn line_words(words: &Messages, line: &Preflight) -> (&'static str, String) {
    let (name, good, bad) = match line.check {
        Check::Server => (
            words.check_server,
            words.check_server_ok,
            words.check_server_bad,
        ),
        Check::Clock => (
            words.check_clock,
            words.check_clock_ok,
            words.check_clock_bad,
        ),
        Check::StoragePersisted => (words.check_kept, words.check_kept_ok, words.check_kept_bad),
        Check::StorageWritable => (
            words.check_write,
            words.check_write_ok,
            words.check_write_bad,
        ),
        Check::SecureContext => (
            words.check_secure,
            words.check_secure_ok,
            words.check_secure_bad,
        ),
        Check::FreeSpace => (
            words.check_space,
            words.check_space_ok,
            words.check_space_bad,
        ),
        Check::WakeLock => (
            words.check_awake,
            words.check_awake_ok,
            words.check_awake_bad,
        ),
        Check::Build => (
            words.check_build,
            words.check_build_ok,
            words.check_build_bad,
        ),
        Check::Battery => (
            words.check_battery,
            words.check_battery_ok,
            words.check_battery_bad,
        ),
    };
    let text = match line.state {
        CheckState::Unknown if matches!(line.check, Check::Clock | Check::Build) => {
            return (name, words.check_needs_server.to_owned());
        }
        CheckState::Unknown => return (name, words.check_not_told.to_owned()),
        CheckState::Ok => good,
        CheckState::Warn | CheckState::Fail => bad,
    };
    (name, with_figures(text, &line.detail))
}

fn with_figures(text: &str, detail: &CheckDetail) -> String {
    match detail {
        CheckDetail::None => text.to_owned(),
        CheckDetail::OffsetMs(offset) => fill(text, &[("secs", &tenths(offset.unsigned_abs()))]),
        CheckDetail::FreeMb(free) => fill(text, &[("size", &size(*free))]),
        CheckDetail::Percent(percent) => fill(text, &[("percent", percent)]),
        CheckDetail::Builds { app, server } => fill(text, &[("app", app), ("server", server)]),
    }
}

/// Milliseconds as seconds with one decimal.
fn tenths(millis: u64) -> String {
    let tenths = (millis + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Megabytes, or gigabytes with one decimal.
fn size(mb: u64) -> String {
    if mb < 1_000 {
        return format!("{mb} MB");
    }
    format!("{}.{} GB", mb / 1_000, mb % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::messages;
    use kiosk_wire::event::Language;

    #[test]
    fn an_offset_is_said_in_seconds() {
        assert_eq!(tenths(249), "0.2");
        assert_eq!(tenths(250), "0.3");
        assert_eq!(tenths(61_000), "61.0");
    }

    #[test]
    fn room_is_said_in_the_unit_that_fits() {
        assert_eq!(size(999), "999 MB");
        assert_eq!(size(20_345), "20.3 GB");
    }

    #[test]
    fn every_line_says_something_in_every_state() {
        let details = |check| match check {
            Check::Clock => CheckDetail::OffsetMs(-1_500),
            Check::FreeSpace => CheckDetail::FreeMb(120),
            Check::Battery => CheckDetail::Percent(38),
            Check::Build => CheckDetail::Builds {
                app: "1".to_owned(),
                server: "2".to_owned(),
            },
            _ => CheckDetail::None,
        };
        for language in [Language::Ko, Language::En] {
            for check in Check::ALL {
                for state in [
                    CheckState::Ok,
                    CheckState::Warn,
                    CheckState::Fail,
                    CheckState::Unknown,
                ] {
                    let detail = details(check);
                    let line = Preflight {
                        check,
                        state,
                        detail,
                    };
                    let (name, text) = line_words(messages(language), &line);
                    assert!(!name.is_empty() && !text.is_empty());
                    assert!(!text.contains('{'), "{text}");
                }
            }
        }
    }
}
