//! What visitors said: filters, charts, entries and downloads.
//!
//! Owns: which part stands where, and what is asked of the server for it. Must not own: a rank or
//! an average of teams. Invariant: the address tells what is shown.

pub mod address;
pub mod chart;
pub mod downloads;
pub mod entries;
pub mod entry_dialog;
pub mod entry_table;
pub mod erase;
pub mod fetched;
pub mod filter_bar;
pub mod filters;
pub mod geometry;
pub mod import;
pub mod item;
pub mod moment;
pub mod number;
pub mod overview;
pub mod plot_grid;
pub mod plots;
pub mod reconciliation;
pub mod retention;
pub mod survey;
pub mod tally;

use std::sync::Arc;

use kiosk_wire::console::{Fleet, Reconciliation, Retention, Summary};
use kiosk_wire::paths;
use leptos::prelude::*;

use address::Address;
use downloads::{Downloads, TeamPacks};
use entries::Entries;
use entry_dialog::entry_dialog;
use entry_table::EntryTable;
use erase::{ErasePanel, Erasing};
use fetched::Fetched;
use filter_bar::FilterBar;
use import::ImportPanel;
use item::{Item, Names};
use overview::overview;
use plot_grid::PlotGrid;
use plots::plots;
use reconciliation::ReconciliationTable;
use survey::SurveyPicker;

use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::parts::failure::{Failure, Loading};
use crate::console::parts::page_head::PageHead;
use crate::console::state::{console, sentence};
use crate::i18n::fill;

/// The results.
#[component]
pub fn ResultsPage() -> impl IntoView {
    let address = Address::here();
    let names = names();
    let entries = Entries::of(address);
    let summary = Fetched::<Summary>::from(move || address.filters().sums_path(paths::SUMMARY));
    let numbers = Fetched::<Reconciliation>::from(|| paths::RECONCILIATION.to_owned());
    let retention = Fetched::<Retention>::from(|| paths::RETENTION.to_owned());
    let opened = RwSignal::new(None::<Item>);
    let erasing = Erasing::default();
    let on_change = Callback::new(move |()| {
        entries.again();
        summary.again();
        numbers.again();
        retention.again();
    });
    let console = console();
    let as_of = Signal::derive(move || {
        let now = summary.answer.with(|answer| {
            let summary = answer.as_ref()?.as_ref().ok()?;
            Some(summary.now.clone())
        });
        let words = console.words().results_as_of;
        now.map(|now| fill(words, &[("time", &console.time_of_day(&now))]))
            .unwrap_or_default()
    });
    view! {
        <PageHead title=|words| words.page_results more=as_of>
            <button class="btn" on:click=tap(move || on_change.run(()))>
                <Icon name=IconName::RefreshCw />
                <span>{move || console.words().results_refresh}</span>
            </button>
            <Downloads address />
        </PageHead>
        <FilterBar address names />
        <Charts address summary names />
        <EntryTable entries address names opened />
        <ReconciliationTable found=numbers />
        <div class="panels">
            <ImportPanel on_change />
            <ErasePanel erasing on_change retention />
            <TeamPacks names />
        </div>
        {live(move || {
            let item = opened.get()?;
            let names = names.get()?;
            let on_close = Callback::new(move |()| opened.set(None));
            let on_erase = Callback::new(move |receipt: String| {
                opened.set(None);
                erasing.ask(&receipt);
            });
            Some(entry_dialog(&item, &names, on_close, on_erase))
        })}
    }
}

/// What gives names to ids, once the event and the fleet are here.
fn names() -> Signal<Option<Names>> {
    let console = console();
    let fleet = Fetched::<Fleet>::from(|| paths::DEVICES.to_owned());
    let devices = Memo::new(move |_| {
        fleet.answer.with(|answer| {
            let devices = answer.iter().flatten().flat_map(|fleet| &fleet.devices);
            let named = devices.map(|device| (device.device_id.clone(), device.name.clone()));
            Arc::new(named.collect())
        })
    });
    Signal::derive(move || {
        Some(Names {
            words: console.words(),
            language: console.language(),
            event: console.event()?,
            devices: devices.get(),
        })
    })
}

#[component]
fn Charts(
    address: Address,
    summary: Fetched<Summary>,
    names: Signal<Option<Names>>,
) -> impl IntoView {
    let title = sentence(|words| words.results_charts);
    let as_tables = RwSignal::new(false);
    let retry = Callback::new(move |()| summary.again());
    let shown = move || {
        let names = names.get()?;
        Some(match summary.answer.get()? {
            Err(error) => view! { <Failure error on_retry=retry /> }.into_any(),
            Ok(summary) => {
                let filters = address.filters();
                let note = filters.is_beyond_sums().then(|| {
                    view! { <p class="muted small">{names.words.results_charts_filters}</p> }
                        .into_any()
                });
                let versions = plots::versions(&summary);
                let version = survey::chosen(&versions, &filters, &names.event);
                let plots = plots(&summary, &version);
                view! {
                    {note}
                    {overview(&summary, &names)}
                    <SurveyPicker address versions version names=names.clone() />
                    <PlotGrid plots names as_tables />
                }
                .into_any()
            }
        })
    };
    view! {
        <section class="charts">
            <h2 class="unseen">{move || title.get()}</h2>
            {live(move || shown().or_else(|| Some(view! { <Loading /> }.into_any())))}
        </section>
    }
}
