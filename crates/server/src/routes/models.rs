//! `GET /v1/models`: the teams that are open, as an `OpenAI` client lists models.
//!
//! Owns: the shape of that list.
//! Must not own: whether a team is open.
//! Invariant: the order is the event's, and the ids are what `model` of a chat request takes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use kiosk_wire::chat::{ModelInfo, ModelList};
use kiosk_wire::event::{Language, Team};
use kiosk_wire::paths;

use super::chat::refuse;
use crate::auth::device::authenticate;
use crate::llm::failure::Failure;
use crate::state::AppState;

/// `GET /v1/models`.
pub fn routes() -> Router<AppState> {
    Router::new().route(paths::MODELS, get(list))
}

async fn list(State(state): State<AppState>, headers: HeaderMap) -> Response {
    if let Err(code) = authenticate(&state, &headers).await {
        return refuse(&Failure::new(code, Language::default()));
    }
    let closed = match state.chat.closed_teams(Language::default()).await {
        Ok(closed) => closed,
        Err(failure) => return refuse(&failure),
    };
    let created = u64::try_from(state.clock.now().as_second()).unwrap_or(0);
    let model = |team: &Team| ModelInfo {
        id: team.id.clone(),
        object: "model".to_owned(),
        created,
        owned_by: team.name.ko.clone(),
    };
    let teams = state.content.event.teams.iter();
    let data = teams
        .filter(|team| !closed.contains_key(&team.id))
        .map(model)
        .collect();
    Json(ModelList {
        object: "list".to_owned(),
        data,
    })
    .into_response()
}
