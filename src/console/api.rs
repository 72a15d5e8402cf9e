//! What the console asks of the server, as typed calls.
//!
//! Owns: turning answers into values and refusals into [`ApiError`]. Must not own: sentences, or
//! who may do what. Invariant: whoever gets a 401 is signed out at once, and the page that was
//! asked for comes back after the next sign-in, for the address stays what it was.

use std::time::Duration;

use kiosk_core::remote::{Method, RemoteError, Reply};
use kiosk_wire::error::Problem;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::ports::Ports;
use super::session::Session;

/// Longest wait that is believed, should the server name none.
const USUAL_WAIT_SECS: u64 = 5;
/// How soon a server that cannot do it now is asked again.
const UNAVAILABLE_SECS: u64 = 5;

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// 401: nobody is signed in, or not any more.
    #[error("nobody is signed in")]
    SignedOut,
    /// 403: this role may not.
    #[error("this role may not do that")]
    Forbidden,
    /// 404.
    #[error("there is no such thing")]
    NotFound,
    /// Another 4xx; what the server says to do, in English.
    #[error("the server refused: {0}")]
    Invalid(String),
    /// 429: again after this many seconds.
    #[error("too many tries, again in {0} s")]
    Slow(u64),
    /// No connection, or something else answered.
    #[error("the server is out of reach")]
    Unreachable,
    /// 5xx: the server is there and cannot do it now.
    #[error("the server cannot do that now")]
    Unavailable,
}

impl ApiError {
    /// After how long it is worth asking again, if only time mends it. That the server is out of
    /// reach is not among them: [`Api::returns`] tells when it is back.
    #[must_use]
    pub fn passes_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable => Some(Duration::from_secs(UNAVAILABLE_SECS)),
            Self::Slow(secs) => Some(Duration::from_secs((*secs).max(1))),
            Self::SignedOut
            | Self::Forbidden
            | Self::NotFound
            | Self::Invalid(_)
            | Self::Unreachable => None,
        }
    }
}

impl From<RemoteError> for ApiError {
    fn from(_: RemoteError) -> Self {
        Self::Unreachable
    }
}

/// The server, for whoever is signed in.
#[derive(Clone, Copy)]
pub struct Api {
    ports: Ports,
    session: Session,
    is_reachable: RwSignal<bool>,
    returns: RwSignal<u32>,
}

impl Api {
    #[must_use]
    pub fn new(ports: Ports, session: Session) -> Self {
        Self {
            ports,
            session,
            is_reachable: RwSignal::new(true),
            returns: RwSignal::new(0),
        }
    }

    /// Whether the last call reached the server; tracked.
    #[must_use]
    pub fn is_reachable(self) -> bool {
        self.is_reachable.get()
    }

    /// How often the server came back after it had been out of reach; tracked. Whoever shows
    /// something of the server tracks it and asks anew.
    pub fn returns(self) -> u32 {
        self.returns.get()
    }

    /// Reads.
    pub async fn get<T: DeserializeOwned>(self, path: impl Into<String>) -> Result<T, ApiError> {
        self.send(Method::Get, path.into(), None).await
    }

    /// Makes or does something. An empty answer reads as `()`.
    pub async fn post<B: Serialize, T: DeserializeOwned>(
        self,
        path: impl Into<String>,
        body: &B,
    ) -> Result<T, ApiError> {
        let body = serde_json::to_string(body).map_err(|_| ApiError::Unavailable)?;
        self.send(Method::Post, path.into(), Some(body)).await
    }

    /// Takes something away.
    pub async fn delete(self, path: impl Into<String>) -> Result<(), ApiError> {
        self.send(Method::Delete, path.into(), None).await
    }

    async fn send<T: DeserializeOwned>(
        self,
        method: Method,
        path: String,
        body: Option<String>,
    ) -> Result<T, ApiError> {
        let http = self.ports.get().http.clone();
        let reply = http.send(method, path, body).await.map_err(ApiError::from);
        let answer = reply.and_then(|reply| read(&reply));
        self.note(!matches!(answer, Err(ApiError::Unreachable)));
        if matches!(answer, Err(ApiError::SignedOut)) {
            self.session.lapse();
        }
        answer
    }

    /// Only a change is told, so that nothing is drawn anew by every call.
    fn note(self, is_reachable: bool) {
        if self.is_reachable.try_get_untracked() == Some(is_reachable) {
            return;
        }
        self.is_reachable.set(is_reachable);
        if is_reachable {
            self.returns
                .update(|returns| *returns = returns.wrapping_add(1));
        }
    }
}

/// What an answer means.
fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, ApiError> {
    match reply.status {
        200..=299 => {
            let body = match reply.body.trim() {
                "" => "null",
                body => body,
            };
            // Whatever cannot be read was not written by the kiosk server.
            serde_json::from_str(body).map_err(|_| ApiError::Unreachable)
        }
        401 => Err(ApiError::SignedOut),
        403 => Err(ApiError::Forbidden),
        404 => Err(ApiError::NotFound),
        429 => Err(ApiError::Slow(reply.retry_after.unwrap_or(USUAL_WAIT_SECS))),
        400..=499 => Err(ApiError::Invalid(detail(&reply.body))),
        500..=599 => Err(ApiError::Unavailable),
        _ => Err(ApiError::Unreachable),
    }
}

fn detail(body: &str) -> String {
    serde_json::from_str::<Problem>(body).map_or_else(|_| String::new(), |problem| problem.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            retry_after: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn an_answer_is_read() {
        assert_eq!(read::<Vec<u8>>(&reply(200, "[1,2]")), Ok(vec![1, 2]));
        assert_eq!(read::<()>(&reply(204, "")), Ok(()));
    }

    #[test]
    fn a_foreign_page_is_no_answer() {
        let page = reply(200, "<html>Sign in to the network</html>");
        assert_eq!(read::<Vec<u8>>(&page), Err(ApiError::Unreachable));
        assert_eq!(read::<Vec<u8>>(&reply(302, "")), Err(ApiError::Unreachable));
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(read::<()>(&reply(401, "")), Err(ApiError::SignedOut));
        assert_eq!(read::<()>(&reply(403, "")), Err(ApiError::Forbidden));
        assert_eq!(read::<()>(&reply(404, "")), Err(ApiError::NotFound));
        assert_eq!(read::<()>(&reply(503, "")), Err(ApiError::Unavailable));
        let problem =
            r#"{"title":"Bad Request","status":400,"detail":"No.","code":"invalid_request"}"#;
        assert_eq!(
            read::<()>(&reply(400, problem)),
            Err(ApiError::Invalid("No.".to_owned()))
        );
    }

    #[test]
    fn what_only_time_mends_is_asked_for_again() {
        assert!(ApiError::Unavailable.passes_after().is_some());
        let soon = Some(Duration::from_secs(1));
        assert_eq!(ApiError::Slow(0).passes_after(), soon);
        assert_eq!(ApiError::Unreachable.passes_after(), None);
        assert_eq!(ApiError::Forbidden.passes_after(), None);
    }

    #[test]
    fn a_throttled_call_says_how_long() {
        let mut slow = reply(429, "");
        assert_eq!(read::<()>(&slow), Err(ApiError::Slow(USUAL_WAIT_SECS)));
        slow.retry_after = Some(40);
        assert_eq!(read::<()>(&slow), Err(ApiError::Slow(40)));
    }
}
