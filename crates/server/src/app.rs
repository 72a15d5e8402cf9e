//! The whole HTTP interface as one router.
//!
//! Owns: what goes around every request: host rule, request id, bodies nobody reads, headers, the log line.
//! Must not own: any endpoint.
//! Invariant: every answer has a request id, and pages carry the content security policy.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use futures_util::FutureExt;
use kiosk_wire::{chat::REQUEST_ID_HEADER, error::ApiErrorCode, id, paths};
use tracing::Instrument;

use crate::{
    auth::origin,
    error::ApiFailure,
    random,
    routes::{self, pages},
    state::AppState,
    unread,
};

/// Nothing but our own files, and no inline script or style.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PERMISSIONS_POLICY: &str = "camera=(), display-capture=(), geolocation=(), \
    microphone=(self), payment=(), usb=(), screen-wake-lock=(self), fullscreen=(self)";

/// The router of a server in this state.
pub fn app(state: AppState) -> Router {
    around_all(routes::all(), state)
}

/// These endpoints with everything that goes around ours.
pub fn around_all(endpoints: Router<AppState>, state: AppState) -> Router {
    endpoints
        .fallback(pages::fallback)
        .method_not_allowed_fallback(pages::unknown_method)
        // Each endpoint reads its body within its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(state.clone(), around))
        .with_state(state)
}

async fn around(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut request = unread::read_to_its_end(request);
    let path = template(&request);
    let request_id = match request_id(&mut request) {
        Ok(id) => id,
        Err(failure) => return pages::refuse(request.uri().path(), failure),
    };
    let path_asked = request.uri().path();
    let is_page = !(pages::is_under(path_asked, "/api") || pages::is_under(path_asked, "/v1"));
    let span = tracing::info_span!(
        "request",
        method = %request.method(),
        path,
        request_id,
        device = tracing::field::Empty,
    );
    let started = Instant::now();
    let mut response = async {
        let response = answer(&state, request, next).await;
        tracing::info!(
            status = response.status().as_u16(),
            ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        response
    }
    .instrument(span)
    .await;
    add_headers(&mut response, &request_id, is_page);
    response
}

async fn answer(state: &AppState, request: Request, next: Next) -> Response {
    let probe = matches!(request.uri().path(), paths::HEALTH | paths::READY);
    let public_url = state.config.server.public_url.as_ref();
    if !probe && !origin::is_our_host(request.headers(), request.uri(), public_url) {
        let sentence = "This server does not answer under that name.";
        let failure = ApiFailure::new(ApiErrorCode::WrongHost, sentence);
        return pages::refuse(request.uri().path(), failure);
    }
    let path = request.uri().path().to_owned();
    // A panic ends one request, never the connection that others share.
    AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            pages::refuse(&path, ApiFailure::internal("a request handler panicked"))
        })
}

/// The path's template, so that no id and no query reaches the logs.
fn template(request: &Request) -> String {
    match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str().to_owned(),
        None if pages::is_under(request.uri().path(), "/api") => "/api/*".to_owned(),
        None if pages::is_under(request.uri().path(), "/v1") => "/v1/*".to_owned(),
        None => "/*".to_owned(),
    }
}

/// The client's id if it is a UUID, else a new one. A request without one gets it as a header,
/// so that endpoints which name requests see the same id as the logs.
fn request_id(request: &mut Request) -> Result<String, ApiFailure> {
    let sent = request.headers().get(REQUEST_ID_HEADER);
    if let Some(sent) = sent
        .and_then(|value| value.to_str().ok())
        .filter(|sent| id::is_uuid(sent))
    {
        return Ok(sent.to_owned());
    }
    let absent = sent.is_none();
    let made = random::uuid_v4()?;
    if absent && let Ok(value) = HeaderValue::from_str(&made) {
        request.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    Ok(made)
}

fn add_headers(response: &mut Response, request_id: &str, is_page: bool) {
    let headers = response.headers_mut();
    let name = HeaderName::from_static(REQUEST_ID_HEADER);
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.entry(name).or_insert(value);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    if is_page {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        );
        headers.insert(
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static(PERMISSIONS_POLICY),
        );
    } else {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
}
