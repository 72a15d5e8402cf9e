//! Adapters whose code comes after the first screen.

use std::rc::Rc;

use kiosk_core::chat::fallback::GuideFallback;
use kiosk_core::ports::LocalFuture;

use super::clock::BrowserTimer;
use super::fetch::plain::FetchHttp;
use super::fetch::{FetchChat, FetchServer, Token};
use super::file_saver::Downloads;
use super::guide_worker::GuideWorker;
use super::health::BrowserHealth;
use super::indexed_db::IndexedDbOutbox;
use super::key_derivation::WebCrypto;
use super::preferences::LocalPreferences;
use super::service_worker::ServiceWorker;
use crate::later::chunk;
use crate::stores::ports::{LaterPorts, LaterSet};

/// What the tablet's preferences are kept under.
pub const PREFERENCES: &str = "booth-kiosk";

/// The adapters in the chunk.
#[derive(Clone, Copy)]
pub struct BrowserLater {
    /// Id of this build of the app.
    pub build: &'static str,
    /// The preference that holds the event.
    pub event_key: &'static str,
}

chunk!(booth: fn make_ports(made_for: BrowserLater) -> LaterSet {
    let token = Token::default();
    let server = Rc::new(FetchServer::new(Rc::clone(&token)));
    let preferences = Rc::new(LocalPreferences(PREFERENCES));
    let guide = GuideWorker::new(made_for.build, preferences, made_for.event_key);
    let chat = Rc::new(FetchChat::new(token));
    LaterSet {
        outbox: Rc::new(IndexedDbOutbox::default()),
        feedback: server.clone(),
        server,
        chat: Rc::new(GuideFallback::new(chat, Rc::new(guide), Rc::new(BrowserTimer))),
        http: Rc::new(FetchHttp),
        keys: Rc::new(WebCrypto),
        files: Rc::new(Downloads),
        health: Rc::new(BrowserHealth::default()),
        updates: Rc::new(ServiceWorker::default()),
    }
});

impl LaterPorts for BrowserLater {
    fn load(&self) -> LocalFuture<'_, Option<LaterSet>> {
        Box::pin(make_ports(*self))
    }
}
