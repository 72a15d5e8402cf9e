//! Ends the day on this tablet: says what keeps it from ending, or asks once and locks.

use leptos::prelude::*;

use super::queue::SaveFile;
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::show::{Show, live};
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::staff::{EndOfDay, StaffStore};
use crate::visitor::{sentence, settings};

#[component]
pub fn EndDay() -> impl IntoView {
    let is_asking = RwSignal::new(false);
    view! {
        <button
            class="btn danger"
            data-testid="end-of-day"
            on:click=tap(move || is_asking.set(true))
        >
            <Icon name=IconName::Power />
            {sentence(|words| words.day_end)}
        </button>
        <Show when=move || is_asking.get()>
            <Question on_close=Callback::new(move |()| is_asking.set(false)) />
        </Show>
    }
}

#[component]
fn Question(on_close: Callback<()>) -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    let settings = settings();
    let title = Signal::derive(move || {
        let words = settings.words();
        match staff.end_of_day() {
            EndOfDay::Ready => words.day_end_title,
            EndOfDay::Unsent { .. } => words.day_wait_title,
        }
    });
    let text = Signal::derive(move || day_words(settings.words(), staff.end_of_day()));
    let is_ready = Memo::new(move |_| staff.end_of_day() == EndOfDay::Ready);
    let way_on = move || {
        if is_ready.get() {
            view! {
                <button
                    class="btn primary"
                    data-testid="end-of-day-confirm"
                    on:click=tap(move || staff.finish_day())
                >
                    <Icon name=IconName::Lock />
                    {sentence(|words| words.day_end_confirm)}
                </button>
            }
            .into_any()
        } else {
            view! { <SaveFile /> }.into_any()
        }
    };
    view! {
        <Dialog label=title role="alertdialog" testid="end-of-day-dialog" on_dismiss=on_close>
            <h2>{title}</h2>
            <p role="status">{text}</p>
            <div class="two">
                <button class="btn tall" autofocus on:click=tap(move || on_close.run(()))>
                    {sentence(|words| words.close)}
                </button>
                {live(way_on)}
            </div>
        </Dialog>
    }
}

/// What is missing, or what will happen.
fn day_words(words: &Messages, day: EndOfDay) -> String {
    match day {
        EndOfDay::Ready => words.day_end_text.to_owned(),
        EndOfDay::Unsent { pending, parked: 0 } => {
            fill(words.day_wait_pending, &[("count", &pending)])
        }
        EndOfDay::Unsent { pending: 0, parked } => {
            fill(words.day_wait_parked, &[("count", &parked)])
        }
        EndOfDay::Unsent { pending, parked } => fill(
            words.day_wait_both,
            &[("pending", &pending), ("parked", &parked)],
        ),
    }
}
