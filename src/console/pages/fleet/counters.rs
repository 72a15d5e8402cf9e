//! The fleet in five numbers, and what is odd about it as a whole.

use kiosk_wire::console::Fleet;
use leptos::prelude::*;

use super::facts::{Counts, builds};
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::console::state::console;
use crate::i18n::fill;

/// One number with its name.
fn tile(name: &'static str, number: String, more: String, tone: Option<&'static str>) -> AnyView {
    view! {
        <div data-tone=tone>
            <dt>{name}</dt>
            <dd>{number}<small>{more}</small></dd>
        </div>
    }
    .into_any()
}

/// The numbers over all tablets.
#[component]
pub fn Counters(fleet: Signal<Option<Fleet>>) -> impl IntoView {
    let console = console();
    let counts = Memo::new(move |_| fleet.with(|fleet| fleet.as_ref().map(Counts::of)));
    live(move || {
        let counts = counts.get()?;
        let words = console.words();
        let names = |names: &[String], unit: &str, n: usize| {
            let named = if names.is_empty() {
                String::new()
            } else {
                format!(" · {}", names.join(", "))
            };
            fill(unit, &[("n", &n)]) + &named
        };
        let bad = |n: usize| (n > 0).then_some("bad");
        let tiles = [
            tile(
                words.count_connected,
                counts.connected.to_string(),
                fill(words.count_of, &[("n", &counts.tablets)]),
                None,
            ),
            tile(
                words.count_silent,
                counts.silent.len().to_string(),
                names(&counts.silent, words.unit_tablets, counts.silent.len()),
                bad(counts.silent.len()),
            ),
            tile(
                words.count_pending,
                counts.pending.to_string(),
                fill(
                    words.unit_entries_on,
                    &[("n", &counts.pending), ("tablets", &counts.pending_on)],
                ),
                None,
            ),
            tile(
                words.count_missing,
                counts.missing.to_string(),
                names(&counts.missing_on, words.unit_numbers, counts.missing),
                bad(counts.missing),
            ),
            tile(
                words.count_stored,
                counts.stored.to_string(),
                fill(words.unit_entries, &[("n", &counts.stored)]),
                None,
            ),
        ];
        Some(view! { <dl class="tiles">{tiles.into_iter().collect::<Vec<_>>()}</dl> }.into_any())
    })
}

/// Says which tablets run another build than most.
#[component]
pub fn OtherBuilds(fleet: Signal<Option<Fleet>>) -> impl IntoView {
    let console = console();
    let builds = Memo::new(move |_| fleet.with(|fleet| fleet.as_ref().map(builds)));
    live(move || {
        let builds = builds.get()?;
        let (_, others) = builds
            .split_first()
            .filter(|(_, others)| !others.is_empty())?;
        let told: Vec<String> = others
            .iter()
            .map(|(build, names)| format!("{build}: {}", names.join(", ")))
            .collect();
        let text = fill(
            console.words().builds_differ,
            &[("others", &told.join(" · "))],
        );
        let note = view! {
            <p class="note" data-tone="warning">
                <Icon name=IconName::TriangleAlert />
                <span>{text}</span>
            </p>
        };
        Some(note.into_any())
    })
}
