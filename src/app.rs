//! Puts the app together: adapters into ports, ports into stores, stores under the views.

use std::rc::Rc;

use kiosk_core::visit::Home;
use leptos::prelude::*;

use crate::browser::clock::{BrowserClock, BrowserRandom, BrowserTimer};
use crate::browser::fetch::plain::FetchHttp;
use crate::browser::fetch::{FetchChat, FetchServer, Token};
use crate::browser::file_saver::Downloads;
use crate::browser::health::BrowserHealth;
use crate::browser::indexed_db::IndexedDbOutbox;
use crate::browser::key_derivation::WebCrypto;
use crate::browser::page::BrowserPage;
use crate::browser::preferences::LocalPreferences;
use crate::components::show::live;
use crate::i18n::messages;
use crate::stores::device::DeviceStore;
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::{PortSet, Ports};
use crate::stores::session::SessionStore;
use crate::stores::staff::StaffStore;
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
        http: Rc::new(FetchHttp),
        page: Rc::new(BrowserPage),
        preferences: Rc::new(LocalPreferences("booth-kiosk")),
        keys: Rc::new(WebCrypto),
        files: Rc::new(Downloads),
        health: Rc::new(BrowserHealth::default()),
    }
}

#[component]
fn App() -> impl IntoView {
    let ports = Ports::new(adapters());
    let outbox = OutboxStore::new(ports);
    let session = SessionStore::new(Home::Attract);
    let device = DeviceStore::new(ports, outbox, session);
    let staff = StaffStore::new(ports, device, outbox, session);
    provide_context(ports);
    provide_context(outbox);
    provide_context(session);
    provide_context(device);
    provide_context(staff);
    live(move || match device.event() {
        Some(event) => {
            session.settle(staff.home(&event));
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
