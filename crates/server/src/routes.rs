//! The endpoints, one family a file.
//!
//! Owns: reading requests, asking the other modules, writing answers.
//! Must not own: SQL or a provider's JSON.
//! Invariant: every refusal under `/api` is a problem document, under `/v1` an OpenAI error.

pub mod chat;
pub mod devices;
pub mod event;
pub mod export;
pub mod feedback;
pub mod fleet;
pub mod health;
pub mod models;
pub mod pages;
pub mod session;

mod body;
mod query;

use axum::Router;

use crate::state::AppState;

/// Every endpoint, without what goes around them.
pub fn all() -> Router<AppState> {
    Router::new()
        .merge(health::routes())
        .merge(event::routes())
        .merge(devices::routes())
        .merge(fleet::routes())
        .merge(feedback::routes())
        .merge(export::routes())
        .merge(session::routes())
        .merge(chat::routes())
        .merge(models::routes())
}
