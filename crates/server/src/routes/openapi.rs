//! The interface's own description.

use std::sync::OnceLock;

use axum::{
    Router, extract::State, http::header::CONTENT_TYPE, response::IntoResponse, routing::get,
};
use bytes::Bytes;
use kiosk_wire::paths;

use crate::{openapi, state::AppState};

/// A server has one event.
static DOCUMENT: OnceLock<Bytes> = OnceLock::new();

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::OPENAPI, get(document))
}

async fn document(State(state): State<AppState>) -> impl IntoResponse {
    let document = DOCUMENT.get_or_init(|| {
        let teams = state.content.event.teams.iter();
        let teams: Vec<&str> = teams.map(|team| team.id.as_str()).collect();
        openapi::document(&teams).to_string().into()
    });
    ([(CONTENT_TYPE, "application/json")], document.clone())
}
