//! All visits in a few numbers.

use kiosk_wire::console::Summary;
use kiosk_wire::feedback::EndedBy;
use leptos::prelude::*;

use super::item::Names;
use super::number::{number, whole_percent};
use crate::i18n::fill;

/// The ways a visit ends, in the order they are told.
const ENDS: [(EndedBy, &str); 5] = [
    (EndedBy::Submit, "submit"),
    (EndedBy::Skip, "skip"),
    (EndedBy::StartOver, "start_over"),
    (EndedBy::Idle, "idle"),
    (EndedBy::Staff, "staff"),
];

/// How visits ended, and what is not counted.
pub fn overview(summary: &Summary, names: &Names) -> AnyView {
    let words = names.words;
    let visits = &summary.visits;
    let response = whole_percent(visits.with_form, visits.ended).map_or_else(
        || words.results_none_yet.to_owned(),
        |percent| fill(words.results_percent, &[("percent", &percent)]),
    );
    let of = fill(
        words.results_response_of,
        &[
            ("visits", &number(visits.ended)),
            ("forms", &number(visits.with_form)),
        ],
    );
    let people = |count| fill(words.results_people, &[("count", &number(count))]);
    let mut tiles = vec![
        (
            words.results_visits_ended,
            people(visits.ended),
            String::new(),
        ),
        (words.results_response, response, of),
    ];
    tiles.extend(ENDS.map(|(end, code)| {
        let count = visits.ended_by.get(code).copied().unwrap_or(0);
        (names.ended_by(end), people(count), String::new())
    }));
    tiles.push((
        words.results_not_counted,
        fill(
            words.results_count,
            &[("count", &number(summary.not_counted))],
        ),
        words.results_not_counted_note.to_owned(),
    ));
    let tiles = tiles.into_iter().map(|(term, value, note)| {
        let note = (!note.is_empty()).then(|| view! { <small>{note}</small> }.into_any());
        view! { <div><dt>{term}</dt><dd>{value} {note}</dd></div> }.into_any()
    });
    view! {
        <section aria-label=words.results_summary>
            <dl class="sums">{tiles.collect::<Vec<_>>()}</dl>
        </section>
    }
    .into_any()
}
