//! A new person's secret, shown this once.
//!
//! Invariant: a tap beside the dialog does not close it, for then the secret would be lost.

use kiosk_wire::console::PersonMade;
use leptos::{prelude::*, task::spawn_local};

use crate::components::dialog::Dialog;
use crate::components::tap::tap;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::state::{console, sentence};
use crate::i18n::fill;

/// Shows the secret until somebody says it is written down.
#[component]
pub fn SecretDialog(made: PersonMade, shown: RwSignal<Option<PersonMade>>) -> impl IntoView {
    let console = console();
    let ports = console.ports();
    let (name, role) = (made.name.clone(), made.role.clone());
    let title = move || fill(console.words().secret_title, &[("name", &name)]);
    let role = move || {
        fill(
            console.words().secret_text,
            &[("role", &console.role_name(&role))],
        )
    };
    let secret = made.secret.clone();
    // Notices lie behind a dialog, so the button itself says what came of it.
    let outcome = RwSignal::new(None::<bool>);
    let copy = move || {
        let copied = ports.get().desk.copy(secret.clone());
        spawn_local(async move {
            outcome.set(Some(copied.await));
        });
    };
    let copy_words = move || {
        let words = console.words();
        match outcome.get() {
            None => words.copy,
            Some(true) => words.copied,
            Some(false) => words.copy_failed,
        }
    };
    view! {
        <Dialog label=sentence(|words| words.secret_label) on_dismiss=Callback::new(|()| ())>
            <h2>{title}</h2>
            <p class="muted">{role}</p>
            <p class="code" data-testid="person-secret">{made.secret}</p>
            <div class="two">
                <button class="btn" on:click=tap(copy)>
                    <Glyph name=GlyphName::Copy />
                    <span role="status">{copy_words}</span>
                </button>
                <button class="btn main" on:click=tap(move || shown.set(None))>
                    {move || console.words().secret_done}
                </button>
            </div>
        </Dialog>
    }
}
