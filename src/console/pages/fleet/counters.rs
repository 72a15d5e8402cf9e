//! The fleet in five numbers, and what is odd about it as a whole.

use kiosk_wire::console::Fleet;
use leptos::prelude::*;

use super::facts::{Counts, builds};
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::console::state::console;
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// More names than this would push the table off the screen.
const NAMED: usize = 3;

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
        let names = |names: &[String], unit: &str| {
            if names.is_empty() {
                unit.to_owned()
            } else {
                format!("{unit} · {}", few_names(words, names))
            }
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
                names(&counts.silent, unit_of(words, counts.silent.len())),
                bad(counts.silent.len()),
            ),
            tile(
                words.count_pending,
                counts.pending.to_string(),
                format!(
                    "{} · {}",
                    entries_of(words, counts.pending),
                    told_tablets(words, counts.pending_on)
                ),
                None,
            ),
            tile(
                words.count_missing,
                counts.missing.to_string(),
                names(
                    &counts.missing_on,
                    one_or_many(counts.missing, [words.unit_number, words.unit_numbers]),
                ),
                bad(counts.missing),
            ),
            tile(
                words.count_stored,
                counts.stored.to_string(),
                entries_of(words, counts.stored).to_owned(),
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
        let words = console.words();
        let told = told_builds(words, others);
        let text = fill(words.builds_differ, &[("others", &told)]);
        let note = view! {
            <p class="note" data-tone="warning">
                <Icon name=IconName::TriangleAlert />
                <span>{text}</span>
            </p>
        };
        Some(note.into_any())
    })
}

/// The first names, and how many more there are.
fn few_names(words: &ConsoleMessages, names: &[String]) -> String {
    let (first, rest) = names.split_at(names.len().min(NAMED));
    let first = first.join(", ");
    if rest.is_empty() {
        return first;
    }
    let more = fill(words.and_more_tablets, &[("n", &rest.len())]);
    format!("{first} {more}")
}

/// The first builds with the names of their tablets, and how many tablets run yet others.
fn told_builds(words: &ConsoleMessages, builds: &[(String, Vec<String>)]) -> String {
    let (first, rest) = builds.split_at(builds.len().min(NAMED));
    let mut told: Vec<String> = first
        .iter()
        .map(|(build, names)| format!("{build}: {}", few_names(words, names)))
        .collect();
    let left: usize = rest.iter().map(|(_, names)| names.len()).sum();
    if left > 0 {
        told.push(fill(words.and_more_tablets, &[("n", &left)]));
    }
    told.join(" · ")
}

fn one_or_many<N: Copy + PartialEq + From<u8>>(
    n: N,
    [one, many]: [&'static str; 2],
) -> &'static str {
    if n == N::from(1) { one } else { many }
}

fn unit_of(words: &ConsoleMessages, tablets: usize) -> &'static str {
    one_or_many(tablets, [words.unit_tablet, words.unit_tablets])
}

fn entries_of(words: &ConsoleMessages, entries: u64) -> &'static str {
    one_or_many(entries, [words.unit_entry, words.unit_entries])
}

/// So many tablets.
#[must_use]
pub fn told_tablets(words: &ConsoleMessages, n: usize) -> String {
    fill(one_or_many(n, [words.tablet, words.tablets]), &[("n", &n)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::words::console_messages;
    use kiosk_wire::event::Language;

    fn tablets(count: usize) -> Vec<String> {
        (1..=count).map(|n| format!("{n}번")).collect()
    }

    #[test]
    fn a_silent_hall_is_told_in_three_names() {
        let words = console_messages(Language::Ko);
        assert_eq!(few_names(words, &tablets(3)), "1번, 2번, 3번");
        assert_eq!(few_names(words, &tablets(58)), "1번, 2번, 3번 외 55대");
    }

    #[test]
    fn odd_builds_are_told_in_few_names_too() {
        let words = console_messages(Language::Ko);
        let builds: Vec<_> = ["a", "b", "c", "d"]
            .map(|build| (build.to_owned(), tablets(4)))
            .into();
        let one = "1번, 2번, 3번 외 1대";
        assert_eq!(
            told_builds(words, &builds),
            format!("a: {one} · b: {one} · c: {one} · 외 4대")
        );
    }

    #[test]
    fn one_tablet_is_no_tablets() {
        let words = console_messages(Language::En);
        assert_eq!(told_tablets(words, 1), "1 tablet");
        assert_eq!(told_tablets(words, 2), "2 tablets");
    }
}
