//! Sums of the collected feedback.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::{console::Summary, paths};
use tokio::time::sleep;

use super::{download, query::Query};
use crate::{
    auth::people::{self, Role},
    error::ApiFailure,
    state::AppState,
    storage::EntryFilter,
    summary::Tally,
};

const CARRIED_ON_EVERY: Duration = Duration::from_mins(1);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

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
    Ok(Json(summary_of(&state, &filter).await?))
}

async fn summary_of(state: &AppState, filter: &EntryFilter) -> Result<Summary, ApiFailure> {
    let zone = download::zone(state)?;
    let empty = || {
        let teams = state.content.event.teams.iter().map(|team| &*team.id);
        let teams = teams.filter(|id| filter.team.as_deref().is_none_or(|team| team == *id));
        Tally::new(teams, zone.clone())
    };
    let now = state.clock.now();
    let summary = state.summaries.of(&state.storage, filter, empty, now);
    Ok(summary.await?)
}

/// Counts what has come every now and then, so that nobody who opens the results waits until a whole
/// event's entries are read.
pub async fn keep_ready(state: AppState) {
    let mut pause = CARRIED_ON_EVERY;
    loop {
        pause = match summary_of(&state, &EntryFilter::default()).await {
            Ok(_) => CARRIED_ON_EVERY,
            // It may have read everything in vain.
            Err(error) => {
                tracing::warn!(%error, "the summary could not be carried on");
                LONGEST_PAUSE.min(pause * 2)
            }
        };
        sleep(pause).await;
    }
}
