//! What is going to be erased because its time is over.

use kiosk_wire::console::Retention;
use leptos::prelude::*;

use super::fetched::Fetched;
use super::number::number;
use crate::components::show::live;
use crate::console::parts::failure::{Failure, Loading};
use crate::console::state::{Console, console};
use crate::i18n::fill;

/// One sentence, or two where something is due.
#[component]
pub fn RetentionLine(found: Fetched<Retention>) -> impl IntoView {
    let console = console();
    let retry = Callback::new(move |()| found.again());
    live(move || match found.answer.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Err(error)) => view! { <Failure error on_retry=retry /> }.into_any(),
        Some(Ok(retention)) => {
            view! { <p class="muted">{sentences(console, &retention)}</p> }.into_any()
        }
    })
}

fn sentences(console: Console, retention: &Retention) -> String {
    let words = console.words();
    let days = fill(
        words.results_retention_days,
        &[("days", &retention.retention_days)],
    );
    let due = match &retention.next_at {
        Some(at) if retention.entries > 0 => fill(
            words.results_retention_due,
            &[
                ("time", &console.date_time(at)),
                ("count", &number(retention.entries)),
            ],
        ),
        _ => words.results_retention_none.to_owned(),
    };
    [days, due].join(" ")
}
