//! Registration of tablets and their signs of life.

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::IntoResponse,
    routing::post,
};
use kiosk_wire::{
    device::{Heartbeat, HeartbeatAnswer, MAX_DEVICE_NAME_CHARS, RegisterDevice, RegisteredDevice},
    error::ApiErrorCode,
    feedback::MAX_SAFE_INTEGER,
    id, paths,
};

use super::body;
use crate::{
    audit,
    auth::{
        device::{self, token_hash},
        origin,
    },
    error::ApiFailure,
    random,
    state::AppState,
    storage::{NewDevice, SignOfLife},
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::DEVICES, post(register))
        .route(paths::HEARTBEAT, post(heartbeat))
}

async fn register(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let wanted: RegisterDevice = body::json(raw, body::SMALL).await?;
    let name = wanted.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > MAX_DEVICE_NAME_CHARS {
        return Err(ApiFailure::invalid("name must have 1 to 64 characters."));
    }
    if wanted
        .device_id
        .as_deref()
        .is_some_and(|known| !id::is_uuid(known))
    {
        return Err(ApiFailure::invalid("device_id must be a lower-case UUID."));
    }
    admit(&state, &parts, wanted.pairing_code.as_deref()).await?;
    let device_id = match wanted.device_id {
        Some(known) => known,
        None => random::uuid_v4()?,
    };
    let token = random::token()?;
    let device = NewDevice {
        id: device_id.clone(),
        name: name.clone(),
        token_hash: token_hash(&token),
    };
    let audit = audit::pairing(&state, &device_id);
    state
        .storage
        .register_device(device, state.clock.now(), audit)
        .await?;
    // Streams of its older token end.
    state.known_tokens.forget();
    state.bell.ring();
    tracing::info!(device = %device_id, "device registered");
    Ok((
        StatusCode::CREATED,
        Json(RegisteredDevice {
            device_id,
            token,
            name,
        }),
    ))
}

/// A code that is sent decides; without one only loopback may register.
async fn admit(state: &AppState, parts: &Parts, code: Option<&str>) -> Result<(), ApiFailure> {
    let public_url = state.config.server.public_url.as_ref();
    let Some(code) = code else {
        return if origin::is_loopback(parts, public_url) {
            Ok(())
        } else {
            Err(ApiFailure::forbidden(
                "Ask staff for a pairing code and send it along.",
            ))
        };
    };
    let address = origin::client(parts, public_url);
    state
        .throttle
        .code(address, state.clock.running())
        .map_err(|many| ApiFailure::rate_limited(many.retry_after_secs))?;
    if !state
        .storage
        .use_pairing_code(&token_hash(&normal_code(code)), state.clock.now())
        .await?
    {
        return Err(ApiFailure::new(
            ApiErrorCode::BadCode,
            "The pairing code is wrong, used or expired; ask staff for a new one.",
        ));
    }
    state.throttle.code_right(address);
    Ok(())
}

/// A code as people type it: in any case, with blanks, O for 0, I and L for 1.
pub(super) fn normal_code(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

async fn heartbeat(
    State(state): State<AppState>,
    request: Request<Body>,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let device = device::require(&state, &parts.headers).await?;
    let beat: Heartbeat = body::json(raw, body::SMALL).await?;
    let counts = [beat.last_seq, beat.pending];
    if counts
        .into_iter()
        .flatten()
        .any(|count| count > MAX_SAFE_INTEGER)
    {
        return Err(ApiFailure::invalid(
            "last_seq and pending must be at most 2^53 - 1.",
        ));
    }
    let now = state.clock.now();
    let sign = SignOfLife {
        device: device.0,
        at: now,
        announced: beat.last_seq,
        heartbeat: serde_json::to_value(&beat).map_err(ApiFailure::internal)?,
        acked: beat.acked,
    };
    let last_seq = state.storage.record_heartbeat(sign).await?;
    let closed = state.storage.closed_teams().await?;
    Ok(Json(HeartbeatAnswer {
        now: now.to_string(),
        last_seq,
        panel_verifier: state.panel_verifier.to_string(),
        teams: state.chat.team_statuses(closed).await,
    }))
}
