//! What visitors said about each team, side by side.
//!
//! Owns: the words around the drawings. Must not own: an order; teams stand as the server lists
//! them. Invariant: every plot has the same parts in the same places, whatever a team was told.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::chart::{hour_line, rating_bars};
use super::item::Names;
use super::moment::hour_label;
use super::number::{number, whole_percent};
use super::plots::{Plots, TeamPlot};
use crate::components::tap::tap;
use crate::console::parts::team_mark::TeamMark;
use crate::console::state::console;
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// What a reported fact can be about, in the order of the tablet's dialog.
const CATEGORIES: [&str; 4] = ["basic", "science", "law", "statistics"];

/// The plots of one version of the survey, as drawings or as tables.
#[component]
#[expect(
    clippy::needless_pass_by_value,
    reason = "props belong to their component"
)]
pub fn PlotGrid(plots: Plots, names: Names, as_tables: RwSignal<bool>) -> impl IntoView {
    let words = names.words;
    let rating = |at: usize| {
        let word = names.event.survey.ratings.get(at);
        word.map_or_else(String::new, |word| word.get(names.language).to_owned())
    };
    let legend = fill(
        words.results_legend,
        &[("lowest", &rating(0)), ("highest", &rating(4))],
    );
    let guide = fill(
        words.results_guide_apart,
        &[("count", &number(plots.guide_served))],
    );
    let shown = plots
        .teams
        .iter()
        .map(|plot| team_plot(plot, &plots, &names));
    view! {
        <div class="plots-head">
            <p>{legend}</p>
            <p>{words.results_fair} " · " {guide}</p>
            <button
                class="btn"
                aria-pressed=move || as_tables.get().to_string()
                on:click=tap(move || as_tables.update(|shown| *shown = !*shown))
            >
                {words.results_as_tables}
            </button>
        </div>
        <div class="plots" data-view=move || if as_tables.get() { "tables" } else { "charts" }>
            {shown.collect::<Vec<_>>()}
        </div>
    }
}

fn team_plot(plot: &TeamPlot, plots: &Plots, names: &Names) -> AnyView {
    let console = console();
    let words = names.words;
    let placed = plot.team.clone();
    let hour = |place| hour_label(place, hour_pattern(words, plots.hours));
    let titled = |sentence| fill(sentence, &[("team", &names.team(&plot.team))]);
    view! {
        <section
            class="plot"
            data-testid="chart"
            data-team=plot.team.clone()
            style=("--hue", move || console.team_hue(&placed).to_string())
        >
            <h3><TeamMark id=plot.team.clone() /></h3>
            <figure>
                <figcaption class="unseen">{titled(words.results_plot_ratings)}</figcaption>
                {rating_bars(plot, plots)}
                {rating_table(plot, names)}
            </figure>
            {sums(plot, words)}
            <figure>
                <figcaption class="unseen">{titled(words.results_plot_hours)}</figcaption>
                {hour_line(plot, plots, hour)}
                {hour_table(plot, words)}
            </figure>
            {counted(words.results_plot_tags, &plot.tags, &tag_ids(names), |tag| names.tag(tag))}
            {counted(words.results_plot_facts, &plot.fact_errors, &CATEGORIES.map(str::to_owned), |id| names.category(id))}
        </section>
    }
    .into_any()
}

/// Within a day, the hour is enough.
fn hour_pattern(words: &ConsoleMessages, hours: Option<(i64, i64)>) -> &'static str {
    let day = |hour: i64| hour.div_euclid(24);
    match hours {
        Some((first, last)) if day(first) != day(last) => words.results_hour_long,
        _ => words.results_hour_short,
    }
}

fn tag_ids(names: &Names) -> Vec<String> {
    let tags = names.event.survey.tags.iter();
    tags.map(|tag| tag.id.clone()).collect()
}

fn sums(plot: &TeamPlot, words: &ConsoleMessages) -> AnyView {
    let (visits, forms) = plot.response;
    let response = whole_percent(forms, visits).map_or_else(
        || words.results_none_yet.to_owned(),
        |percent| {
            let share = fill(words.results_percent, &[("percent", &percent)]);
            format!("{share} ({}/{})", number(forms), number(visits))
        },
    );
    let count = |count: u64| fill(words.results_count, &[("count", &number(count))]);
    let thumbs = fill(
        words.results_plot_thumbs_value,
        &[
            ("up", &number(plot.thumbs.up)),
            ("down", &number(plot.thumbs.down)),
        ],
    );
    told([
        (words.results_plot_forms.to_owned(), count(plot.count)),
        (words.results_plot_response.to_owned(), response),
        (
            words.results_plot_guide.to_owned(),
            count(plot.guide_served),
        ),
        (words.results_plot_thumbs.to_owned(), thumbs),
    ])
}

/// Counts by name. All teams get the same rows, whatever was said about them.
fn counted(
    title: &'static str,
    counts: &BTreeMap<String, u64>,
    known: &[String],
    name: impl Fn(&str) -> String,
) -> AnyView {
    let extra = counts.keys().filter(|id| !known.contains(id));
    let rows = known.iter().chain(extra).map(|id| {
        let count = counts.get(id).copied().unwrap_or(0);
        (name(id), number(count))
    });
    view! {
        <div>
            <h4>{title}</h4>
            {told(rows)}
        </div>
    }
    .into_any()
}

fn told(rows: impl IntoIterator<Item = (String, String)>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|(term, text)| view! { <div><dt>{term}</dt><dd>{text}</dd></div> }.into_any());
    view! { <dl>{rows.collect::<Vec<_>>()}</dl> }.into_any()
}

fn rating_table(plot: &TeamPlot, names: &Names) -> AnyView {
    let words = names.words;
    let all = plot.ratings.iter().sum();
    let rows = (1_u8..).zip(plot.ratings).map(|(rating, count)| {
        let share = whole_percent(count, all).unwrap_or(0);
        let share = fill(words.results_percent, &[("percent", &share)]);
        view! {
            <tr><th scope="row">{names.rating(rating)}</th><td>{number(count)}</td><td>{share}</td></tr>
        }
        .into_any()
    });
    view! {
        <table class="plot-table">
            <thead><tr>
                <th scope="col">{words.results_column_rating}</th>
                <th scope="col">{words.results_column_count}</th>
                <th scope="col">{words.results_column_share}</th>
            </tr></thead>
            <tbody>{rows.collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}

fn hour_table(plot: &TeamPlot, words: &'static ConsoleMessages) -> AnyView {
    let rows = plot.hours.iter().map(|(hour, count)| {
        let hour = hour_label(*hour, words.results_hour_long);
        view! { <tr><th scope="row">{hour}</th><td>{number(*count)}</td></tr> }.into_any()
    });
    view! {
        <table class="plot-table">
            <thead><tr>
                <th scope="col">{words.results_column_hour}</th>
                <th scope="col">{words.results_column_count}</th>
            </tr></thead>
            <tbody>{rows.collect::<Vec<_>>()}</tbody>
        </table>
    }
    .into_any()
}
