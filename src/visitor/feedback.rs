//! The form: one tap is enough, everything else may be left out.

pub mod ask;
pub mod give;
pub mod notice;

use kiosk_core::visit::Screen;
use leptos::prelude::*;

use ask::ask;
use give::give;

use super::frame::{ERASED_SOON, back, frame, start_over};
use super::{Worded, event, settings};
use crate::dom::{Element, el};
use crate::i18n::fill;
use crate::stores::chat::ChatStore;

pub fn feedback_screen() -> Element {
    let settings = settings();
    let chat = expect_context::<ChatStore>();
    let team = chat
        .read(|chats| chats.last_key().map(|key| key.team.clone()))
        .and_then(|id| event().team(&id));
    let share_team = team.clone();
    let about = move || {
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
    };
    let name = el("div")
        .class("name")
        .child(el("h2").words(|words| words.feedback_title))
        .child(el("p").class("small muted").say(about));
    let head = el("header")
        .class("head tall")
        .child(back(|words| words.back))
        .child(el("i").class("light").attr("aria-hidden", "true"))
        .child(name)
        .with(start_over);
    let main = el("main")
        .class("form")
        .child(ask())
        .child(give(share_team));
    frame(Screen::Feedback.name(), ERASED_SOON, [head, main])
}
