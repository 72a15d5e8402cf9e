//! Error codes of both interfaces, as closed enums, and the two shapes they travel in.

use serde::{Deserialize, Serialize};

/// Why `/v1` refused or broke off (`error.code` of the OpenAI error object).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChatErrorCode {
    /// The request is not of the expected shape.
    InvalidRequest,
    /// `model` is not a team of this event.
    UnknownTeam,
    /// The visitor's text is longer than `limits.max_input_chars`.
    TooLong,
    /// The conversation has more turns than `limits.max_turns`.
    TurnLimit,
    /// No device token, or one that is not valid any more.
    Unauthorized,
    /// The team is closed by staff.
    TeamClosed,
    /// Moderation blocked the text.
    Blocked,
    /// The answer was cancelled, by the visitor or by a newer request of the same device.
    Cancelled,
    /// The request id names a request that is still running.
    InUse,
    /// Too many requests of this device within a minute.
    RateLimited,
    /// The team's service limits us.
    UpstreamRateLimited,
    /// The team's service refused or answered with something unreadable.
    UpstreamInvalid,
    /// The model ended without a word of an answer.
    EmptyAnswer,
    /// The line in front of the team is full.
    QueueFull,
    /// The team's service cannot be reached, failed, or cut the answer off.
    UpstreamUnavailable,
    /// The team's service was silent for too long.
    UpstreamTimeout,
    /// The body is larger than allowed.
    TooLarge,
    /// Our own fault.
    Internal,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

impl ChatErrorCode {
    /// The HTTP status this code is answered with before the first byte.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::UnknownTeam | Self::TooLong | Self::TurnLimit => 400,
            Self::Unauthorized => 401,
            Self::TeamClosed | Self::Blocked => 403,
            Self::Cancelled | Self::InUse => 409,
            Self::TooLarge => 413,
            Self::RateLimited | Self::UpstreamRateLimited => 429,
            Self::UpstreamInvalid | Self::EmptyAnswer => 502,
            Self::QueueFull | Self::UpstreamUnavailable => 503,
            Self::UpstreamTimeout => 504,
            Self::Internal | Self::Unknown => 500,
        }
    }

    /// OpenAI's coarse `error.type` for this code.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self.status() {
            401 => "authentication_error",
            403 => "permission_error",
            429 => "rate_limit_error",
            400 | 409 | 413 => "invalid_request_error",
            _ => "server_error",
        }
    }
}

/// Why `/api` refused (`code` of the problem document).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiErrorCode {
    /// The request is not of the expected shape.
    InvalidRequest,
    /// No token or session, or one that is not valid any more.
    Unauthorized,
    /// The role may not do this, the origin is foreign, or a pairing code is needed.
    Forbidden,
    /// The pairing code is wrong, used or expired.
    BadCode,
    /// There is no such thing.
    NotFound,
    /// The body is larger than allowed.
    TooLarge,
    /// The `Host` header is neither loopback's nor `public_url`'s.
    WrongHost,
    /// Too many tries.
    RateLimited,
    /// The database cannot take it now; nothing was stored.
    Unavailable,
    /// Our own fault.
    Internal,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

impl ApiErrorCode {
    /// The HTTP status this code is answered with.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden | Self::BadCode => 403,
            Self::NotFound => 404,
            Self::TooLarge => 413,
            Self::WrongHost => 421,
            Self::RateLimited => 429,
            Self::Unavailable => 503,
            Self::Internal | Self::Unknown => 500,
        }
    }
}

/// RFC 9457 problem document, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Problem {
    /// Short summary of the kind of problem.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// What to do about it, one sentence.
    pub detail: String,
    /// The machine-readable reason.
    pub code: ApiErrorCode,
}

/// The body of an OpenAI error, and the `data:` of one inside a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct OpenAiError {
    /// The error itself.
    pub error: OpenAiErrorBody,
}

/// The inside of an OpenAI error object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct OpenAiErrorBody {
    /// What happened and what to do, one sentence; never what a provider wrote.
    pub message: String,
    /// OpenAI's coarse class, see [`ChatErrorCode::kind`].
    #[serde(rename = "type")]
    pub kind: String,
    /// The request field at fault, if one is.
    #[serde(default)]
    pub param: Option<String>,
    /// The machine-readable reason.
    pub code: ChatErrorCode,
}

impl OpenAiError {
    /// An error object for `code` with this sentence.
    #[must_use]
    pub fn new(code: ChatErrorCode, message: impl Into<String>) -> Self {
        Self {
            error: OpenAiErrorBody {
                message: message.into(),
                kind: code.kind().to_owned(),
                param: None,
                code,
            },
        }
    }
}
