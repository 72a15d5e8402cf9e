//! What each column of a download means.

use std::sync::Arc;

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
    export::{Columns, Dictionary, audience::Audience, workshop},
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
    let (content, zone) = (Arc::clone(&state.content), download::zone(&state)?);
    let made = workshop::aside(move || {
        let columns = Columns::new(&content.event, &found, zone, &Audience::Organiser);
        Json(Dictionary::new(&columns)).into_response()
    });
    let answer = made.await?;
    drop(place);
    Ok(answer)
}
