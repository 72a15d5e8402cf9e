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
    export::{ExportError, audience::Audience, pages::Selection},
    feedback::read,
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
    let teams = state.content.event.teams.iter().map(|team| &*team.id);
    let teams = teams.filter(|id| filter.team.as_deref().is_none_or(|team| team == *id));
    let mut tally = Tally::new(teams, download::zone(&state)?);
    let selection = Selection::now(state.storage.clone(), filter.clone(), Audience::Organiser);
    let mut pages = selection.await?.pages();
    while let Some(entries) = pages.next().await? {
        for entry in &entries {
            tally.add(&read(&entry.item).map_err(ExportError::from)?);
        }
    }
    Ok(Json(tally.finish(state.clock.now())))
}
