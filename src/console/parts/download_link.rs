//! A link to a file. The browser itself says nothing when a download is refused, so that the server
//! is asked first whether it would give it.
//!
//! Invariant: a tap ends in a download, a notice that says what to do, or sign-in.

use kiosk_wire::console::WhoAmI;
use kiosk_wire::paths;
use leptos::{ev, html, prelude::*, task::spawn_local};

use super::notices::notices;
use crate::console::state::{api, console};

/// The link, as a button.
#[component]
pub fn DownloadLink(
    #[prop(into)] href: Signal<String>,
    class: &'static str,
    /// `data-testid`, if it has one.
    #[prop(optional_no_strip)]
    testid: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let (api, console, notices) = (api(), console(), notices());
    let link = NodeRef::<html::A>::new();
    let is_sure = StoredValue::new(false);
    let on_click = move |event: ev::MouseEvent| {
        if is_sure.get_value() {
            is_sure.set_value(false);
            return;
        }
        event.prevent_default();
        spawn_local(async move {
            match api.get::<WhoAmI>(paths::SESSION).await {
                Ok(_) => {
                    if let Some(link) = link.try_get_untracked().flatten() {
                        is_sure.set_value(true);
                        link.click();
                    }
                }
                Err(error) => notices.failed(console.words_untracked(), &error),
            }
        });
    };
    view! {
        <a
            node_ref=link
            class=class
            data-testid=testid
            href=move || href.get()
            download=""
            on:click=on_click
        >
            {children()}
        </a>
    }
}
