//! The form: one tap is enough, everything else may be left out.

pub mod ask;
pub mod give;

use kiosk_core::visit::Screen;
use leptos::prelude::*;

use ask::Ask;
use give::Give;

use super::frame::{Back, Frame, StartOver};
use super::{event, sentence, settings};
use crate::i18n::fill;
use crate::stores::chat::ChatStore;

#[component]
pub fn FeedbackScreen() -> impl IntoView {
    let settings = settings();
    let chat = expect_context::<ChatStore>();
    let team = chat
        .read(|chats| chats.last_key().map(|key| key.team.clone()))
        .and_then(|id| event().team(&id));
    let share_team = team.clone();
    let about = Signal::derive(move || {
        let words = settings.words();
        team.as_ref().map_or_else(
            || words.feedback_about_nobody.to_owned(),
            |team| {
                let name = team.name.get(settings.language());
                fill(
                    words.feedback_about,
                    &[("team", &name), ("model", &team.model)],
                )
            },
        )
    });
    view! {
        <Frame screen=Screen::Feedback.name()>
            <header class="head tall">
                <Back label=sentence(|words| words.back) />
                <i class="light" aria-hidden="true"></i>
                <div class="name">
                    <h2>{sentence(|words| words.feedback_title)}</h2>
                    <p class="small muted">{about}</p>
                </div>
                <StartOver />
            </header>
            <main class="form">
                <Ask />
                <Give team=share_team />
            </main>
        </Frame>
    }
}
