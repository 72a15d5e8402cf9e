//! Whether the server lives, is ready, and is this service at all.

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use kiosk_wire::{
    device::{Ping, SERVICE},
    paths,
};

use crate::{error::ApiFailure, state::AppState};

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
    Ok(health().await)
}

async fn ping(State(state): State<AppState>) -> impl IntoResponse {
    Json(Ping {
        service: SERVICE.to_owned(),
        now: state.clock.now().to_string(),
    })
}
