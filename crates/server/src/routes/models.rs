//! `GET /v1/models`: the teams that are open, as an `OpenAI` client lists models.
//!
//! Owns: the shape of that list and of one of it.
//! Must not own: whether a team is open.
//! Invariant: the order is the event's, and the ids are what `model` of a chat request takes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use kiosk_wire::chat::{ModelInfo, ModelList};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::{Language, Team};
use kiosk_wire::paths;

use super::chat::refuse;
use super::pages;
use super::place::{self, Named};
use crate::auth::device::authenticate;
use crate::llm::failure::Failure;
use crate::state::AppState;
use crate::storage::ClosedTeams;

/// `GET` of all models, and of one.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::MODELS, get(list))
        .route(&paths::model("{id}"), get(one))
}

async fn list(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let closed = match closed_teams(&state, &headers).await {
        Ok(closed) => closed,
        Err(failure) => return refuse(&failure),
    };
    let teams = state.content.event.teams.iter();
    let data = teams
        .filter(|team| !closed.contains_key(&team.id))
        .map(|team| model(&state, team))
        .collect();
    Json(ModelList {
        object: "list".to_owned(),
        data,
    })
    .into_response()
}

async fn one(State(state): State<AppState>, named: Named, headers: HeaderMap) -> Response {
    let mut closed = match closed_teams(&state, &headers).await {
        Ok(closed) => closed,
        Err(failure) => return refuse(&failure),
    };
    // What is not UTF-8 names no team.
    let id = place::name(named).unwrap_or_default();
    let Some(team) = state.content.event.team(&id) else {
        let sentence = "There is no such team at this event.";
        return pages::not_found_in_v1(ChatErrorCode::UnknownTeam, sentence);
    };
    match closed.remove(&id) {
        Some(reason) => refuse(&Failure::closed(reason.as_ref(), Language::default())),
        None => Json(model(&state, team)).into_response(),
    }
}

/// The teams that are closed, for a device that we know.
async fn closed_teams(state: &AppState, headers: &HeaderMap) -> Result<ClosedTeams, Failure> {
    let language = Language::default();
    authenticate(state, headers)
        .await
        .map_err(|code| Failure::new(code, language))?;
    state.chat.closed_teams(language).await
}

fn model(state: &AppState, team: &Team) -> ModelInfo {
    ModelInfo {
        id: team.id.clone(),
        object: "model".to_owned(),
        created: u64::try_from(state.clock.now().as_second()).unwrap_or(0),
        owned_by: team.name.ko.clone(),
    }
}
