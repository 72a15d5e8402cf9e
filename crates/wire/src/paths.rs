//! Every path of the HTTP interface, so that no literal is written twice.

/// Liveness: 200 `ok`.
pub const HEALTH: &str = "/healthz";
/// Readiness: database writable and content loaded.
pub const READY: &str = "/readyz";
/// What is counted, as Prometheus reads it.
pub const METRICS: &str = "/metrics";
/// The interface's description: `OpenAPI` 3.1.
pub const OPENAPI: &str = "/openapi.json";
/// Connectivity probe; answers [`crate::device::Ping`].
pub const PING: &str = "/api/ping";
/// The event as content; answers [`crate::event::Event`] with an `ETag`.
pub const EVENT: &str = "/api/event";
/// `POST` registers a tablet, `GET` lists the fleet.
pub const DEVICES: &str = "/api/devices";
/// A tablet's sign of life.
pub const HEARTBEAT: &str = "/api/devices/me/heartbeat";
/// The commands of one tablet, as an event stream.
pub const COMMANDS: &str = "/api/devices/me/commands";
/// A new code for a tablet.
pub const PAIRING_CODES: &str = "/api/pairing-codes";
/// `POST` takes feedback in, `GET` lists it for organisers.
pub const FEEDBACK: &str = "/api/feedback";
/// Download of the collected feedback.
pub const EXPORT: &str = "/api/feedback/export";
/// What each column of an export means.
pub const DICTIONARY: &str = "/api/feedback/dictionary";
/// Counts and distributions; answers [`crate::console::Summary`].
pub const SUMMARY: &str = "/api/feedback/summary";
/// What tablets announced and what arrived; answers [`crate::console::Reconciliation`].
pub const RECONCILIATION: &str = "/api/feedback/reconciliation";
/// What is going to be erased after its time; answers [`crate::console::Retention`].
pub const RETENTION: &str = "/api/feedback/retention";
/// Takes a tablet's [`crate::rescue::RescueFile`] in.
pub const IMPORT: &str = "/api/feedback/import";
/// Everything in one ZIP.
pub const PACK: &str = "/api/feedback/pack";
/// `GET` lists people, `POST` makes one.
pub const PEOPLE: &str = "/api/people";
/// How every team is doing, for staff; answers [`crate::console::TeamList`].
pub const TEAMS: &str = "/api/teams";
/// What was done by whom.
pub const AUDIT: &str = "/api/audit";
/// Sign-in, who am I, sign-out.
pub const SESSION: &str = "/api/session";
/// The teams that are open, in OpenAI's shape.
pub const MODELS: &str = "/v1/models";
/// Chat, streamed or whole, in OpenAI's shape.
pub const CHAT: &str = "/v1/chat/completions";

/// One team, in OpenAI's shape.
#[must_use]
pub fn model(id: &str) -> String {
    format!("{MODELS}/{id}")
}

/// The path that cancels the answer with this request id.
#[must_use]
pub fn cancel(request_id: &str) -> String {
    format!("{CHAT}/{request_id}/cancel")
}

/// One tablet: `DELETE` takes its token away.
#[must_use]
pub fn device(id: &str) -> String {
    format!("{DEVICES}/{id}")
}

/// `POST` sends a command to this tablet, or to `all`.
#[must_use]
pub fn device_commands(id: &str) -> String {
    format!("{DEVICES}/{id}/commands")
}

/// `POST` opens or closes this team.
#[must_use]
pub fn team_state(id: &str) -> String {
    format!("/api/teams/{id}/state")
}

/// `DELETE` takes this person's access away. The name is one path segment, percent-encoded.
#[must_use]
pub fn person(name: &str) -> String {
    format!("{PEOPLE}/{name}")
}

/// `DELETE` erases all entries of the visit with this receipt.
#[must_use]
pub fn erase(receipt: &str) -> String {
    format!("{FEEDBACK}/{receipt}")
}
