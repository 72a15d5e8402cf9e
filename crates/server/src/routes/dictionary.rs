//! What each column of a download means.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use kiosk_wire::paths;

use super::{download, query::Query};
use crate::{
    auth::people::{self, Role},
    error::ApiFailure,
    export::{Dictionary, audience::Audience, workshop},
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::DICTIONARY, get(dictionary))
}

async fn dictionary(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    Query::only(&parts.uri, &[])?;
    let place = workshop::place().await?;
    let found = state.storage.answer_columns().await?;
    let zone = download::zone(&state)?;
    let columns = download::columns(&state, found, zone, Audience::Organiser).await?;
    let answer = workshop::aside(move || Json(Dictionary::new(&columns)).into_response()).await?;
    drop(place);
    Ok(answer)
}
