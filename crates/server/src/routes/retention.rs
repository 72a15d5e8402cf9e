//! What is going to be erased after its time.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::paths;

use super::query::Query;
use crate::{
    auth::people::{self, Role},
    error::ApiFailure,
    retention::told,
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::RETENTION, get(retention))
}

async fn retention(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    Query::only(&parts.uri, &[])?;
    let days = state.config.privacy.retention_days;
    Ok(Json(told(state.storage.as_ref(), days).await?))
}
