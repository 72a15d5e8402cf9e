//! What the tablet asks of the server besides delivering feedback, as capabilities.
//!
//! Owns: the traits and their error. Must not own: HTTP; the browser implements it.
//! Invariant: dropping a future given out here ends the request behind it.

use kiosk_wire::device::{Heartbeat, HeartbeatAnswer, RegisterDevice, RegisteredDevice};
use kiosk_wire::event::{Event, Language};

use crate::chat::{Ask, stream::StreamEvent};
use crate::ports::LocalFuture;

/// The kiosk server, as one tablet sees it.
pub trait KioskServer {
    /// The token of the requests to come.
    fn set_token(&self, token: Option<String>);
    /// The event as content.
    fn event(&self) -> LocalFuture<'_, Result<Event, RemoteError>>;
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
}

/// Brings a question to a model and its answer back.
pub trait ChatTransport {
    /// Asks, and hands over what comes back until the answer is over: exactly one of done or
    /// failed is the last. Dropping the future closes the connection.
    fn answer(
        &self,
        ask: Ask,
        language: Language,
        on_event: Box<dyn FnMut(StreamEvent)>,
    ) -> LocalFuture<'static, ()>;
    /// Ends an answer that is still being written, here and at the server.
    fn cancel(&self, request_id: String) -> LocalFuture<'static, ()>;
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
    /// The server refused.
    #[error("the server refused with status {status}")]
    Refused {
        /// HTTP status.
        status: u16,
    },
}
