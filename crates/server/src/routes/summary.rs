//! Sums of the collected feedback.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::paths;

use super::{download, query::Query};
use crate::{
    auth::people::{self, Role},
    error::ApiFailure,
    state::AppState,
    summary::Tally,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::SUMMARY, get(summary))
}

async fn summary(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    let filter = Query::parse(&parts.uri, &[])?.filter(&state)?;
    let zone = download::zone(&state)?;
    let empty = || {
        let teams = state.content.event.teams.iter().map(|team| &*team.id);
        let teams = teams.filter(|id| filter.team.as_deref().is_none_or(|team| team == *id));
        Tally::new(teams, zone.clone())
    };
    let summary = state
        .summaries
        .of(&state.storage, &filter, empty, state.clock.now());
    Ok(Json(summary.await?))
}
