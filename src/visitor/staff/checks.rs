//! The pre-flight list: what was looked at, how it stands in words, and what to do about it.

use leptos::prelude::*;

use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::staff::{Check, CheckDetail, CheckState, Preflight, StaffStore};
use crate::visitor::{sentence, settings};

#[component]
pub fn Checks() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let summary = Signal::derive(move || summary(settings.words(), &staff.checks()));
    let lines = move || {
        let words = settings.words();
        let lines = staff.checks().into_iter();
        let lines: Vec<_> = lines.map(|line| line_view(words, &line)).collect();
        view! { <ul>{lines}</ul> }.into_any()
    };
    view! {
        <section class="card-box checks">
            <header>
                <div>
                    <h3>{sentence(|words| words.checks_title)}</h3>
                    <p class="small muted" role="status">
                        {summary}
                    </p>
                </div>
                <button
                    class="btn quiet"
                    data-testid="preflight-run"
                    on:click=tap(move || staff.run_checks())
                >
                    <Icon name=IconName::RefreshCw />
                    {sentence(|words| words.checks_again)}
                </button>
            </header>
            <div class="scroll" tabindex="0" role="group" aria-label=sentence(|words| words.checks_title)>
                {live(lines)}
            </div>
        </section>
    }
}

fn line_view(words: &'static Messages, line: &Preflight) -> AnyView {
    let (name, text) = line_words(words, line);
    let (icon, state) = match line.state {
        CheckState::Ok => (IconName::CircleCheck, words.check_ok),
        CheckState::Warn => (IconName::TriangleAlert, words.check_warn),
        CheckState::Fail => (IconName::CircleX, words.check_fail),
        CheckState::Unknown => (IconName::CircleHelp, words.check_unknown),
    };
    view! {
        <li data-testid="preflight-item" data-check=line.check.name() data-state=line.state.name()>
            <Icon name=icon />
            <div>
                <b>{name}</b>
                <small>{text}</small>
            </div>
            <span>{state}</span>
        </li>
    }
    .into_any()
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
