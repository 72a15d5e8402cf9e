//! Tablets: registration, heartbeat, connectivity.

use serde::{Deserialize, Serialize};

/// The service name a client must read to count as online (a captive portal cannot know it).
pub const SERVICE: &str = "booth-kiosk";

/// Answer of `GET /api/ping`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Ping {
    /// Always [`SERVICE`].
    pub service: String,
    /// The server's clock, RFC 3339.
    pub now: String,
}

/// Longest name of a tablet, in characters.
pub const MAX_DEVICE_NAME_CHARS: usize = 64;

/// Body of `POST /api/devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterDevice {
    /// What staff read in the fleet, 1 to [`MAX_DEVICE_NAME_CHARS`] characters.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(length(min = 1, max = 64), regex(pattern = r"\S"))
    )]
    pub name: String,
    /// Eight characters of base 32; needed unless the request comes from loopback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pairing_code: Option<String>,
    /// The id this tablet had before, if any (lower-case UUID).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(regex(pattern = crate::id::UUID_PATTERN))
    )]
    pub device_id: Option<String>,
}

/// Answer of `POST /api/devices`, 201.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct RegisteredDevice {
    /// Lower-case UUID of the tablet.
    pub device_id: String,
    /// The bearer token, shown this once.
    pub token: String,
    /// The name as stored.
    pub name: String,
}

/// Body of `POST /api/devices/me/heartbeat`; every field is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Heartbeat {
    /// The `data-screen` that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// The team the visitor is with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Entries waiting in the outbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(range(max = crate::feedback::MAX_SAFE_INTEGER))
    )]
    pub pending: Option<u64>,
    /// The highest sequence number this tablet has given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(range(max = crate::feedback::MAX_SAFE_INTEGER))
    )]
    pub last_seq: Option<u64>,
    /// Build id of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Battery charge in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery: Option<u8>,
    /// Whether the browser promised to keep the storage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_persisted: Option<bool>,
    /// The tablet's clock, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// Set while a visitor calls for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// Ids of commands that arrived.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acked: Vec<String>,
}

/// A visitor's call for staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Since when, RFC 3339 by the tablet's clock.
    pub since: String,
}

/// Answer of the heartbeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct HeartbeatAnswer {
    /// The server's clock, RFC 3339.
    pub now: String,
    /// The highest sequence number the server has stored of this tablet.
    pub last_seq: u64,
    /// What the staff panel checks its code against, offline too: `pbkdf2-sha256$iterations$salt$hash`,
    /// salt and hash in unpadded base64.
    pub panel_verifier: String,
    /// How each team is doing now, in event order.
    pub teams: Vec<TeamStatus>,
}

/// How a team is doing now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct TeamStatus {
    /// Team id.
    pub id: String,
    /// Whether its model answers, the guide answers, or nobody does.
    pub state: TeamState,
    /// Why it is closed, for visitors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<crate::event::Text>,
    /// How many wait in its line.
    pub waiting: u32,
    /// Expected wait for one who joins now, in seconds.
    pub wait_secs: u32,
}

/// Who answers for a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TeamState {
    /// Its own model.
    Open,
    /// Nobody: closed by staff.
    Closed,
    /// The built-in guide.
    Guide,
}
