//! The interface's own description.

use std::sync::LazyLock;

use axum::{Router, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use bytes::Bytes;
use kiosk_wire::paths;

use crate::{openapi, state::AppState};

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| openapi::document().to_string().into());

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::OPENAPI, get(document))
}

async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}
