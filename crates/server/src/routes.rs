//! The endpoints, one family a file.
//!
//! Owns: reading requests, asking the other modules, writing answers.
//! Must not own: SQL or a provider's JSON.
//! Invariant: every refusal under `/api` is a problem document, under `/v1` an OpenAI error.

pub mod audit;
pub mod chat;
pub mod commands;
pub mod devices;
pub mod dictionary;
pub mod erase;
pub mod event;
pub mod export;
pub mod feedback;
pub mod fleet;
pub mod health;
pub mod import;
pub mod metrics;
pub mod models;
pub mod openapi;
pub mod pack;
pub mod pages;
pub mod people;
pub mod reconciliation;
pub mod retention;
pub mod session;
pub mod summary;
pub mod team_state;

mod body;
mod download;
mod event_stream;
mod intake;
mod place;
mod query;

use axum::Router;

use crate::state::AppState;

/// Every endpoint, without what goes around them.
pub fn all() -> Router<AppState> {
    Router::new()
        .merge(health::routes())
        .merge(metrics::routes())
        .merge(event::routes())
        .merge(devices::routes())
        .merge(fleet::routes())
        .merge(feedback::routes())
        .merge(export::routes())
        .merge(dictionary::routes())
        .merge(summary::routes())
        .merge(reconciliation::routes())
        .merge(retention::routes())
        .merge(import::routes())
        .merge(erase::routes())
        .merge(pack::routes())
        .merge(session::routes())
        .merge(commands::routes())
        .merge(team_state::routes())
        .merge(people::routes())
        .merge(audit::routes())
        .merge(chat::routes())
        .merge(models::routes())
        .merge(openapi::routes())
}
