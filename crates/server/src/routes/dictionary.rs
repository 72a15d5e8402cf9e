//! What each column of a download means.

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
    export::{Columns, Dictionary, audience::Audience},
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::DICTIONARY, get(dictionary))
}

async fn dictionary(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    Query::only(&parts.uri, &[])?;
    let found = state.storage.answer_columns().await?;
    let (event, zone) = (&state.content.event, download::zone(&state)?);
    let columns = Columns::new(event, &found, zone, &Audience::Organiser);
    Ok(Json(Dictionary::new(&columns)))
}
