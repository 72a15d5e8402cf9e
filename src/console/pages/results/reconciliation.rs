//! What tablets announced beside what arrived, and what to do about it.

use kiosk_wire::console::{Conflict, ConflictKind, DeviceReconciliation, Reconciliation};
use leptos::prelude::*;

use super::fetched::Fetched;
use super::number::number;
use super::tally::{Standing, runs, standing};
use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::console::natural::natural;
use crate::console::parts::failure::{Failure, Loading};
use crate::console::parts::table::TableBox;
use crate::console::state::{Console, console, sentence};
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// The server names no more of the missing numbers than this.
const MOST_MISSING: usize = 100;

const COLUMNS: [fn(&ConsoleMessages) -> &'static str; 7] = [
    |words| words.results_column_device,
    |words| words.results_column_announced,
    |words| words.results_column_stored,
    |words| words.results_column_missing,
    |words| words.results_column_duplicates,
    |words| words.results_column_conflicts,
    |words| words.results_column_advice,
];

/// One row a tablet.
#[component]
pub fn ReconciliationTable(found: Fetched<Reconciliation>) -> impl IntoView {
    let console = console();
    let title = sentence(|words| words.results_reconciliation);
    let note = sentence(|words| words.results_reconciliation_note);
    let retry = Callback::new(move |()| found.again());
    view! {
        <section class="numbers">
            <h2>{move || title.get()}</h2>
            <p class="muted">{move || note.get()}</p>
            {live(move || match found.answer.get() {
                None => view! { <Loading /> }.into_any(),
                Some(Err(error)) => view! { <Failure error on_retry=retry /> }.into_any(),
                Some(Ok(found)) => table(console, &found, title),
            })}
        </section>
    }
}

fn table(console: Console, found: &Reconciliation, label: Signal<&'static str>) -> AnyView {
    let words = console.words();
    if found.devices.is_empty() {
        return view! { <p class="empty">{words.results_reconciliation_empty}</p> }.into_any();
    }
    let headings = COLUMNS.map(|column| view! { <th scope="col">{column(words)}</th> }.into_any());
    let mut devices: Vec<&DeviceReconciliation> = found.devices.iter().collect();
    devices.sort_by_cached_key(|device| natural(&device.name));
    let rows: Vec<AnyView> = devices
        .into_iter()
        .map(|device| row(console, device))
        .collect();
    view! {
        <TableBox label>
            <table class="grid cards">
                <thead><tr>{headings.into_iter().collect::<Vec<_>>()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
    }
    .into_any()
}

fn row(console: Console, device: &DeviceReconciliation) -> AnyView {
    let words = console.words();
    let (state, icon, advice) = match standing(device) {
        Standing::Whole => ("whole", IconName::CircleCheck, words.results_advice_whole),
        Standing::Missing => (
            "missing",
            IconName::TriangleAlert,
            words.results_advice_missing,
        ),
        Standing::AtOdds => ("at-odds", IconName::Info, words.results_advice_at_odds),
    };
    let conflicts: Vec<AnyView> = device
        .conflicts
        .iter()
        .map(|conflict| {
            let told = conflict_words(console, conflict);
            view! { <li>{told}</li> }.into_any()
        })
        .collect();
    view! {
        <tr data-state=state>
            <th scope="row">{device.name.clone()}</th>
            <td data-th=words.results_column_announced>{number(device.announced)}</td>
            <td data-th=words.results_column_stored>{number(device.stored)}</td>
            <td class="wide" data-th=words.results_column_missing>{missing(words, &device.missing)}</td>
            <td data-th=words.results_column_duplicates>{number(device.duplicates)}</td>
            <td class="wide" data-th=words.results_column_conflicts>
                {if conflicts.is_empty() {
                    words.results_none.into_any()
                } else {
                    view! { <ul>{conflicts}</ul> }.into_any()
                }}
            </td>
            <td class="wide" data-th=words.results_column_advice><span class="advice"><Icon name=icon />{advice}</span></td>
        </tr>
    }
    .into_any()
}

fn missing(words: &ConsoleMessages, numbers: &[u64]) -> String {
    if numbers.is_empty() {
        words.results_none.to_owned()
    } else if numbers.len() < MOST_MISSING {
        runs(numbers)
    } else {
        fill(words.results_more_missing, &[("numbers", &runs(numbers))])
    }
}

fn conflict_words(console: Console, conflict: &Conflict) -> String {
    let words = console.words();
    let sentence = match conflict.kind {
        ConflictKind::SameId => words.results_conflict_same_id,
        ConflictKind::SameSeq => words.results_conflict_same_seq,
    };
    let time = console.date_time(&conflict.received_at);
    fill(sentence, &[("seq", &conflict.seq), ("time", &time)])
}
