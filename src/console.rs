//! The app of staff and organisers: the fleet, teams, results, people, the audit.
//!
//! Owns: its pages and how they ask the server. Must not own: rules; the server decides who may do
//! what, and a page that is not allowed says so.
//! Invariant: the address tells the page and its filters, so that a reload shows the same.

pub mod ports;
pub mod words;

use leptos::prelude::*;

use ports::{PortSet, Ports};

/// Mounts the app in the page.
pub fn start(set: PortSet) {
    std::panic::set_hook(Box::new(|info| leptos::logging::error!("{info}")));
    mount_to_body(move || {
        provide_context(Ports::new(set));
        view! { <main></main> }
    });
}
