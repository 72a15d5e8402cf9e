//! Reads what the server sends, from one tree of values.
//!
//! Owns: which field of the JSON becomes which field of the shared vocabulary. Must not own: that
//! vocabulary, or what is written; the server reads with the derived readers.
//! Invariant: what this reads equals what the derived readers read. It exists because every derived
//! reader is a parser of its own, and together they were a seventh of what a tablet loads.

mod tree;

use std::cell::Cell;

use kiosk_wire::chat::{
    BoothEvent, Chunk, ChunkChoice, Delta, QueuePlace, Role, ServedBy, Timing, Usage,
};
use kiosk_wire::command::{Command, CommandKind};
use kiosk_wire::device::{HeartbeatAnswer, RegisteredDevice, TeamState, TeamStatus};
use kiosk_wire::error::{ChatErrorCode, OpenAiError, OpenAiErrorBody};
use kiosk_wire::event::{
    Choice, Demo, Event, Fact, Input, Language, Limits, Note, NoticeSection, PrivacyNotice,
    Question, Recipient, Source, Survey, Team, Text, Topic,
};
use kiosk_wire::feedback::{Receipt, ReceiptStatus, Receipts};
use serde_json::Value;

use crate::ports::DeviceCredentials;

/// Reads JSON text; `None` if it is no JSON or not of this shape.
#[must_use]
pub fn read<T: FromJson>(text: &str) -> Option<T> {
    read_without(&[], text)
}

/// The same with empty lists under these keys, whatever stands there: what is not read costs no time.
#[must_use]
pub fn read_without<T: FromJson>(left_out: &[&str], text: &str) -> Option<T> {
    let value = tree::read(text, left_out)?;
    let is_misfit = Cell::new(false);
    let read = T::from_json(Json {
        value: &value,
        is_misfit: &is_misfit,
    });
    (!is_misfit.get()).then_some(read)
}

/// What can be read from JSON.
pub trait FromJson {
    /// Reads all of it; where something does not fit, says so to `json` and goes on with anything.
    fn from_json(json: Json<'_>) -> Self;
}

/// A place in the tree of values. Misfits are noted once for all of it: leaving at the first would
/// cost a way out after every field.
#[derive(Debug, Clone, Copy)]
pub struct Json<'a> {
    value: &'a Value,
    is_misfit: &'a Cell<bool>,
}

impl<'a> Json<'a> {
    fn at(self, key: &str) -> Self {
        Self {
            value: &self.value[key],
            ..self
        }
    }

    fn field<T: FromJson>(self, key: &str) -> T {
        T::from_json(self.at(key))
    }

    fn has(self, key: &str) -> bool {
        !self.at(key).value.is_null()
    }

    /// Records without a single needed field are objects all the same.
    fn record(self) {
        if !self.value.is_object() {
            self.misfit();
        }
    }

    fn misfit(self) {
        self.is_misfit.set(true);
    }

    fn text(self) -> &'a str {
        self.value.as_str().unwrap_or_else(|| {
            self.misfit();
            ""
        })
    }
}

impl FromJson for String {
    fn from_json(json: Json<'_>) -> Self {
        json.text().to_owned()
    }
}

impl FromJson for u64 {
    fn from_json(json: Json<'_>) -> Self {
        json.value.as_u64().unwrap_or_else(|| {
            json.misfit();
            0
        })
    }
}

impl FromJson for u32 {
    fn from_json(json: Json<'_>) -> Self {
        Self::try_from(u64::from_json(json)).unwrap_or_else(|_| {
            json.misfit();
            0
        })
    }
}

impl FromJson for bool {
    fn from_json(json: Json<'_>) -> Self {
        json.value.as_bool().unwrap_or_else(|| {
            json.misfit();
            false
        })
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json<'_>) -> Self {
        (!json.value.is_null()).then(|| T::from_json(json))
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json<'_>) -> Self {
        let Value::Array(items) = json.value else {
            json.misfit();
            return Self::new();
        };
        items
            .iter()
            .map(|value| T::from_json(Json { value, ..json }))
            .collect()
    }
}

/// Structs whose fields are called the same in JSON.
macro_rules! records {
    ($($record:ident { $($field:ident),* })*) => {$(
        impl FromJson for $record {
            fn from_json(json: Json<'_>) -> Self {
                json.record();
                Self { $($field: json.field(stringify!($field)),)* }
            }
        }
    )*};
}

records! {
    Text { ko, en }
    Event {
        id, name, time_zone, languages, facts, sources, teams, topics, survey, privacy_notice,
        limits, build, feedback_schema
    }
    Team { id, name, model, good_at, about, partners, plans, facts, demos }
    Note { text, sources }
    Fact { topic, text, sources }
    Source { id, title, url }
    Topic { id, name, words_ko, words_en }
    Demo { id, name, shows, icon, prompts, inputs }
    Survey { version, ratings, tags, questions }
    Question { id, text, choices }
    Choice { id, text }
    PrivacyNotice { summary, controller, contact, retention_days, sections, recipients }
    NoticeSection { title, text }
    Recipient { teams, name, country, retention, trains_on_input }
    Limits { max_input_chars, max_turns, idle_secs, countdown_secs, reading_cap_secs }
    RegisteredDevice { device_id, token, name }
    DeviceCredentials { device_id, token, name }
    HeartbeatAnswer { now, last_seq, panel_verifier, teams }
    TeamStatus { id, state, reason, waiting, wait_secs }
    Command { id, kind, text, team, expires_at }
    Receipts { now, receipts }
    Receipt { id, status, sha256, reason }
    Chunk { id, object, created, model, system_fingerprint, choices, usage, booth }
    ChunkChoice { index, delta, finish_reason }
    Delta { role, content, reasoning_content }
    Usage { prompt_tokens, completion_tokens, total_tokens }
    QueuePlace { position, wait_secs }
    Timing { queued_ms, first_token_ms, total_ms }
    OpenAiError { error }
}

/// Enums that are strings in JSON; a name of a newer server does not fit.
macro_rules! names {
    ($($kind:ident { $first:ident = $first_name:literal $(, $variant:ident = $name:literal)* })*) => {$(
        impl FromJson for $kind {
            fn from_json(json: Json<'_>) -> Self {
                match json.text() {
                    $first_name => Self::$first,
                    $($name => Self::$variant,)*
                    _ => {
                        json.misfit();
                        Self::$first
                    }
                }
            }
        }
    )*};
}

names! {
    Language { Ko = "ko", En = "en" }
    Input { Text = "text", Image = "image" }
    TeamState { Open = "open", Closed = "closed", Guide = "guide" }
    CommandKind {
        Reset = "reset", Lock = "lock", Unlock = "unlock", Reload = "reload",
        AssignTeam = "assign_team", Message = "message", CallAnswered = "call_answered"
    }
    ReceiptStatus {
        Stored = "stored", Duplicate = "duplicate", Conflict = "conflict", Invalid = "invalid",
        Erased = "erased"
    }
    Role { System = "system", Developer = "developer", User = "user", Assistant = "assistant" }
    ServedBy { Model = "model", Guide = "guide" }
}

impl FromJson for BoothEvent {
    fn from_json(json: Json<'_>) -> Self {
        if json.has("queue") {
            Self::Queue {
                queue: json.field("queue"),
            }
        } else if json.has("served_by") {
            Self::ServedBy {
                served_by: json.field("served_by"),
                model: json.field("model"),
                stand_in: json.field("stand_in"),
            }
        } else {
            Self::Timing {
                timing: json.field("timing"),
            }
        }
    }
}

/// The machine-readable reason of a problem (RFC 9457), whatever else it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(pub String);

impl FromJson for Code {
    fn from_json(json: Json<'_>) -> Self {
        Self(json.field("code"))
    }
}

impl FromJson for OpenAiErrorBody {
    fn from_json(json: Json<'_>) -> Self {
        Self {
            message: json.field("message"),
            kind: json.field("type"),
            param: json.field("param"),
            code: json.field("code"),
        }
    }
}

impl FromJson for ChatErrorCode {
    fn from_json(json: Json<'_>) -> Self {
        match json.text() {
            "invalid_request" => Self::InvalidRequest,
            "unknown_team" => Self::UnknownTeam,
            "too_long" => Self::TooLong,
            "turn_limit" => Self::TurnLimit,
            "unauthorized" => Self::Unauthorized,
            "team_closed" => Self::TeamClosed,
            "blocked" => Self::Blocked,
            "cancelled" => Self::Cancelled,
            "in_use" => Self::InUse,
            "rate_limited" => Self::RateLimited,
            "upstream_rate_limited" => Self::UpstreamRateLimited,
            "upstream_invalid" => Self::UpstreamInvalid,
            "empty_answer" => Self::EmptyAnswer,
            "queue_full" => Self::QueueFull,
            "upstream_unavailable" => Self::UpstreamUnavailable,
            "upstream_timeout" => Self::UpstreamTimeout,
            "too_large" => Self::TooLarge,
            "internal" => Self::Internal,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;

    /// Reads with both readers and then without each part in turn: they have to agree every time.
    fn agrees<T: FromJson + DeserializeOwned + PartialEq + Debug>(whole: &Value) {
        let text = whole.to_string();
        let derived = serde_json::from_str::<T>(&text).ok();
        assert!(derived.is_some(), "the sample is read: {text}");
        assert_eq!(read::<T>(&text), derived);
        for pointer in pointers(whole, "") {
            for other in [Value::Null, json!("none such"), json!(-1), json!([true])] {
                let mut changed = whole.clone();
                if let Some(part) = changed.pointer_mut(&pointer) {
                    *part = other;
                }
                let text = changed.to_string();
                assert_eq!(
                    read::<T>(&text),
                    serde_json::from_str(&text).ok(),
                    "{pointer}: {text}"
                );
            }
        }
    }

    /// Where every part of a value is.
    fn pointers(value: &Value, at: &str) -> Vec<String> {
        let parts: Vec<(String, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(key, part)| (key.clone(), part)).collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(n, part)| (n.to_string(), part))
                .collect(),
            _ => Vec::new(),
        };
        parts
            .into_iter()
            .flat_map(|(key, part)| {
                let pointer = format!("{at}/{key}");
                let mut all = pointers(part, &pointer);
                all.push(pointer);
                all
            })
            .collect()
    }

    #[test]
    fn the_event_is_read_as_the_derived_readers_do() {
        let text = json!({"ko": "글", "en": "text"});
        let fact = json!({"topic": "t", "text": text, "sources": ["s"]});
        agrees::<Event>(&json!({
            "id": "e", "name": text, "time_zone": "Asia/Seoul", "languages": ["ko", "en"],
            "facts": [fact], "sources": [{"id": "s", "title": text, "url": "u"}],
            "teams": [{
                "id": "t", "name": text, "model": "m", "good_at": text, "about": text,
                "partners": {"text": text, "sources": []}, "plans": {"text": text, "sources": ["s"]},
                "facts": [fact],
                "demos": [{
                    "id": "d", "name": text, "shows": text, "icon": "i", "prompts": [text],
                    "inputs": ["text", "image"]
                }]
            }],
            "topics": [{"id": "t", "name": text, "words_ko": ["가"], "words_en": ["a"]}],
            "survey": {
                "version": "v", "ratings": [text], "tags": [{"id": "c", "text": text}],
                "questions": [{"id": "q", "text": text, "choices": [{"id": "c", "text": text}]}]
            },
            "privacy_notice": {
                "summary": text, "controller": "c", "contact": "c", "retention_days": 30,
                "sections": [{"title": text, "text": text}],
                "recipients": [{
                    "teams": ["t"], "name": "n", "country": "KR", "retention": "r",
                    "trains_on_input": false
                }]
            },
            "limits": {
                "max_input_chars": 1, "max_turns": 2, "idle_secs": 3, "countdown_secs": 4,
                "reading_cap_secs": 5
            },
            "build": "b", "feedback_schema": 1
        }));
    }

    #[test]
    fn what_tablets_hear_is_read_as_the_derived_readers_do() {
        let device = json!({"device_id": "d", "token": "t", "name": "n"});
        agrees::<RegisteredDevice>(&device);
        agrees::<DeviceCredentials>(&device);
        let reason = json!({"ko": "쉼", "en": "break"});
        for state in ["open", "closed", "guide"] {
            agrees::<HeartbeatAnswer>(&json!({
                "now": "n", "last_seq": 7, "panel_verifier": "p",
                "teams": [
                    {"id": "t", "state": state, "reason": reason, "waiting": 1, "wait_secs": 2},
                    {"id": "u", "state": state, "waiting": 1, "wait_secs": 2}
                ]
            }));
        }
        for kind in [
            "reset",
            "lock",
            "unlock",
            "reload",
            "assign_team",
            "message",
            "call_answered",
        ] {
            agrees::<Command>(&json!({
                "id": "c", "kind": kind, "text": "x", "team": "t", "expires_at": "e"
            }));
        }
        for status in ["stored", "duplicate", "conflict", "invalid", "erased"] {
            let receipt = json!({"id": "i", "status": status, "sha256": "h", "reason": "r"});
            agrees::<Receipts>(&json!({"now": "n", "receipts": [receipt]}));
        }
    }

    #[test]
    fn answers_are_read_as_the_derived_readers_do() {
        let booths = [
            json!({"queue": {"position": 1, "wait_secs": 2}}),
            json!({"served_by": "model", "model": "m"}),
            json!({"served_by": "guide", "model": "m"}),
            json!({"served_by": "model", "model": "m", "stand_in": true}),
            json!({"timing": {"queued_ms": 1, "first_token_ms": 2, "total_ms": 3}}),
        ];
        let roles = ["system", "developer", "user", "assistant"];
        for (booth, role) in booths.iter().zip(roles) {
            agrees::<Chunk>(&json!({
                "id": "c", "object": "o", "created": 1, "model": "m", "system_fingerprint": "f",
                "choices": [{
                    "index": 0,
                    "delta": {"role": role, "content": "c", "reasoning_content": "r"},
                    "finish_reason": "stop"
                }],
                "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
                "booth": booth
            }));
        }
    }

    #[test]
    fn every_error_code_is_read_as_the_derived_reader_does() {
        for code in [
            "invalid_request",
            "unknown_team",
            "too_long",
            "turn_limit",
            "unauthorized",
            "team_closed",
            "blocked",
            "cancelled",
            "in_use",
            "rate_limited",
            "upstream_rate_limited",
            "upstream_invalid",
            "empty_answer",
            "queue_full",
            "upstream_unavailable",
            "upstream_timeout",
            "too_large",
            "internal",
            "of_next_year",
        ] {
            agrees::<OpenAiError>(&json!({
                "error": {"message": "m", "type": "t", "param": "p", "code": code}
            }));
        }
    }

    #[test]
    fn what_is_no_json_is_not_read() {
        assert_eq!(read::<String>("<html>"), None);
        assert_eq!(read::<String>("\"a\" b"), None);
    }
}
