//! What staff see and do about tablets.

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{delete, get, post},
};
use jiff::{SignedDuration, Timestamp};
use kiosk_wire::paths;
use serde::Serialize;

use crate::{
    auth::{
        device::token_hash,
        people::{self, Role},
    },
    error::ApiFailure,
    random,
    state::AppState,
    storage::DeviceRecord,
};

/// Three heartbeats missed.
const SILENT_AFTER_SECS: i64 = 45;
const CODE_LENGTH: usize = 8;
const CODE_HOLDS: SignedDuration = SignedDuration::from_mins(10);

/// A tablet as staff see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct FleetDevice {
    device_id: String,
    name: String,
    registered_at: String,
    revoked: bool,
    last_seen_at: Option<String>,
    silent: bool,
    heartbeat: Option<serde_json::Value>,
    announced: u64,
    last_seq: u64,
    stored: u64,
    duplicates: u64,
    missing: Vec<u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Fleet {
    now: String,
    devices: Vec<FleetDevice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct PairingCode {
    code: String,
    expires_at: String,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::DEVICES, get(fleet))
        .route("/api/devices/{id}", delete(revoke))
        .route("/api/pairing-codes", post(pairing_code))
}

async fn fleet(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Staff).await?;
    let now = state.clock.now();
    let devices = state.storage.devices().await?;
    let devices = devices
        .into_iter()
        .map(|device| seen(device, now))
        .collect();
    Ok(Json(Fleet {
        now: now.to_string(),
        devices,
    }))
}

fn seen(device: DeviceRecord, now: Timestamp) -> FleetDevice {
    let heard = device
        .last_seen_at
        .is_some_and(|at| now.duration_since(at).as_secs() < SILENT_AFTER_SECS);
    FleetDevice {
        device_id: device.id,
        name: device.name,
        registered_at: device.registered_at.to_string(),
        revoked: device.revoked,
        last_seen_at: device.last_seen_at.map(|at| at.to_string()),
        silent: !heard,
        heartbeat: device.heartbeat,
        announced: device.announced,
        last_seq: device.last_seq,
        stored: device.stored,
        duplicates: device.duplicates,
        missing: device.missing,
    }
}

async fn revoke(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Staff).await?;
    if !state.storage.revoke_device(&id, state.clock.now()).await? {
        return Err(ApiFailure::not_found("There is no such device."));
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn pairing_code(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Staff).await?;
    let code = random::base32(CODE_LENGTH)?;
    let expires_at = state
        .clock
        .now()
        .checked_add(CODE_HOLDS)
        .map_err(ApiFailure::internal)?;
    state
        .storage
        .add_pairing_code(&token_hash(&code), expires_at)
        .await?;
    let answer = PairingCode {
        code,
        expires_at: expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}
