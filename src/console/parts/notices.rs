//! Short notices of what happened, read out by assistive technology.
//!
//! Owns: which ones are shown. Must not own: their words.
//! Invariant: good news goes away by itself, bad news stays until it is closed.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::failure::failure_words;
use crate::components::icon::{Icon, IconName};
use crate::components::tap::tap;
use crate::console::api::ApiError;
use crate::console::ports::Ports;
use crate::console::state::{console, sentence};
use crate::console::words::ConsoleMessages;

const STAYS: Duration = Duration::from_secs(6);
/// More than these at once would cover the page.
const MOST: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Notice {
    number: u32,
    is_good: bool,
    text: String,
}

/// The notices, for everything in the console.
#[derive(Clone, Copy)]
pub struct Notices {
    shown: RwSignal<Vec<Notice>>,
    next: StoredValue<u32>,
    ports: Ports,
}

/// The notices.
#[must_use]
pub fn notices() -> Notices {
    expect_context()
}

impl Notices {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            shown: RwSignal::default(),
            next: StoredValue::new(0),
            ports,
        }
    }

    /// Something was done.
    pub fn good(self, text: impl Into<String>) {
        let number = self.show(true, text.into());
        let timer = self.ports.get().timer.clone();
        spawn_local(async move {
            timer.sleep(STAYS).await;
            self.close(number);
        });
    }

    /// Something was not done; the text says what to do.
    pub fn bad(self, text: impl Into<String>) {
        self.show(false, text.into());
    }

    /// What a call's failure means. A sign-out says it by the sign-in page.
    pub fn failed(self, words: &ConsoleMessages, error: &ApiError) {
        if *error != ApiError::SignedOut {
            self.bad(failure_words(words, error));
        }
    }

    fn show(self, is_good: bool, text: String) -> u32 {
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        self.shown.update(|shown| {
            // The same words again are the same notice.
            shown.retain(|notice| notice.text != text);
            shown.push(Notice {
                number,
                is_good,
                text,
            });
            let over = shown.len().saturating_sub(MOST);
            shown.drain(..over);
        });
        number
    }

    fn close(self, number: u32) {
        self.shown
            .update(|shown| shown.retain(|notice| notice.number != number));
    }
}

/// Where notices stand. It is always in the page, so that what comes into it is read out.
#[component]
pub fn NoticeList() -> impl IntoView {
    let notices = notices();
    let label = sentence(|words| words.notices_label);
    view! {
        <div class="notices" role="status" aria-atomic="false" aria-label=move || label.get()>
            <For
                each=move || notices.shown.get()
                key=|notice| notice.number
                children=move |notice| view! { <NoticeItem notice /> }
            />
        </div>
    }
}

#[component]
fn NoticeItem(notice: Notice) -> impl IntoView {
    let console = console();
    let notices = notices();
    let (tone, icon) = if notice.is_good {
        ("success", IconName::CircleCheck)
    } else {
        ("danger", IconName::TriangleAlert)
    };
    view! {
        <div class="note" data-tone=tone>
            <Icon name=icon />
            <span class="grow">{notice.text}</span>
            <button
                class="btn plain"
                aria-label=move || console.words().close
                on:click=tap(move || notices.close(notice.number))
            >
                <Icon name=IconName::X />
            </button>
        </div>
    }
}
