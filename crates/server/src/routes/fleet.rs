//! What staff see and do about tablets.

use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{delete, get, post},
};
use jiff::{SignedDuration, Timestamp};
use kiosk_wire::{
    console::{Fleet, FleetDevice, PairingCode},
    paths,
};

use super::place::{self, Named, no_such_device};
use crate::{
    audit::{self, Action},
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

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::DEVICES, get(fleet))
        .route(&paths::device("{id}"), delete(revoke))
        .route(paths::PAIRING_CODES, post(pairing_code))
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
        // One of an older server may have another shape; the next one is near.
        heartbeat: device
            .heartbeat
            .and_then(|beat| serde_json::from_value(beat).ok()),
        announced: device.announced,
        last_seq: device.last_seq,
        stored: device.stored,
        duplicates: device.duplicates,
        missing: device.missing,
    }
}

async fn revoke(
    State(state): State<AppState>,
    named: Named,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Staff).await?;
    let id = place::name(named).ok_or_else(no_such_device)?;
    let audit = audit::record(&state, &session, Action::DeviceRevoke, &id);
    let now = state.clock.now();
    if !state.storage.revoke_device(&id, now, audit).await? {
        return Err(no_such_device());
    }
    // Its open streams end.
    state.known_tokens.forget();
    state.bell.ring();
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
