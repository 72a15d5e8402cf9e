//! Copies the text of a code block.

use std::time::Duration;

use leptos::prelude::*;

use crate::dom::{Element, IconName, button, icon};
use crate::stores::ports::Ports;
use crate::stores::visit::VisitStore;
use crate::tasks::spawn_local_scoped_with_cancellation;
use crate::visitor::{Worded, settings};

/// How long it is said that it was copied.
const SAID: Duration = Duration::from_secs(2);

/// A button that copies what stands in `code`.
pub fn copy_button(code: &Element) -> Element {
    let ports = expect_context::<Ports>();
    let visit = expect_context::<VisitStore>();
    let settings = settings();
    let is_copied = RwSignal::new(false);
    let code = code.clone();
    button("btn plain small copy", "code-copy")
        .with(icon(IconName::Copy))
        .say(move || {
            let words = settings.words();
            if is_copied.get() {
                words.code_copied
            } else {
                words.code_copy
            }
        })
        .tap(move || {
            visit.copy(&code.text_inside());
            is_copied.set(true);
            spawn_local_scoped_with_cancellation(async move {
                ports.get().timer.sleep(SAID).await;
                is_copied.set(false);
            });
        })
        .words_attr("aria-description", |words| words.code_copy_hint)
}
