//! The guide as a web worker, for questions that find no server.
//!
//! Owns: the border between the page's messages and the guide; the script around it is xtask's. Must
//! not own what the guide says. Invariant: nothing is kept between two questions.

use kiosk_core::json;
use kiosk_guide::Guide;
use kiosk_wire::event::{Event, Language};
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// What the guide of this event (its JSON) says, in pieces; none for what is no event.
#[wasm_bindgen]
#[must_use]
pub fn answer(event: &str, team: &str, demo: &str, language: &str, question: &str) -> Vec<String> {
    let Some(event) = json::read::<Event>(event) else {
        return Vec::new();
    };
    let language = if language == Language::En.code() {
        Language::En
    } else {
        Language::Ko
    };
    let answer = Guide::new(&event).answer(team, Some(demo), language, question);
    kiosk_guide::pieces(&answer.text)
        .map(str::to_owned)
        .collect()
}
