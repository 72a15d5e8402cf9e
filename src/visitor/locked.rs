//! A tablet that rests: staff ended the day, or locked it from the console.

use super::Worded;
use super::frame::{ERASED_SOON, frame};
use crate::dom::{Element, IconName, el, icon};

pub fn locked_screen() -> Element {
    let main = el("main")
        .class("locked")
        .with(icon(IconName::Moon))
        .child(el("h1").words(|words| words.locked_title))
        .child(el("p").class("lead").words(|words| words.locked_text));
    frame("locked", ERASED_SOON, [main])
}
