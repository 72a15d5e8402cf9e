//! Everything that is not an endpoint: the app's files, or its page.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use kiosk_wire::error::{ChatErrorCode, OpenAiError};

use super::event::matches_etag;
use crate::{
    assets::{Encoding, Served},
    error::ApiFailure,
    state::AppState,
};

/// Pages and files for whoever looks; a 404 in its interface's shape for the rest.
pub async fn fallback(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_under(path, "/v1") || is_under(path, "/api") || !looks {
        return not_found(path);
    }
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match state.assets.serve(path, accepted) {
        Some(found) => send(&found, &request),
        None => not_found(path),
    }
}

/// No such path, or no such method on it.
pub async fn unknown_method(request: Request) -> Response {
    not_found(request.uri().path())
}

/// Whether a path is this one or below it.
pub fn is_under(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn not_found(path: &str) -> Response {
    let sentence = "There is no such path or method.";
    if is_under(path, "/v1") {
        not_found_in_v1(sentence)
    } else {
        ApiFailure::not_found(sentence).into_response()
    }
}

/// A 404 with an `OpenAI` error object.
pub(super) fn not_found_in_v1(sentence: &str) -> Response {
    let error = OpenAiError::new(ChatErrorCode::InvalidRequest, sentence);
    (StatusCode::NOT_FOUND, axum::Json(error)).into_response()
}

fn send(found: &Served<'_>, request: &Request) -> Response {
    let etag = HeaderValue::from_str(&found.etag()).ok();
    let known = etag
        .as_ref()
        .is_some_and(|etag| matches_etag(request.headers(), etag));
    let mut response = Response::new(if known { Body::empty() } else { found.body() });
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(found.caching()),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(etag) = etag.filter(|_| !found.is_page()) {
        headers.insert(header::ETAG, etag);
    }
    if known && !found.is_page() {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    if let Ok(mime) = HeaderValue::from_str(found.mime()) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    if found.encoding() != Encoding::Identity {
        headers.insert(
            header::CONTENT_ENCODING,
            HeaderValue::from_static(found.encoding().name()),
        );
    }
    response
}
