//! Tablets: who sent a request with a bearer token.
//!
//! Owns: reading `Authorization`, finding the device it belongs to, and believing that for a moment.
//! Must not own: registration or rate limits.
//! Invariant: tokens are stored and compared as SHA-256 only.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, header::AUTHORIZATION};
use kiosk_wire::error::ChatErrorCode;
use sha2::{Digest, Sha256};

use crate::{error::ApiFailure, state::AppState};

/// A tablet's id, a lower-case UUID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceId(pub String);

/// For how long a token is believed without asking again, if another server may have taken it away.
const BELIEVED: Duration = Duration::from_secs(1);

/// Tokens that were found a moment ago.
#[derive(Default)]
pub struct KnownTokens(Mutex<Known>);

#[derive(Default)]
struct Known {
    tokens: HashMap<String, (DeviceId, Instant)>,
    forgotten: u64,
}

impl KnownTokens {
    /// What this server changes about tokens holds at once.
    pub fn forget(&self) {
        let mut known = self.known();
        known.tokens.clear();
        known.forgotten += 1;
    }

    /// The token's device, or how often was forgotten before it is looked up.
    fn get(&self, hash: &str) -> Result<DeviceId, u64> {
        let known = self.known();
        match known.tokens.get(hash) {
            Some((device, since)) if since.elapsed() < BELIEVED => Ok(device.clone()),
            _ => Err(known.forgotten),
        }
    }

    /// Keeps what was looked up, unless something was forgotten meanwhile.
    fn put(&self, hash: String, device: DeviceId, forgotten: u64) {
        let mut known = self.known();
        if known.forgotten == forgotten {
            let tokens = &mut known.tokens;
            tokens.retain(|_, (_, since)| since.elapsed() < BELIEVED);
            tokens.insert(hash, (device, Instant::now()));
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
