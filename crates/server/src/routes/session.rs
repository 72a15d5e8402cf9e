//! Sign-in, who am I, sign-out.

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::{
    console::{SignIn, SignInRole, WhoAmI},
    paths,
};

use super::body;
use crate::{
    audit::{self, Action},
    auth::{
        device::token_hash,
        origin,
        people::{self, FIRST, SESSION_LENGTH},
        secret,
    },
    error::ApiFailure,
    random,
    state::AppState,
    storage::{Person, Realm, SessionRecord},
};

/// Longest name or secret that is looked at, in bytes.
const LONGEST: usize = 256;

impl From<SignInRole> for Realm {
    fn from(role: SignInRole) -> Self {
        match role {
            SignInRole::Staff => Self::Staff,
            SignInRole::Organiser => Self::Organiser,
            SignInRole::Team => Self::Team,
        }
    }
}

impl From<SessionRecord> for WhoAmI {
    fn from(session: SessionRecord) -> Self {
        Self {
            role: session.role,
            name: session.name,
            expires_at: session.expires_at.to_string(),
        }
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::SESSION, get(who).post(sign_in).delete(sign_out))
}

async fn sign_in(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    if !body::is_json(&parts.headers) {
        return Err(ApiFailure::invalid("Send application/json."));
    }
    let wanted: SignIn = body::json(raw, body::SMALL).await?;
    let realm = Realm::from(wanted.role);
    let name = wanted.name.unwrap_or_else(|| FIRST.to_owned());
    if [&name, &wanted.secret]
        .iter()
        .any(|text| text.chars().count() > LONGEST)
    {
        return Err(ApiFailure::invalid("Names and secrets are shorter."));
    }
    let public_url = state.config.server.public_url.as_ref();
    let address = origin::client(&parts, public_url);
    let counted = format!("{}/{name}", realm.code());
    state
        .throttle
        .sign_in(&counted, address, state.clock.running())
        .map_err(|many| ApiFailure::rate_limited(many.retry_after_secs))?;
    let person = state.storage.person(realm, &name).await?;
    let hash = person.as_ref().map(|person| person.secret_hash.clone());
    let right = secret::verify(wanted.secret, hash).await;
    let Some(person) = person.filter(|_| right) else {
        state
            .throttle
            .sign_in_wrong(&counted, address, state.clock.running());
        return Err(wrong());
    };
    state.throttle.sign_in_right(&counted, address);
    let (token, session) = start(&state, person).await?;
    let cookie = people::set_cookie(&token, public_url);
    Ok((
        [
            (header::SET_COOKIE, cookie),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        Json(WhoAmI::from(session)),
    ))
}

fn wrong() -> ApiFailure {
    ApiFailure::unauthorized("Name or secret is wrong.")
}

async fn start(state: &AppState, person: Person) -> Result<(String, SessionRecord), ApiFailure> {
    let token = random::token()?;
    let now = state.clock.now();
    let expires_at = now
        .checked_add(SESSION_LENGTH)
        .map_err(ApiFailure::internal)?;
    let session = SessionRecord {
        token_hash: token_hash(&token),
        name: person.name,
        role: person.role,
        expires_at,
    };
    let audit = audit::record(state, &session, Action::SessionStart, &session.name);
    let started = state
        .storage
        .start_session(session.clone(), now, audit)
        .await?;
    if started {
        Ok((token, session))
    } else {
        Err(wrong())
    }
}

async fn who(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let session = people::session(&state, request.headers()).await?;
    session
        .map(|session| Json(WhoAmI::from(session)))
        .ok_or_else(|| ApiFailure::unauthorized("Nobody is signed in."))
}

async fn sign_out(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    if let Some(token) = people::cookie(&parts.headers) {
        people::check_origin(&state, &parts)?;
        state.storage.end_session(&token_hash(token)).await?;
    }
    let cookie = people::set_cookie("", state.config.server.public_url.as_ref());
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]))
}
