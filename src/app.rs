//! Puts the app together: adapters into ports, ports into stores, stores under the views.

use std::rc::Rc;

use kiosk_core::visit::Home;
use leptos::prelude::*;

use crate::browser::clock::{BrowserClock, BrowserRandom, BrowserTimer};
use crate::browser::fetch::FetchEvents;
use crate::browser::later::{BrowserLater, PREFERENCES};
use crate::browser::page::BrowserPage;
use crate::browser::preferences::LocalPreferences;
use crate::dom::{Element, el, mount_to_body};
use crate::i18n::first_messages;
use crate::stores::device::{DeviceStore, EVENT};
use crate::stores::outbox::OutboxStore;
use crate::stores::ports::{PortSet, Ports};
use crate::stores::renewal::RenewalStore;
use crate::stores::session::SessionStore;
use crate::stores::staff::StaffStore;
use crate::tasks::effect;
use crate::visitor::session_scope::sessions;

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
    mount_to_body(app);
}

fn adapters() -> PortSet {
    PortSet {
        clock: Rc::new(BrowserClock),
        timer: Rc::new(BrowserTimer),
        random: Rc::new(BrowserRandom),
        events: Rc::new(FetchEvents),
        page: Rc::new(BrowserPage),
        preferences: Rc::new(LocalPreferences(PREFERENCES)),
        later: Rc::new(BrowserLater {
            build: BUILD,
            event_key: EVENT,
        }),
    }
}

fn app() -> Element {
    let ports = Ports::new(adapters());
    let outbox = OutboxStore::new(ports);
    let session = SessionStore::new(Home::Attract);
    let device = DeviceStore::new(ports, outbox, session);
    let staff = StaffStore::new(ports, device, outbox, session);
    RenewalStore::run(ports, device, outbox, session, staff);
    provide_context(ports);
    provide_context(outbox);
    provide_context(session);
    provide_context(device);
    provide_context(staff);
    el("div").class("app").live(move || match device.event() {
        Some(event) => {
            session.settle(staff.home(&event));
            [sessions(event)]
        }
        None => [loading()],
    })
}

/// Until the event is loaded.
fn loading() -> Element {
    let device = expect_context::<DeviceStore>();
    let page = expect_context::<Ports>().get().page.clone();
    effect(move || {
        // Until then the page's own first screen says enough.
        if !device.is_online() {
            page.uncover();
        }
    });
    let words = first_messages(kiosk_wire::event::Language::Ko);
    el("div").class("boot").attr("role", "status").say(move || {
        if device.is_online() {
            words.loading
        } else {
            words.loading_wait
        }
    })
}
