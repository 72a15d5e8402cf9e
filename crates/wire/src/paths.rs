//! Every path of the HTTP interface, so that no literal is written twice.

/// Liveness: 200 `ok`.
pub const HEALTH: &str = "/healthz";
/// Readiness: database writable and content loaded.
pub const READY: &str = "/readyz";
/// Connectivity probe; answers [`crate::device::Ping`].
pub const PING: &str = "/api/ping";
/// The event as content; answers [`crate::event::Event`] with an `ETag`.
pub const EVENT: &str = "/api/event";
/// `POST` registers a tablet, `GET` lists the fleet.
pub const DEVICES: &str = "/api/devices";
/// A tablet's sign of life.
pub const HEARTBEAT: &str = "/api/devices/me/heartbeat";
/// `POST` takes feedback in, `GET` lists it for organisers.
pub const FEEDBACK: &str = "/api/feedback";
/// Download of the collected feedback.
pub const EXPORT: &str = "/api/feedback/export";
/// Sign-in, who am I, sign-out.
pub const SESSION: &str = "/api/session";
/// The teams that are open, in OpenAI's shape.
pub const MODELS: &str = "/v1/models";
/// Chat, streamed or whole, in OpenAI's shape.
pub const CHAT: &str = "/v1/chat/completions";

/// The path that cancels the answer with this request id.
#[must_use]
pub fn cancel(request_id: &str) -> String {
    format!("{CHAT}/{request_id}/cancel")
}
