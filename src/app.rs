//! Puts the app together: adapters into ports, ports into stores, stores under the views.

use std::rc::Rc;

use kiosk_core::visit::Home;
use leptos::prelude::*;

use crate::browser::clock::{BrowserClock, BrowserRandom, BrowserTimer};
use crate::browser::fetch::{FetchChat, FetchServer, Token};
use crate::browser::indexed_db::IndexedDbOutbox;
use crate::browser::page::BrowserPage;
use crate::components::show::live;
use crate::i18n::messages;
use crate::stores::device::DeviceStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::{Page, PortSet, Ports};
use crate::stores::session::SessionStore;
use crate::visitor::session_scope::Sessions;

/// Build id of the app, as entries and heartbeats carry it.
pub const BUILD: &str = match option_env!("KIOSK_BUILD") {
    Some(build) => build,
    None => env!("CARGO_PKG_VERSION"),
};

/// Mounts the app in the page.
pub fn start() {
    // A panic ends the Wasm instance: `boot.js` sees the error, shows the recovery screen and
    // reloads. The hook only leaves the reason in the browser's log.
    std::panic::set_hook(Box::new(|info| leptos::logging::error!("{info}")));
    mount_to_body(App);
}

fn adapters() -> PortSet {
    let token = Token::default();
    let server = Rc::new(FetchServer::new(Rc::clone(&token)));
    PortSet {
        clock: Rc::new(BrowserClock),
        timer: Rc::new(BrowserTimer),
        random: Rc::new(BrowserRandom),
        outbox: Rc::new(IndexedDbOutbox::default()),
        feedback: server.clone(),
        server,
        chat: Rc::new(FetchChat::new(token)),
        page: Rc::new(BrowserPage),
    }
}

#[component]
fn App() -> impl IntoView {
    let ports = Ports::new(adapters());
    let outbox = OutboxStore::new(ports);
    let device = DeviceStore::new(ports, outbox);
    provide_context(ports);
    provide_context(outbox);
    provide_context(device);
    live(move || match device.event() {
        Some(event) => {
            // A team that is not in the content would be a screen without a way on.
            let bound = BrowserPage
                .bound_team()
                .filter(|team| event.team(team).is_some());
            provide_context(SessionStore::new(bound.map_or(Home::Attract, Home::Team)));
            view! { <Sessions event /> }.into_any()
        }
        None => view! { <Loading device /> }.into_any(),
    })
}

/// Until the event is loaded.
#[component]
fn Loading(device: DeviceStore) -> impl IntoView {
    let words = messages(kiosk_wire::event::Language::Ko);
    view! {
        <div class="boot" role="status">
            {move || if device.is_online() { words.loading } else { words.loading_wait }}
        </div>
    }
}
