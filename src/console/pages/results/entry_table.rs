//! The entries as a table, newest first, page after page.
//!
//! Owns: the columns. Must not own: an entry's whole text; a row opens that. Invariant: rows stand
//! in the server's order.

use leptos::{html, prelude::*};

use super::address::Address;
use super::entries::{Entries, PAGE};
use super::item::{Item, Names};
use super::number::number;
use crate::components::show::{Show, live};
use crate::components::tap::tap;
use crate::console::parts::failure::{Empty, Failure, Loading};
use crate::console::parts::table::TableBox;
use crate::console::parts::team_mark::TeamMark;
use crate::console::state::{Console, console, sentence};
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

const COLUMNS: [fn(&ConsoleMessages) -> &'static str; 8] = [
    |words| words.results_column_received,
    |words| words.results_column_team,
    |words| words.results_column_kind,
    |words| words.results_column_verdict,
    |words| words.results_column_tags,
    |words| words.results_column_comment,
    |words| words.results_column_sent,
    |words| words.results_column_device,
];

/// The table, and what stands in its place while there is none.
#[component]
pub fn EntryTable(
    entries: Entries,
    address: Address,
    names: Signal<Option<Names>>,
    opened: RwSignal<Option<Item>>,
) -> impl IntoView {
    let label = sentence(|words| words.results_table);
    let is_here = Signal::derive(move || entries.is_here.get() && names.with(Option::is_some));
    let has_rows = Signal::derive(move || entries.items.with(|items| !items.is_empty()));
    let retry = Callback::new(move |()| {
        if has_rows.get_untracked() {
            entries.more();
        } else {
            entries.again();
        }
    });
    view! {
        <section class="entries">
            <h2>{move || label.get()}</h2>
            <Show when=is_here fallback=|| view! { <Loading /> }>
                <Show when=has_rows fallback=move || nothing(entries, address)>
                    <TableBox label>
                        <table class="grid cards" data-testid="feedback-table">
                            <thead><tr>{COLUMNS.map(heading).into_iter().collect::<Vec<_>>()}</tr></thead>
                            <tbody>{move || rows(entries, names, opened)}</tbody>
                        </table>
                    </TableBox>
                    <Foot entries />
                </Show>
            </Show>
            {live(move || {
                let error = entries.error.get()?;
                Some(view! { <Failure error on_retry=retry /> }.into_any())
            })}
        </section>
    }
}

fn heading(label: fn(&ConsoleMessages) -> &'static str) -> AnyView {
    let label = sentence(label);
    view! { <th scope="col">{move || label.get()}</th> }.into_any()
}

fn nothing(entries: Entries, address: Address) -> AnyView {
    live(move || {
        if entries.error.with(Option::is_some) {
            None
        } else if address.filters().is_empty() {
            Some(view! { <Empty text=|words| words.results_empty /> }.into_any())
        } else {
            Some(view! { <Empty text=|words| words.results_empty_filtered /> }.into_any())
        }
    })
}

fn rows(
    entries: Entries,
    names: Signal<Option<Names>>,
    opened: RwSignal<Option<Item>>,
) -> Vec<AnyView> {
    let console = console();
    let Some(names) = names.get() else {
        return Vec::new();
    };
    entries.items.with(|items| {
        let rows = items.iter().map(|item| row(console, item, &names, opened));
        rows.collect()
    })
}

fn row(console: Console, item: &Item, names: &Names, opened: RwSignal<Option<Item>>) -> AnyView {
    let entry = &item.entry;
    let received = console.date_time(&item.received_at);
    let own = item.clone();
    let team = entry.team.clone();
    let words = names.words;
    let button = NodeRef::<html::Button>::new();
    let open = move || {
        // The focus comes back to where it was when the entry closes: to its row.
        if let Some(button) = button.get_untracked() {
            button.focus().ok();
        }
        opened.set(Some(own.clone()));
    };
    view! {
        <tr data-testid="feedback-row" on:click=tap(open)>
            <td class="when">
                <button class="link" node_ref=button>
                    {received}
                    <span class="unseen">" · " {words.results_open_entry}</span>
                </button>
            </td>
            <td data-th=words.results_column_team>{team.map(|id| view! { <TeamMark id /> }.into_any())}</td>
            <td data-th=words.results_column_kind>{names.kind(entry.kind)}</td>
            <td data-th=words.results_column_verdict>{names.verdict(entry)}</td>
            <td class="wide" data-th=words.results_column_tags>{names.tags(&entry.tags)}</td>
            <td class="wide" data-th=words.results_column_comment>{entry.comment.clone()}</td>
            <td data-th=words.results_column_sent>{names.consent(entry.consent)}</td>
            <td data-th=words.results_column_device>{names.device(&item.device_id)}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Foot(entries: Entries) -> impl IntoView {
    let console = console();
    let shown = move || {
        let count = entries.items.with(Vec::len) as u64;
        fill(console.words().results_shown, &[("count", &number(count))])
    };
    let unreadable = move || {
        let count = entries.unreadable.get();
        let words = console.words().results_unreadable;
        (count > 0).then(|| fill(words, &[("count", &number(count))]))
    };
    let told = NodeRef::<html::Span>::new();
    let is_asked = RwSignal::new(false);
    // Once there is no more, the button is gone, and the focus with it.
    Effect::new(move || {
        if !entries.is_busy.get() && is_asked.get() {
            is_asked.set(false);
            let is_last = entries.cursor.with_untracked(Option::is_none);
            if let Some(told) = told.get_untracked().filter(|_| is_last) {
                told.focus().ok();
            }
        }
    });
    let more = move || {
        if !entries.is_busy.get_untracked() {
            entries.more();
            is_asked.set(true);
        }
    };
    let has_more = Signal::derive(move || entries.cursor.with(Option::is_some));
    view! {
        <div class="more">
            <span role="status" tabindex="-1" node_ref=told>{shown}</span>
            <span class="grow">{unreadable}</span>
            <Show when=has_more>
                <button
                    class="btn"
                    aria-disabled=move || entries.is_busy.get().to_string()
                    on:click=tap(more)
                >
                    {move || fill(console.words().results_more, &[("count", &PAGE)])}
                </button>
            </Show>
        </div>
    }
}
