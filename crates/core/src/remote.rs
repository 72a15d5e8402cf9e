//! What the tablet asks of the server besides delivering feedback, as capabilities.
//!
//! Owns: the traits and their error. Must not own: HTTP; the browser implements it.
//! Invariant: dropping a future given out here ends the request behind it.

use kiosk_wire::device::{Heartbeat, HeartbeatAnswer, RegisterDevice, RegisteredDevice};
use kiosk_wire::event::{Event, Language};

use crate::chat::{Ask, ChatKey, stream::StreamEvent};
use crate::json::{self, Code};
use crate::ports::LocalFuture;

/// Takes the bytes of a stream as they come.
pub type OnBytes = Box<dyn FnMut(&[u8])>;

/// Takes what an answer brings.
pub type OnEvent = Box<dyn FnMut(StreamEvent)>;

/// Tells the event; apart from the rest of the server, as nothing is shown without it.
pub trait EventSource {
    /// The event as content, as the server has it now.
    fn event(&self) -> LocalFuture<'_, Result<EventText, RemoteError>>;
}

/// The kiosk server, as one tablet sees it.
pub trait KioskServer {
    /// The token of the requests to come.
    fn set_token(&self, token: Option<String>);
    /// Makes this tablet known.
    fn register(
        &self,
        device: RegisterDevice,
    ) -> LocalFuture<'_, Result<RegisteredDevice, RemoteError>>;
    /// A sign of life.
    fn heartbeat(
        &self,
        heartbeat: Heartbeat,
    ) -> LocalFuture<'_, Result<HeartbeatAnswer, RemoteError>>;
    /// Opens the stream of commands and hands its bytes over as they come, until it ends; answers
    /// why it did. [`crate::command::CommandReader`] reads them.
    fn commands(&self, on_bytes: OnBytes) -> LocalFuture<'static, RemoteError>;
}

/// Brings a question to a model and its answer back.
pub trait ChatTransport {
    /// Asks, and hands over what comes back until the answer is over: exactly one of done or
    /// failed is the last. Dropping the future closes the connection.
    fn answer(&self, ask: Ask, language: Language, on_event: OnEvent) -> LocalFuture<'static, ()>;
    /// Ends an answer that is still being written, here and at the server.
    fn cancel(&self, request_id: String) -> LocalFuture<'static, ()>;
}

/// The guide that this tablet carries, for when the server is out of reach.
pub trait TabletGuide {
    /// What it says to a question, in pieces which put together are the answer; `None` if it could not
    /// be loaded. It keeps nothing of the question. Dropping the future ends its work.
    fn answer(&self, question: GuideQuestion) -> LocalFuture<'static, Option<Vec<String>>>;
}

/// What the guide is asked: it needs nothing of what was said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideQuestion {
    /// Whom it was meant for.
    pub key: ChatKey,
    /// Language of the answer.
    pub language: Language,
    /// What was asked.
    pub text: String,
}

/// Keys of the event that no screen shows.
const FOR_THE_GUIDE: [&str; 2] = ["facts", "topics"];

/// The event, and the text it was read from, which a tablet keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct EventText {
    /// As it is shown: without what only a guide needs.
    pub event: Event,
    /// As it came, whole: JSON.
    pub json: String,
}

impl EventText {
    /// Reads it; `None` for anything else, or an event of a shape that this build does not know.
    #[must_use]
    pub fn read(json: String) -> Option<Self> {
        json::read_without(&FOR_THE_GUIDE, &json).map(|event| Self { event, json })
    }
}

/// Any endpoint of the kiosk server, for people who are signed in by cookie.
pub trait HttpTransport {
    /// One request, one answer, whatever its status. `body` is JSON.
    fn send(
        &self,
        method: Method,
        path: String,
        body: Option<String>,
    ) -> LocalFuture<'_, Result<Reply, RemoteError>>;
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes or does something.
    Post,
    /// Takes something away.
    Delete,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds.
    pub retry_after: Option<u64>,
    /// The body as text.
    pub body: String,
}

/// Why the server gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// No connection, or something that is not the kiosk server answered.
    #[error("the server is out of reach")]
    Unreachable,
    /// 401: this tablet is not registered, or not any more.
    #[error("this tablet is not registered")]
    Unauthorized,
    /// 429: too many wrong codes came from here.
    #[error("too many tries; the next one in {secs} seconds")]
    TooMany {
        /// How long to wait.
        secs: u32,
    },
    /// The server refused.
    #[error("the server refused with status {status}")]
    Refused {
        /// HTTP status.
        status: u16,
    },
}

/// What an answer means that is no success. A captive portal or a proxy may answer anything, 401 too,
/// and must not unpair a tablet: only a problem in our own words counts.
#[must_use]
pub fn read_refusal(status: u16, retry_after: Option<u32>, body: &str) -> RemoteError {
    let Some(Code(code)) = json::read(body) else {
        return RemoteError::Unreachable;
    };
    match status {
        401 if code == "unauthorized" => RemoteError::Unauthorized,
        429 => RemoteError::TooMany {
            secs: retry_after.unwrap_or(60),
        },
        status => RemoteError::Refused { status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_server_s_own_words_refuse() {
        let ours =
            |code: &str| format!(r#"{{"title":"t","status":1,"detail":"d","code":"{code}"}}"#);
        assert_eq!(
            read_refusal(401, None, &ours("unauthorized")),
            RemoteError::Unauthorized
        );
        for foreign in ["", "<html>Log in</html>", "{}", r#"{"code":4}"#] {
            assert_eq!(read_refusal(401, None, foreign), RemoteError::Unreachable);
            assert_eq!(read_refusal(403, None, foreign), RemoteError::Unreachable);
        }
        assert_eq!(
            read_refusal(403, None, &ours("bad_code")),
            RemoteError::Refused { status: 403 }
        );
        assert_eq!(
            read_refusal(401, None, &ours("bad_code")),
            RemoteError::Refused { status: 401 }
        );
        for (asked, secs) in [(Some(7), 7), (None, 60)] {
            assert_eq!(
                read_refusal(429, asked, &ours("rate_limited")),
                RemoteError::TooMany { secs }
            );
        }
    }
}
