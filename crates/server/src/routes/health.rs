//! Whether the server lives, is ready, and is this service at all.

use std::time::Duration;

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use kiosk_wire::{
    device::{Ping, SERVICE},
    paths,
};

use crate::{error::ApiFailure, state::AppState, storage::StorageError};

/// How long a read may take of a server that is ready.
const LONGEST_READ: Duration = Duration::from_secs(3);

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::HEALTH, get(health))
        .route(paths::READY, get(ready))
        .route(paths::PING, get(ping))
}

async fn health() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], "ok")
}

async fn ready(State(state): State<AppState>) -> Result<impl IntoResponse, ApiFailure> {
    state.storage.check_writable().await?;
    // Nobody can do anything, not even sign in, where reads wait for good.
    let read = tokio::time::timeout(LONGEST_READ, state.storage.newest_position());
    let late = |_| StorageError::Unavailable("reads take too long".to_owned());
    read.await.map_err(late)??;
    Ok(health().await)
}

async fn ping(State(state): State<AppState>) -> impl IntoResponse {
    Json(Ping {
        service: SERVICE.to_owned(),
        now: state.clock.now().to_string(),
    })
}
