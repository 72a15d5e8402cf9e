//! Bringing in what staff saved from a tablet that could not send.
//!
//! Owns: reading the chosen file and telling what became of it. Must not own: judging entries; the
//! server does that as if the tablet had sent them.

use kiosk_wire::feedback::Receipts;
use kiosk_wire::paths;
use kiosk_wire::rescue::{FORMAT, RescueFile};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::number::number;
use super::tally::{Tally, tally};
use crate::components::show::live;
use crate::console::api::ApiError;
use crate::console::parts::failure::failure_words;
use crate::console::state::{api, console, sentence};
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Import {
    Reading,
    /// The browser could not read it.
    Unreadable,
    /// It is another file.
    Foreign,
    Failed(ApiError),
    Done(Tally),
}

/// Chooses a file and brings it in.
#[component]
pub fn ImportPanel(
    /// After something new was stored.
    on_change: Callback<()>,
) -> impl IntoView {
    let console = console();
    let api = api();
    let state = RwSignal::new(None::<Import>);
    let title = sentence(|words| words.results_import);
    let note = sentence(|words| words.results_import_note);
    let choose = sentence(|words| words.results_import_choose);
    let on_choose = move |event: Event| {
        let text = console.ports().get().files.chosen_text(&event);
        state.set(Some(Import::Reading));
        spawn_local_scoped_with_cancellation(async move {
            let file = match text.await {
                Ok(None) => return state.set(None),
                Ok(Some(text)) => read(&text).ok_or(Import::Foreign),
                Err(_) => Err(Import::Unreadable),
            };
            let outcome = match file {
                Ok(file) => match api.post(paths::IMPORT, &file).await {
                    Ok(receipts) => Import::Done(counted(&receipts)),
                    Err(error) => Import::Failed(error),
                },
                Err(outcome) => outcome,
            };
            let is_new = matches!(&outcome, Import::Done(tally) if tally.stored > 0);
            state.set(Some(outcome));
            if is_new {
                on_change.run(());
            }
        });
    };
    view! {
        <section class="box panel">
            <h2>{move || title.get()}</h2>
            <p class="muted">{move || note.get()}</p>
            <label class="text-field">
                <span>{move || choose.get()}</span>
                <input type="file" accept=".json,application/json" on:change=on_choose />
            </label>
            <div role="status">
                {live(move || Some(told(&state.get()?, console.words())))}
            </div>
        </section>
    }
}

fn read(text: &str) -> Option<RescueFile> {
    let file: RescueFile = serde_json::from_str(text).ok()?;
    (file.format == FORMAT).then_some(file)
}

fn counted(receipts: &Receipts) -> Tally {
    tally(&receipts.receipts)
}

fn told(state: &Import, words: &ConsoleMessages) -> AnyView {
    let (tone, text) = match state {
        Import::Reading => ("info", words.results_import_reading.to_owned()),
        Import::Unreadable => ("danger", words.results_import_unreadable.to_owned()),
        Import::Foreign => ("danger", words.results_import_foreign.to_owned()),
        Import::Failed(error) => ("danger", failure_words(words, error)),
        Import::Done(tally) => return told_tally(tally, words),
    };
    view! { <p class="note" data-tone=tone>{text}</p> }.into_any()
}

fn told_tally(tally: &Tally, words: &ConsoleMessages) -> AnyView {
    let invalid = tally.invalid.len() as u64;
    let done = fill(
        words.results_import_done,
        &[
            ("stored", &number(tally.stored)),
            ("duplicate", &number(tally.duplicate)),
            ("invalid", &number(invalid)),
        ],
    );
    let more = [
        (tally.conflict, words.results_import_conflict),
        (tally.erased, words.results_import_erased),
    ];
    let more = more.into_iter().filter(|(count, _)| *count > 0);
    let more = more.map(|(count, sentence)| {
        let text = fill(sentence, &[("count", &number(count))]);
        view! { <p>{text}</p> }.into_any()
    });
    let reasons = tally.invalid.iter().map(|(id, reason)| {
        let text = fill(
            words.results_import_reason,
            &[("id", id), ("reason", reason)],
        );
        view! { <li>{text}</li> }.into_any()
    });
    let tone = if invalid == 0 { "success" } else { "warning" };
    view! {
        <div class="note outcome" data-tone=tone>
            <p>{done}</p>
            {more.collect::<Vec<_>>()}
            {(invalid > 0).then(|| view! { <ul>{reasons.collect::<Vec<_>>()}</ul> }.into_any())}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(format: &str) -> String {
        format!(
            r#"{{"format":"{format}","version":1,"device_id":"d","name":"1","saved_at":"2025-12-30T18:00:00+09:00","last_seq":2,"items":[{{"id":"a"}}]}}"#
        )
    }

    #[test]
    fn only_a_rescue_file_is_sent() {
        assert_eq!(read(&file(FORMAT)).map(|file| file.items.len()), Some(1));
        assert_eq!(read(&file("something-else")), None);
        assert_eq!(read("{}"), None);
        assert_eq!(read("not json"), None);
    }
}
