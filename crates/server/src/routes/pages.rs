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

/// What a page or a file takes.
const LOOKING: HeaderValue = HeaderValue::from_static("GET,HEAD");

/// Pages and files for whoever looks; a refusal in its interface's shape for the rest.
pub async fn fallback(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_under(path, "/v1") || is_under(path, "/api") {
        return not_found(path);
    }
    if !looks {
        let mut response = unknown_method(request).await;
        response.headers_mut().insert(header::ALLOW, LOOKING);
        return response;
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

/// A path that does not know this method.
pub async fn unknown_method(request: Request) -> Response {
    let sentence = "This path does not know that method; the header Allow says which it knows.";
    let failure = ApiFailure::method_not_allowed(sentence);
    refuse(request.uri().path(), failure)
}

/// Whether a path is this one or below it.
pub fn is_under(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn not_found(path: &str) -> Response {
    refuse(path, ApiFailure::not_found("There is no such path."))
}

/// A refusal in the shape of the interface that was asked.
pub fn refuse(path: &str, failure: ApiFailure) -> Response {
    let sentence = failure.to_string();
    // Also what writes the cause down.
    let response = failure.into_response();
    if !is_under(path, "/v1") {
        return response;
    }
    let status = response.status();
    let code = if status.is_server_error() {
        ChatErrorCode::Internal
    } else {
        ChatErrorCode::InvalidRequest
    };
    (status, axum::Json(OpenAiError::new(code, sentence))).into_response()
}

/// A 404 with an `OpenAI` error object.
pub(super) fn not_found_in_v1(code: ChatErrorCode, sentence: &str) -> Response {
    let error = OpenAiError::new(code, sentence);
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
