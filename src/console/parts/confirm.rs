//! A question before something that hurts.

use leptos::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::tap::tap;
use crate::console::state::console;

/// Names what will happen and to how many; the button says what it does.
#[component]
pub fn Confirm(
    /// The question.
    title: Signal<String>,
    /// What follows from it.
    #[prop(into)]
    text: Signal<String>,
    /// What the button does, in words.
    action: Signal<&'static str>,
    /// `data-testid` of the button, if it has one.
    #[prop(optional)]
    testid: Option<&'static str>,
    on_confirm: Callback<()>,
    on_cancel: Callback<()>,
) -> impl IntoView {
    let console = console();
    view! {
        <Dialog label=action role="alertdialog" on_dismiss=on_cancel>
            <h2>{move || title.get()}</h2>
            <p class="muted">{move || text.get()}</p>
            <div class="two">
                <button class="btn" on:click=tap(move || on_cancel.run(()))>
                    {move || console.words().cancel}
                </button>
                <button
                    class="btn main danger"
                    data-testid=testid
                    on:click=tap(move || on_confirm.run(()))
                >
                    {move || action.get()}
                </button>
            </div>
        </Dialog>
    }
}
