//! Asks whether somebody is still there, and counts down aloud what happens otherwise.

use kiosk_core::idle::IdlePhase;
use kiosk_core::visit::VisitEvent;
use leptos::prelude::*;

use super::{causes, event, sentence, settings};
use crate::components::dialog::Dialog;
use crate::components::show::Show;
use crate::components::tap::tap;
use crate::i18n::fill;
use crate::stores::visit::VisitStore;

#[component]
pub fn IdleDialog() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let is_asking = Memo::new(move |_| matches!(visit.idle_phase(), IdlePhase::Warning { .. }));
    view! {
        <Show when=move || is_asking.get()>
            <Question />
        </Show>
    }
}

#[component]
fn Question() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let settings = settings();
    let all_secs = event().get().limits.countdown_secs.max(1);
    let left = Memo::new(move |before| match visit.idle_phase() {
        IdlePhase::Warning { left_secs } => left_secs,
        // Not asking any more; the last number stays until the dialog is gone.
        _ => before.copied().unwrap_or_default(),
    });
    let share = Signal::derive(move || format!("calc({} / {all_secs})", left.get()));
    let text = Signal::derive(move || fill(settings.words().idle_text, &[("secs", &left.get())]));
    let title = sentence(|words| words.idle_title);
    view! {
        <Dialog
            label=title
            role="alertdialog"
            testid="idle-dialog"
            on_dismiss=Callback::new(move |()| visit.go_on())
        >
            <div class="count">
                <div class="ring" aria-hidden="true">
                    <svg viewBox="0 0 120 120">
                        <circle cx="60" cy="60" r="54"></circle>
                        <circle
                            class="left"
                            cx="60"
                            cy="60"
                            r="54"
                            pathLength="1"
                            style=("--left", share)
                        ></circle>
                    </svg>
                    {move || left.get()}
                </div>
                <div>
                    <h2>{title}</h2>
                    <p>{text}</p>
                </div>
            </div>
            <div class="two">
                <button
                    class="btn tall"
                    data-testid="idle-end"
                    on:click=causes(VisitEvent::Idle)
                >
                    {sentence(|words| words.idle_end)}
                </button>
                <button
                    class="btn primary"
                    data-testid="idle-continue"
                    autofocus
                    on:click=tap(move || visit.go_on())
                >
                    {sentence(|words| words.idle_continue)}
                </button>
            </div>
        </Dialog>
    }
}
