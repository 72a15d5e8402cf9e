//! The booth's server as a library: `app(state)` is the whole HTTP interface.
//!
//! Owns: configuration, storage, sign-in, the model proxy, exports and the embedded app.
//! Must not own: anything a tablet has to do alike; that is `kiosk-wire`.
//! Invariant: a receipt leaves only after its entry is committed, and no log line carries
//! anybody's text, tokens or secrets.

pub mod app;
pub mod assets;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod believed;
pub mod bell;
pub mod check;
pub mod clock;
pub mod config;
pub mod error;
pub mod export;
pub mod feedback;
pub mod first_screen;
pub mod llm;
mod number;
pub mod openapi;
pub mod random;
pub mod reconciliation;
pub mod retention;
pub mod routes;
pub mod startup;
pub mod state;
pub mod storage;
pub mod summary;
pub mod telemetry;
mod unread;
