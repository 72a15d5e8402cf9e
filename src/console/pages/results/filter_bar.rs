//! The filters as controls.
//!
//! Owns: how they are chosen. Must not own: where they are kept; they are in the address.
//! Invariant: what is shown as chosen is what the address says.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::address::Address;
use super::filters::Field;
use super::item::Names;
use super::moment::End;
use crate::components::icon::{Icon, IconName};
use crate::components::show::Show;
use crate::components::tap::tap;
use crate::console::natural::natural;
use crate::console::state::{Console, console, sentence};
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

const TYPING_PAUSE: Duration = Duration::from_millis(300);

type Options = Signal<Vec<(String, String)>>;

/// All filters, and one way out of them.
#[component]
pub fn FilterBar(address: Address, names: Signal<Option<Names>>) -> impl IntoView {
    let console = console();
    let typed = RwSignal::new(None::<String>);
    let label = sentence(|words| words.results_filters);
    let choose = move |label, field, options| choice(address, label, field, options);
    let ratings = Signal::derive(move || options(names, rating_options));
    view! {
        <section class="filters" aria-label=move || label.get()>
            {choose(|w| w.results_filter_team, Field::Team, Signal::derive(move || options(names, team_options)))}
            {choose(|w| w.results_filter_kind, Field::Kind, Signal::derive(move || kind_options(console.words())))}
            {choose(|w| w.results_filter_rating_min, Field::RatingMin, ratings)}
            {choose(|w| w.results_filter_rating_max, Field::RatingMax, ratings)}
            {choose(|w| w.results_filter_language, Field::Language, Signal::derive(move || language_options(console.words())))}
            {choose(|w| w.results_filter_device, Field::Device, Signal::derive(move || options(names, device_options)))}
            {period(address, Field::From, |w| w.results_filter_from, |w| w.results_filter_from_hour)}
            {period(address, Field::To, |w| w.results_filter_to, |w| w.results_filter_to_hour)}
            <Search address typed />
            <Show when=Signal::derive(move || !address.filters().is_empty())>
                <button
                    class="btn"
                    on:click=tap(move || {
                        typed.set(None);
                        address.clear();
                    })
                >
                    <Icon name=IconName::X />
                    {move || console.words().results_filter_clear}
                </button>
            </Show>
        </section>
    }
}

/// Asks once typing has paused.
#[component]
fn Search(address: Address, typed: RwSignal<Option<String>>) -> impl IntoView {
    let label = sentence(|words| words.results_filter_search);
    let timer = console().ports().get().timer.clone();
    let timer = StoredValue::new_local(timer);
    Effect::new(move || {
        let Some(text) = typed.get() else {
            return;
        };
        let timer = timer.get_value();
        spawn_local_scoped_with_cancellation(async move {
            timer.sleep(TYPING_PAUSE).await;
            address.set(Field::Search, text.trim());
        });
    });
    let shown = move || typed.get().unwrap_or_else(|| address.get(Field::Search));
    view! {
        <label class="filter search">
            <span class="unseen">{move || label.get()}</span>
            <input
                type="search"
                placeholder=move || label.get()
                prop:value=shown
                on:input=move |event| typed.set(Some(event_target_value(&event)))
            />
        </label>
    }
}

fn choice(
    address: Address,
    label: fn(&ConsoleMessages) -> &'static str,
    field: Field,
    options: Options,
) -> AnyView {
    let console = console();
    let all = move || {
        let mut all = vec![(String::new(), console.words().results_filter_all.to_owned())];
        all.extend(options.get());
        all
    };
    let chosen = Signal::derive(move || address.get(field));
    let on_choose = Callback::new(move |value: String| address.set(field, &value));
    select(sentence(label), Signal::derive(all), chosen, on_choose)
}

/// The event's offset at an instant.
fn offset_secs(console: Console, at: i64) -> Option<i32> {
    let event = console.event()?;
    let zones = console.ports().get().zones.clone();
    zones.offset_secs(&event.time_zone, at)
}

/// A day, and an hour of it once a day is chosen.
fn period(
    address: Address,
    field: Field,
    label: fn(&ConsoleMessages) -> &'static str,
    hour_label: fn(&ConsoleMessages) -> &'static str,
) -> AnyView {
    let console = console();
    let label = sentence(label);
    let end = Memo::new(move |_| End::read(&address.get(field), |at| offset_secs(console, at)));
    let set = move |end: &End| {
        address.set(field, &end.write(|at| offset_secs(console, at)));
    };
    let set_day = move |day: String| {
        let hour = end.get_untracked().hour;
        set(&End { day, hour });
    };
    let set_hour = Callback::new(move |hour: String| {
        let day = end.get_untracked().day;
        let hour = hour.parse().ok();
        set(&End { day, hour });
    });
    let hour = Signal::derive(move || {
        end.get()
            .hour
            .map_or_else(String::new, |hour| hour.to_string())
    });
    let hours = Signal::derive(move || hour_options(console));
    view! {
        <label class="filter">
            <span>{move || label.get()}</span>
            <input
                type="date"
                prop:value=move || end.get().day
                on:change=move |event| set_day(event_target_value(&event))
            />
        </label>
        <Show when=Signal::derive(move || !end.get().day.is_empty())>
            {select(sentence(hour_label), hours, hour, set_hour)}
        </Show>
    }
    .into_any()
}

fn select(
    label: Signal<&'static str>,
    options: Options,
    chosen: Signal<String>,
    on_choose: Callback<String>,
) -> AnyView {
    let option = move |(value, words): (String, String)| {
        let own = value.clone();
        view! {
            <option value=value prop:selected=move || chosen.with(|chosen| *chosen == own)>
                {words}
            </option>
        }
        .into_any()
    };
    view! {
        <label class="filter">
            <span>{move || label.get()}</span>
            <select on:change=move |event| on_choose.run(event_target_value(&event))>
                {move || options.get().into_iter().map(option).collect::<Vec<_>>()}
            </select>
        </label>
    }
    .into_any()
}

fn options(
    names: Signal<Option<Names>>,
    list: fn(&Names) -> Vec<(String, String)>,
) -> Vec<(String, String)> {
    names
        .with(|names| names.as_ref().map(list))
        .unwrap_or_default()
}

fn team_options(names: &Names) -> Vec<(String, String)> {
    let teams = names.event.teams.iter();
    teams
        .map(|team| (team.id.clone(), names.team(&team.id)))
        .collect()
}

fn rating_options(names: &Names) -> Vec<(String, String)> {
    (1..=5)
        .map(|rating| (rating.to_string(), names.rating(rating)))
        .collect()
}

fn device_options(names: &Names) -> Vec<(String, String)> {
    let devices = names.devices.iter();
    let mut devices: Vec<(String, String)> = devices
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect();
    devices.sort_by_cached_key(|(_, name)| natural(name));
    devices
}

fn kind_options(words: &ConsoleMessages) -> Vec<(String, String)> {
    named([
        ("visit", words.results_kind_visit),
        ("answer", words.results_kind_answer),
        ("fact_error", words.results_kind_fact_error),
        ("outcome", words.results_kind_outcome),
    ])
}

fn language_options(words: &ConsoleMessages) -> Vec<(String, String)> {
    named([
        ("ko", words.results_language_ko),
        ("en", words.results_language_en),
    ])
}

fn hour_options(console: Console) -> Vec<(String, String)> {
    let words = console.words();
    let hour = |hour: u8| {
        let named = fill(words.results_filter_hour, &[("hour", &hour)]);
        (hour.to_string(), named)
    };
    let whole = (String::new(), words.results_filter_whole_day.to_owned());
    std::iter::once(whole).chain((0..24).map(hour)).collect()
}

fn named<const N: usize>(options: [(&str, &str); N]) -> Vec<(String, String)> {
    options
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .into()
}
