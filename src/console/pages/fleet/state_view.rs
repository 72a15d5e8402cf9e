//! A tablet's state in words with its icon, and what is odd about it.

use kiosk_wire::console::FleetDevice;
use leptos::prelude::*;

use super::facts::{DeviceState, is_calling, may_lose_storage, skew_secs};
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::time_ago::span;
use crate::console::state::console;
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// The state in words.
#[must_use]
pub fn state_words(words: &ConsoleMessages, state: DeviceState) -> &'static str {
    match state {
        DeviceState::Ok => words.state_ok,
        DeviceState::Calling => words.state_calling,
        DeviceState::Silent => words.state_silent,
        DeviceState::Locked => words.state_locked,
        DeviceState::Revoked => words.state_revoked,
    }
}

/// The state with its icon; tracked by language.
#[must_use]
pub fn state_view(state: DeviceState) -> AnyView {
    let icon = match state {
        DeviceState::Ok => view! { <Icon name=IconName::CircleCheck /> }.into_any(),
        DeviceState::Calling => view! { <Glyph name=GlyphName::Bell /> }.into_any(),
        DeviceState::Silent => view! { <Icon name=IconName::WifiOff /> }.into_any(),
        DeviceState::Locked => view! { <Icon name=IconName::Lock /> }.into_any(),
        DeviceState::Revoked => view! { <Glyph name=GlyphName::Ban /> }.into_any(),
    };
    let tone = match state {
        DeviceState::Ok => "success",
        DeviceState::Calling => "info",
        DeviceState::Silent => "danger",
        DeviceState::Locked | DeviceState::Revoked => "quiet",
    };
    let words = state_words(console().words(), state);
    view! { <span class="mark" data-tone=tone>{icon}<span>{words}</span></span> }.into_any()
}

/// What is worth a word.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Odd {
    /// It called for staff and then went silent.
    called: bool,
    skew: Option<i64>,
    loses: bool,
}

/// What is odd about the tablet itself.
#[component]
pub fn Warnings(device: Memo<Option<FleetDevice>>) -> impl IntoView {
    let console = console();
    let odd = Memo::new(move |_| {
        device.with(|device| {
            let device = device.as_ref().filter(|device| !device.revoked)?;
            Some(Odd {
                called: device.silent && is_calling(device),
                skew: skew_secs(device),
                loses: may_lose_storage(device),
            })
        })
    });
    live(move || {
        let Odd {
            called,
            skew,
            loses,
        } = odd.get()?;
        let words = console.words();
        let mut told = Vec::new();
        if called {
            told.push(words.silent_call.to_owned());
        }
        if let Some(skew) = skew {
            let sentence = if skew > 0 {
                words.clock_ahead
            } else {
                words.clock_behind
            };
            told.push(fill(
                sentence,
                &[("span", &span(words, skew.unsigned_abs()))],
            ));
        }
        if loses {
            told.push(words.storage_at_risk.to_owned());
        }
        let warning = |text: String| {
            view! {
                <span class="mark small" data-tone="warning">
                    <Icon name=IconName::TriangleAlert />
                    <span>{text}</span>
                </span>
            }
            .into_any()
        };
        Some(told.into_iter().map(warning).collect::<Vec<_>>().into_any())
    })
}
