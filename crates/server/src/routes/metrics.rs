//! `GET /metrics`, for Prometheus.
//!
//! Owns: who may read it.
//! Must not own: what is counted.
//! Invariant: it is read from this machine or with the token of `[metrics]`, never by a page from
//! elsewhere.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kiosk_wire::paths;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::auth::{device, origin};
use crate::error::ApiFailure;
use crate::state::AppState;

/// Version 0.0.4 of the text is what every Prometheus reads.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::METRICS, get(metrics))
}

async fn metrics(State(state): State<AppState>, request: Request) -> Result<Response, ApiFailure> {
    let (parts, _) = request.into_parts();
    if !origin::is_loopback(&parts, state.config.server.public_url.as_ref()) {
        let Some(token) = state.config.secret(state.config.metrics.token_env.as_ref()) else {
            return Err(ApiFailure::forbidden(
                "Metrics are read from this machine only; [metrics] token_env lets others read them.",
            ));
        };
        let right = device::bearer(&parts.headers).is_some_and(|sent| is_same(sent, token));
        if !right {
            return Err(ApiFailure::unauthorized(
                "Send the bearer token of [metrics].",
            ));
        }
    }
    let headers = [(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-store")];
    Ok((headers, state.chat.metrics().await).into_response())
}

/// By their hashes, so that not even a length shows in the time it takes.
fn is_same(sent: &str, token: &str) -> bool {
    let [sent, token] = [sent, token].map(|secret| Sha256::digest(secret.trim().as_bytes()));
    sent.as_slice().ct_eq(token.as_slice()).into()
}
