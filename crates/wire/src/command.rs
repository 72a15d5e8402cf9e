//! What staff tell a tablet to do.

use serde::{Deserialize, Serialize};

/// How long a [`CommandKind::Reset`] or [`CommandKind::Message`] holds, in seconds by the server's
/// clock: a later visitor must not be hit by it.
pub const SHORT_LIVED_SECS: u32 = 60;
/// How many ids of commands a tablet remembers over reloads, so that none is acted on twice.
pub const REMEMBERED_IDS: usize = 100;
/// Longest text of a message, in characters.
pub const MAX_MESSAGE_CHARS: usize = 200;

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// Ends the visit and begins the next one.
    Reset,
    /// Ends the visit and shows `locked` until [`CommandKind::Unlock`].
    Lock,
    /// Ends `locked`.
    Unlock,
    /// Loads the app again.
    Reload,
    /// Binds the tablet to `team`; without one it is bound to none.
    AssignTeam,
    /// Shows `text` to whoever stands there.
    Message,
    /// Somebody of the staff is on the way: the call is over.
    CallAnswered,
}

impl CommandKind {
    /// Whether it is over after [`SHORT_LIVED_SECS`].
    #[must_use]
    pub fn is_short_lived(self) -> bool {
        matches!(self, Self::Reset | Self::Message)
    }
}

/// Body of `POST /api/devices/{id}/commands`; `id` may be `all`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CommandRequest {
    /// What to do.
    pub kind: CommandKind,
    /// Of [`CommandKind::Message`]: 1 to [`MAX_MESSAGE_CHARS`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(length(min = 1, max = 200), regex(pattern = r"\S"))
    )]
    pub text: Option<String>,
    /// Of [`CommandKind::AssignTeam`]: a team's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// Answer to it, 202.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct CommandAccepted {
    /// UUID of the command, the same on every tablet it goes to.
    pub command_id: String,
}

/// One event of `GET /api/devices/me/commands`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Command {
    /// UUID; acknowledged in a heartbeat before it is acted on.
    pub id: String,
    /// What to do.
    pub kind: CommandKind,
    /// Of a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of an assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// When it is void, by the server's clock, RFC 3339.
    pub expires_at: String,
}
