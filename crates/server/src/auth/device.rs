//! Tablets: who sent a request with a bearer token.
//!
//! Owns: reading `Authorization`, finding the device it belongs to, and believing that for a moment.
//! Must not own: registration or rate limits.
//! Invariant: tokens are stored and compared as SHA-256 only.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use kiosk_wire::error::ChatErrorCode;
use sha2::{Digest, Sha256};

use crate::{believed::Believed, error::ApiFailure, state::AppState};

/// A tablet's id, a lower-case UUID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceId(pub String);

/// Tokens that were found a moment ago, by their hash. What this server changes about tokens holds at once.
pub type KnownTokens = Believed<String, DeviceId>;

/// The device that sent these headers, or why it is not answered under `/v1`. A database that fails
/// is no wrong token: a tablet that is told so would think itself revoked.
pub async fn authenticate(
    state: &AppState,
    headers: &HeaderMap,
) -> Result<DeviceId, ChatErrorCode> {
    match find(state, headers).await {
        Ok(device) => device.ok_or(ChatErrorCode::Unauthorized),
        Err(error) => {
            tracing::error!(%error, "device token could not be checked");
            Err(ChatErrorCode::UpstreamUnavailable)
        }
    }
}

/// The device that sent these headers, or the refusal.
pub async fn require(state: &AppState, headers: &HeaderMap) -> Result<DeviceId, ApiFailure> {
    find(state, headers)
        .await?
        .ok_or_else(|| ApiFailure::unauthorized("Register the device and send its bearer token."))
}

/// What is stored of a token.
pub fn token_hash(token: &str) -> String {
    kiosk_wire::canonical::hex(Sha256::digest(token.as_bytes()).as_slice())
}

/// What is stored of the token that was sent.
pub fn sent_token_hash(headers: &HeaderMap) -> Option<String> {
    bearer(headers).map(token_hash)
}

async fn find(
    state: &AppState,
    headers: &HeaderMap,
) -> Result<Option<DeviceId>, crate::storage::StorageError> {
    let Some(hash) = sent_token_hash(headers) else {
        return Ok(None);
    };
    let device = match state.known_tokens.get(&hash) {
        Ok(known) => Some(known),
        Err(forgotten) => {
            let found = state.storage.device_by_token(&hash).await?.map(DeviceId);
            if let Some(found) = &found {
                state.known_tokens.put(hash, found.clone(), forgotten);
            }
            found
        }
    };
    if let Some(DeviceId(id)) = &device {
        tracing::Span::current().record("device", id);
    }
    Ok(device)
}

/// The bearer token that was sent.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.trim())
}
