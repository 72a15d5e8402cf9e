//! What every request handler can reach.
//!
//! Owns: the bundle of shared services, cheap to clone.
//! Must not own: behaviour; each service keeps its own.
//! Invariant: everything here lives as long as the server does.

use std::sync::Arc;

use kiosk_content::Content;

use crate::{
    assets::Assets,
    auth::{device::KnownTokens, throttle::Throttle},
    bell::Bell,
    clock::Clock,
    config::Config,
    llm::ChatService,
    routes::event::EventDocument,
    storage::Storage,
    summary::kept::Summaries,
};

/// The services of a running server.
#[derive(Clone)]
pub struct AppState {
    /// The event folder, checked.
    pub content: Arc<Content>,
    /// The configuration, checked.
    pub config: Arc<Config>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Keeps entries, devices, people, sessions.
    pub storage: Arc<dyn Storage>,
    /// Sums of what is stored.
    pub summaries: Arc<Summaries>,
    /// Answers visitors.
    pub chat: Arc<ChatService>,
    /// `GET /api/event`, ready to send.
    pub event: Arc<EventDocument>,
    /// Slows down wrong sign-ins and wrong pairing codes.
    pub throttle: Arc<Throttle>,
    /// Tokens of tablets that were found a moment ago.
    pub known_tokens: Arc<KnownTokens>,
    /// Wakes and ends the streams of commands.
    pub bell: Arc<Bell>,
    /// Key of the hashes kept of entries.
    pub hash_key: Arc<[u8]>,
    /// PBKDF2 verifier of the staff panel's code, for tablets.
    pub panel_verifier: Arc<str>,
    /// The app's files.
    pub assets: Arc<Assets>,
}
