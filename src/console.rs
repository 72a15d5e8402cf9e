//! The app of staff and organisers: the fleet, teams, results, people, the audit.
//!
//! Owns: its pages and how they ask the server. Must not own: rules; the server decides who may do
//! what, and a page that is not allowed says so.
//! Invariant: the address tells the page and its filters, so that a reload shows the same.

pub mod api;
pub mod frame;
pub mod natural;
pub mod pages;
pub mod parts;
pub mod ports;
pub mod session;
pub mod state;
pub mod words;

use leptos::prelude::*;

use api::Api;
use frame::App;
use parts::notices::Notices;
use ports::{PortSet, Ports};
use session::Session;
use state::Console;

/// Mounts the app in the page.
pub fn start(set: PortSet) {
    std::panic::set_hook(Box::new(|info| leptos::logging::error!("{info}")));
    mount_to_body(move || {
        let ports = Ports::new(set);
        let session = Session::default();
        provide_context(session);
        provide_context(Api::new(ports, session));
        provide_context(Console::new(ports));
        provide_context(Notices::new(ports));
        view! { <App /> }
    });
}
