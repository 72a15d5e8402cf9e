//! One team's drawings: bars for the ratings, a line for the hours.
//!
//! Owns: marks on a drawing. Must not own: what the numbers mean or where they come from.
//! Invariant: a drawing is decoration beside a table that says the same in words.

use leptos::prelude::*;

use super::geometry::{LEFT, Scale, WIDTH, bars, line, path};
use super::number::number;
use super::plots::{Plots, TeamPlot};

const RATINGS_HEIGHT: f64 = 90.0;
const HOURS_HEIGHT: f64 = 42.0;
/// Room under the plot for its labels.
const FOOT: f64 = 28.0;
const LABEL_DROP: f64 = 20.0;
const NUMBER_RISE: f64 = 6.0;
const TICK_GAP: f64 = 8.0;
const DOT: f64 = 3.0;

/// Ratings as bars: as high as their share, with their count on top.
pub fn rating_bars(plot: &TeamPlot, plots: &Plots) -> AnyView {
    let scale = Scale::reaching(plots.most_percent, RATINGS_HEIGHT);
    let drawn = bars(plot.shares(), scale).into_iter().zip(plot.ratings);
    let bars = (1_u8..).zip(drawn).map(|(rating, (bar, count))| {
        view! {
            <rect x=tenth(bar.x) y=tenth(bar.y) width=tenth(bar.width) height=tenth(bar.height) rx="3" />
            <text class="value" x=tenth(bar.centre()) y=tenth(bar.y - NUMBER_RISE) text-anchor="middle">
                {number(count)}
            </text>
            <text x=tenth(bar.centre()) y=tenth(scale.floor() + LABEL_DROP) text-anchor="middle">
                {rating}
            </text>
        }
        .into_any()
    });
    drawing(scale, bars.collect::<Vec<_>>().into_any())
}

/// Forms by the hour as a line, from the first hour of any team to the last.
pub fn hour_line(plot: &TeamPlot, plots: &Plots, label: impl Fn(i64) -> String) -> AnyView {
    let scale = Scale::reaching(plots.most_in_hour, HOURS_HEIGHT);
    let Some((first, last)) = plots.hours else {
        return drawing(scale, ().into_any());
    };
    let points = line(&plot.hours, first, last, scale);
    // A single hour makes no line.
    let dot = (points.len() == 1).then(|| points[0]);
    let below = tenth(scale.floor() + LABEL_DROP);
    let ends = if first == last {
        vec![(f64::midpoint(LEFT, WIDTH), "middle", first)]
    } else {
        vec![(LEFT, "start", first), (WIDTH, "end", last)]
    };
    let labels = ends.into_iter().map(|(x, anchor, hour)| {
        view! { <text x=tenth(x) y=below.clone() text-anchor=anchor>{label(hour)}</text> }
            .into_any()
    });
    let marks = view! {
        <path d=path(&points) />
        {dot.map(|(x, y)| view! { <circle cx=tenth(x) cy=tenth(y) r=tenth(DOT) /> }.into_any())}
        {labels.collect::<Vec<_>>()}
    };
    drawing(scale, marks.into_any())
}

/// The lines of the scale, and whatever stands on them.
fn drawing(scale: Scale, marks: AnyView) -> AnyView {
    let ticks = scale.ticks().map(|tick| {
        let y = scale.y_of(tick);
        view! {
            <line x1=tenth(LEFT) x2=tenth(WIDTH) y1=tenth(y) y2=tenth(y) />
            <text x=tenth(LEFT - TICK_GAP) y=tenth(y) dy="0.35em" text-anchor="end">{number(tick)}</text>
        }
        .into_any()
    });
    let height = scale.floor() + FOOT;
    view! {
        <svg class="drawing" viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true">
            {ticks.into_iter().collect::<Vec<_>>()}
            {marks}
        </svg>
    }
    .into_any()
}

fn tenth(value: f64) -> String {
    format!("{value:.1}")
}
