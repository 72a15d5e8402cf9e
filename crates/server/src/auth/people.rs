//! People: roles, the cookie, and who is signed in.
//!
//! Owns: reading and making the session cookie, and the order of roles.
//! Must not own: checking secrets.
//! Invariant: a request that changes state with a cookie comes from our own page.

use axum::http::{HeaderMap, Method, header, request::Parts};
use jiff::SignedDuration;
use url::Url;

use super::{device::token_hash, origin};
use crate::{error::ApiFailure, state::AppState, storage::SessionRecord};

/// How long a sign-in holds.
pub const SESSION_LENGTH: SignedDuration = SignedDuration::from_hours(12);
/// Whoever signs in without a name: the lead and the organiser of the first start.
pub const FIRST: &str = "first";
/// The name of the cookie.
pub const COOKIE: &str = "booth_session";

/// What somebody may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Looks after tablets.
    Staff,
    /// Opens and closes teams as well.
    Lead,
    /// Everything.
    Organiser,
    /// Sees its own shared entries only.
    Team(String),
}

impl Role {
    /// The role as it is stored and sent.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "staff" => Some(Self::Staff),
            "lead" => Some(Self::Lead),
            "organiser" => Some(Self::Organiser),
            other => other
                .strip_prefix("team:")
                .map(|team| Self::Team(team.to_owned())),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Team(_) => 0,
            Self::Staff => 1,
            Self::Lead => 2,
            Self::Organiser => 3,
        }
    }
}

/// The cookie that was sent.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The cookie to set; an empty token clears it.
pub fn set_cookie(token: &str, public_url: Option<&Url>) -> String {
    let age = if token.is_empty() {
        0
    } else {
        SESSION_LENGTH.as_secs()
    };
    let secure = if public_url.is_some_and(|url| url.scheme() == "https") {
        "; Secure"
    } else {
        ""
    };
    format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age}{secure}")
}

/// Who is signed in, if anybody.
pub async fn session(
    state: &AppState,
    headers: &HeaderMap,
) -> Result<Option<SessionRecord>, ApiFailure> {
    let Some(token) = cookie(headers) else {
        return Ok(None);
    };
    Ok(state
        .storage
        .session(&token_hash(token), state.clock.now())
        .await?)
}

/// Who is signed in with at least this role; refuses everybody else.
pub async fn require(
    state: &AppState,
    parts: &Parts,
    least: &Role,
) -> Result<SessionRecord, ApiFailure> {
    let session = signed_in(state, parts).await?;
    let enough = Role::parse(&session.role).is_some_and(|role| role.rank() >= least.rank());
    if enough { Ok(session) } else { Err(may_not()) }
}

async fn signed_in(state: &AppState, parts: &Parts) -> Result<SessionRecord, ApiFailure> {
    let session = session(state, &parts.headers)
        .await?
        .ok_or_else(|| ApiFailure::unauthorized("Sign in first."))?;
    check_origin(state, parts)?;
    Ok(session)
}

fn may_not() -> ApiFailure {
    ApiFailure::forbidden("Your role may not do this.")
}

/// Who is signed in as an organiser, or as somebody of this team, who is asked for by name.
pub async fn require_organiser_or_team(
    state: &AppState,
    parts: &Parts,
    team: Option<&str>,
) -> Result<SessionRecord, ApiFailure> {
    let session = signed_in(state, parts).await?;
    let allowed = match Role::parse(&session.role) {
        Some(Role::Organiser) => true,
        Some(Role::Team(own)) => team == Some(own.as_str()),
        Some(Role::Staff | Role::Lead) | None => false,
    };
    if allowed { Ok(session) } else { Err(may_not()) }
}

/// Refuses a request that changes state and was sent by a page from elsewhere.
pub fn check_origin(state: &AppState, parts: &Parts) -> Result<(), ApiFailure> {
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if reads || origin::is_same_origin(parts, state.config.server.public_url.as_ref()) {
        return Ok(());
    }
    Err(ApiFailure::forbidden("This page is not the booth's own."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_an_order() {
        let ranks: Vec<u8> = ["team:skt", "staff", "lead", "organiser"]
            .into_iter()
            .map(|code| Role::parse(code).unwrap().rank())
            .collect();
        assert!(ranks.is_sorted_by(|a, b| a < b));
        assert_eq!(Role::parse("admin"), None);
    }

    #[test]
    fn cookies_are_read_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "a=b; booth_session=xyz; c=d".parse().unwrap(),
        );
        assert_eq!(cookie(&headers), Some("xyz"));
    }

    #[test]
    fn cookies_are_secure_on_https_only() {
        let https = Url::parse("https://booth.example").unwrap();
        assert!(set_cookie("t", Some(&https)).ends_with("; Secure"));
        let plain = set_cookie("t", None);
        assert!(plain.contains("HttpOnly; SameSite=Strict") && !plain.contains("Secure"));
        assert!(set_cookie("", None).contains("Max-Age=0"));
    }
}
