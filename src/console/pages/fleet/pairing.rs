//! A code for a new tablet, in letters that can be read across a table.
//!
//! Invariant: a code that has run out, or was used, is not shown any more.

use std::time::Duration;

use kiosk_core::local_time::{parse_millis, secs_between};
use kiosk_wire::console::{FleetDevice, PairingCode};
use kiosk_wire::paths;
use leptos::prelude::*;
use leptos::task::{spawn_local, spawn_local_scoped_with_cancellation};

use super::Shared;
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::notices::notices;
use crate::console::state::{api, console};
use crate::i18n::fill;

const SECOND: Duration = Duration::from_secs(1);
/// How long a code holds, should the clocks not tell.
const USUAL_SECS: u64 = 600;

/// A code and the moment it was shown, by a clock that only moves forward.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    code: String,
    expires_at: String,
    holds_secs: u64,
    since_millis: u64,
}

/// The code and its button.
#[component]
pub fn Pairing(shared: Shared) -> impl IntoView {
    let (api, console, notices) = (api(), console(), notices());
    let ports = console.ports();
    let shown = RwSignal::new(None::<Shown>);
    let make = move || {
        spawn_local(async move {
            let answer = api.post::<_, PairingCode>(paths::PAIRING_CODES, &()).await;
            match answer {
                Ok(made) => shown.set(Some(Shown {
                    holds_secs: holds_secs(&shared.now_untracked(), &made.expires_at),
                    code: made.code,
                    expires_at: made.expires_at,
                    since_millis: ports.get().page.monotonic_millis(),
                })),
                Err(error) => notices.failed(console.words_untracked(), &error),
            }
        });
    };
    let paired = Memo::new(move |_| {
        shown.with(|shown| {
            let expires_at = &shown.as_ref()?.expires_at;
            shared.fleet.with(|fleet| {
                let paired = paired_since(&fleet.as_ref()?.devices, expires_at)?;
                Some(paired.name.clone())
            })
        })
    });
    Effect::new(move || {
        if let Some(name) = paired.get() {
            shown.set(None);
            let words = console.words_untracked();
            notices.good(fill(words.pairing_done, &[("name", &name)]));
        }
    });
    view! {
        <section class="box pad pairing">
            <h2>{move || console.words().pairing_title}</h2>
            <p class="muted small">{move || console.words().pairing_text}</p>
            {live(move || shown.get().map(|code| view! { <Code code shown /> }.into_any()))}
            <button class="btn main" on:click=tap(make)>
                <Glyph name=GlyphName::Plus />
                <span>
                    {move || {
                        let words = console.words();
                        if shown.with(Option::is_some) { words.pairing_again } else { words.pairing_make }
                    }}
                </span>
            </button>
        </section>
    }
}

fn holds_secs(now: &str, expires_at: &str) -> u64 {
    secs_between(now, expires_at)
        .unwrap_or(USUAL_SECS)
        .min(USUAL_SECS)
}

/// A tablet that was paired after the code was made, by the server's clock: it used the code.
fn paired_since<'a>(devices: &'a [FleetDevice], expires_at: &str) -> Option<&'a FleetDevice> {
    let expires = parse_millis(expires_at)?;
    let lifetime = i64::try_from(USUAL_SECS * 1000).ok()?;
    devices.iter().find(|device| {
        let registered = parse_millis(&device.registered_at);
        registered.is_some_and(|registered| registered > expires - lifetime)
    })
}

#[component]
fn Code(code: Shown, shown: RwSignal<Option<Shown>>) -> impl IntoView {
    let console = console();
    let ports = console.ports();
    let left = RwSignal::new(code.holds_secs);
    let (holds, since) = (code.holds_secs, code.since_millis);
    spawn_local_scoped_with_cancellation(async move {
        let ports = ports.get();
        while left.try_get_untracked().is_some_and(|left| left > 0) {
            ports.timer.sleep(SECOND).await;
            let passed = (ports.page.monotonic_millis() - since) / 1000;
            left.set(holds.saturating_sub(passed));
        }
        shown.set(None);
    });
    let (first, second) = code.code.split_at_checked(4).unwrap_or((&code.code, ""));
    let (first, second) = (first.to_owned(), second.to_owned());
    let words = move || {
        let left = left.get();
        let told = format!("{}:{:02}", left / 60, left % 60);
        fill(console.words().pairing_left, &[("left", &told)])
    };
    view! {
        <p class="code" role="status">
            // Two groups for the eye; read or copied, it is one word.
            <span data-testid="pairing-code"><span>{first}</span><span>{second}</span></span>
        </p>
        <p class="small">{words}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::device;
    use super::*;

    fn paired(registered_at: &str) -> FleetDevice {
        FleetDevice {
            registered_at: registered_at.to_owned(),
            ..device("1번")
        }
    }

    #[test]
    fn a_code_is_used_by_whoever_came_after_it() {
        let expires_at = "2025-12-30T09:10:00Z";
        let is_used = |at| paired_since(&[paired(at)], expires_at).is_some();
        assert!(!is_used("2025-12-30T08:59:59Z"));
        assert!(is_used("2025-12-30T09:00:04Z"));
        assert!(!is_used("no time"));
    }
}
