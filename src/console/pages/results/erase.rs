//! Erasing a visit by the receipt its visitor was given.
//!
//! Owns: asking before it, and what came of it. Must not own: which entries belong to the visit.
//! Invariant: nothing is erased without a question that names the receipt.

use kiosk_wire::console::Retention;
use kiosk_wire::paths;
use kiosk_wire::receipt::normalize;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::fetched::Fetched;
use super::retention::RetentionLine;
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::api::ApiError;
use crate::console::parts::confirm::Confirm;
use crate::console::parts::failure::failure_words;
use crate::console::state::{api, console, sentence};
use crate::i18n::fill;

/// What came of it, with the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// What was written is no receipt.
    Unreadable,
    Erased(String),
    /// Nothing of this visit is here.
    NothingHere(String),
    Remembered(String),
    Failed(ApiError),
}

/// The receipt that is asked about: whoever sets it opens the question.
#[derive(Clone, Copy)]
pub struct Erasing {
    asked: RwSignal<Option<String>>,
    outcome: RwSignal<Option<Outcome>>,
}

impl Default for Erasing {
    fn default() -> Self {
        Self {
            asked: RwSignal::new(None),
            outcome: RwSignal::new(None),
        }
    }
}

impl Erasing {
    /// Asks about what a person wrote.
    pub fn ask(self, written: &str) {
        match normalize(written) {
            Some(receipt) => {
                self.outcome.set(None);
                self.asked.set(Some(receipt));
            }
            None => self.outcome.set(Some(Outcome::Unreadable)),
        }
    }
}

/// The field, the question and the answer.
#[component]
pub fn ErasePanel(
    erasing: Erasing,
    /// After something was erased.
    on_change: Callback<()>,
    /// What is going to be erased by itself.
    retention: Fetched<Retention>,
) -> impl IntoView {
    let api = api();
    let written = RwSignal::new(String::new());
    let title = sentence(|words| words.results_erase);
    let note = sentence(|words| words.results_erase_note);
    let field = sentence(|words| words.results_erase_field);
    let button = sentence(|words| words.results_erase_button);
    let send = move |receipt: String, remember: bool| {
        // Once confirmed it goes on, whatever is still on the page.
        spawn_local(async move {
            let path = paths::erase(&receipt);
            let path = if remember {
                format!("{path}?remember=true")
            } else {
                path
            };
            let outcome = match api.delete(path).await {
                Ok(()) if remember => Outcome::Remembered(receipt),
                Ok(()) => Outcome::Erased(receipt),
                Err(ApiError::NotFound) => Outcome::NothingHere(receipt),
                Err(error) => Outcome::Failed(error),
            };
            let is_change = matches!(outcome, Outcome::Erased(_));
            erasing.outcome.set(Some(outcome));
            if is_change {
                written.set(String::new());
                on_change.try_run(());
            }
        });
    };
    let send = Callback::new(move |(receipt, remember)| send(receipt, remember));
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        erasing.ask(&written.get_untracked());
    };
    view! {
        <section class="box panel">
            <h2>{move || title.get()}</h2>
            <RetentionLine found=retention />
            <p class="muted">{move || note.get()}</p>
            <form class="erase" on:submit=on_submit>
                <label class="text-field">
                    <span>{move || field.get()}</span>
                    <input
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                        prop:value=move || written.get()
                        on:input=move |event| written.set(event_target_value(&event))
                    />
                </label>
                <button class="btn danger" type="submit">{move || button.get()}</button>
            </form>
            <div role="status">{live(move || Some(told(erasing.outcome.get()?, send)))}</div>
            {live(move || Some(question(erasing, erasing.asked.get()?, send)))}
        </section>
    }
}

fn question(erasing: Erasing, receipt: String, send: Callback<(String, bool)>) -> AnyView {
    let console = console();
    let named = receipt.clone();
    let title =
        Signal::derive(move || fill(console.words().results_erase_title, &[("receipt", &named)]));
    let text = Signal::derive(move || console.words().results_erase_text.to_owned());
    let on_confirm = Callback::new(move |()| {
        erasing.asked.set(None);
        send.run((receipt.clone(), false));
    });
    view! {
        <Confirm
            title
            text
            action=sentence(|words| words.results_erase_button)
            on_confirm
            on_cancel=Callback::new(move |()| erasing.asked.set(None))
        />
    }
    .into_any()
}

fn told(outcome: Outcome, send: Callback<(String, bool)>) -> AnyView {
    let words = console().words();
    let about = |sentence, receipt: &String| fill(sentence, &[("receipt", receipt)]);
    let (tone, text) = match &outcome {
        Outcome::Unreadable => ("danger", words.results_erase_invalid.to_owned()),
        Outcome::Erased(receipt) => ("success", about(words.results_erase_done, receipt)),
        Outcome::NothingHere(receipt) => ("warning", about(words.results_erase_none, receipt)),
        Outcome::Remembered(receipt) => ("success", about(words.results_erase_remembered, receipt)),
        Outcome::Failed(error) => ("danger", failure_words(words, error)),
    };
    let remember = match outcome {
        Outcome::NothingHere(receipt) => Some(view! {
            <button class="btn" on:click=tap(move || send.run((receipt.clone(), true)))>
                {words.results_erase_remember}
            </button>
        }),
        _ => None,
    };
    view! {
        <div class="note outcome" data-tone=tone>
            <p>{text}</p>
            {remember.map(IntoAny::into_any)}
        </div>
    }
    .into_any()
}
