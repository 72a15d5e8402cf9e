//! How teams are doing, and opening and closing one.

use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use kiosk_wire::{
    console::{OpenOrClosed, TeamList, TeamStateRequest},
    event::Text,
    paths,
};

use super::{
    body,
    place::{self, Named},
};
use crate::{
    audit::{self, Action},
    auth::people::{self, Role},
    error::ApiFailure,
    state::AppState,
    storage::Opening,
};

/// Longest reason in one language, in characters.
const LONGEST_REASON: usize = 200;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::TEAMS, get(list))
        .route(&paths::team_state("{id}"), post(set))
}

async fn list(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Staff).await?;
    let closed = state.storage.closed_teams().await?;
    let teams = state.chat.team_statuses(closed).await;
    Ok(Json(TeamList { teams }))
}

async fn set(
    State(state): State<AppState>,
    named: Named,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Lead).await?;
    let team = place::name(named)
        .filter(|team| state.content.event.team(team).is_some())
        .ok_or_else(|| ApiFailure::not_found("There is no such team."))?;
    let opening = opening(body::json(raw, body::SMALL).await?)?;
    let state_code = match opening {
        Opening::Open => "open",
        Opening::Closed { .. } => "closed",
    };
    let target = format!("{team} {state_code}");
    let audit = audit::record(&state, &session, Action::TeamState, &target);
    state.storage.set_opening(&team, opening, audit).await?;
    state.chat.team_changed();
    Ok(StatusCode::NO_CONTENT)
}

fn opening(wanted: TeamStateRequest) -> Result<Opening, ApiFailure> {
    match (wanted.state, wanted.reason) {
        (OpenOrClosed::Open, None) => Ok(Opening::Open),
        (OpenOrClosed::Open, Some(_)) => {
            Err(ApiFailure::invalid("Only a closed team takes a reason."))
        }
        (OpenOrClosed::Closed, reason) => Ok(Opening::Closed {
            reason: reason.map(checked).transpose()?,
        }),
    }
}

fn checked(reason: Text) -> Result<Text, ApiFailure> {
    let [ko, en] = [reason.ko, reason.en].map(|text| text.trim().to_owned());
    if [&ko, &en]
        .iter()
        .all(|text| (1..=LONGEST_REASON).contains(&text.chars().count()))
    {
        return Ok(Text { ko, en });
    }
    Err(ApiFailure::invalid(format!(
        "`reason` needs 1 to {LONGEST_REASON} characters in each language."
    )))
}
