//! What tablets announced beside what arrived.

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
    reconciliation::reconcile,
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::RECONCILIATION, get(reconciliation))
}

async fn reconciliation(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    Query::only(&parts.uri, &[])?;
    Ok(Json(reconcile(state.storage.as_ref()).await?))
}
