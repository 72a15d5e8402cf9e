//! What a visitor leaves behind, and the receipts for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{chat::Role, chat::ServedBy, event::Language};

/// Most items in a batch.
pub const MAX_ITEMS: usize = 100;
/// Largest batch in bytes.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;
/// Longest comment in characters.
pub const MAX_COMMENT_CHARS: usize = 1_000;
/// Most tags.
pub const MAX_TAGS: usize = 10;
/// Most answers.
pub const MAX_ANSWERS: usize = 32;
/// Most models that answered in a visit.
pub const MAX_MODELS: usize = 100;
/// Longest name in characters: a tag, a question, a demo, a model, a version.
pub const MAX_NAME_CHARS: usize = 100;

/// Whether a text can be such a name: in whatever script, but not long and without control
/// characters.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.chars().count() <= MAX_NAME_CHARS && !text.chars().any(char::is_control)
}

/// The highest number that every JSON reader reads exactly.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
/// Longest single text in characters.
pub const MAX_TEXT_CHARS: usize = 32_000;
/// Most bytes of conversation text.
pub const MAX_CONVERSATION_BYTES: usize = 512 * 1024;

/// Body of `POST /api/feedback`. Items stay raw JSON: each is judged and hashed by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Batch {
    /// The tablet's clock, RFC 3339.
    pub sent_at: String,
    /// At most [`MAX_ITEMS`] items, each an [`Entry`].
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(with = "Vec<Entry>", length(max = 100))
    )]
    pub items: Vec<serde_json::Value>,
}

/// One entry as a tablet makes it. Absent fields are null or empty, for every earlier shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the wire format has them")]
pub struct Entry {
    /// `UUIDv7`, made on the tablet.
    pub id: String,
    /// Counts up from 1 per device, without gaps.
    pub seq: u64,
    /// `UUIDv4` of the visit; the receipt comes from its last 50 bits.
    pub visit_id: String,
    /// The last team the visitor spoke with.
    #[serde(default)]
    pub team: Option<String>,
    /// The last demo the visitor spoke with.
    #[serde(default)]
    pub demo: Option<String>,
    /// What kind of entry this is.
    pub kind: Kind,
    /// The tablet's clock, RFC 3339 with offset.
    pub created_at: String,
    /// The language the visitor read.
    pub language: Language,
    /// 1 to 5, for [`Kind::Visit`].
    #[serde(default)]
    pub rating: Option<u8>,
    /// For [`Kind::Answer`].
    #[serde(default)]
    pub thumb: Option<Thumb>,
    /// At most [`MAX_TAGS`].
    #[serde(default)]
    pub tags: Vec<String>,
    /// At most [`MAX_COMMENT_CHARS`].
    #[serde(default)]
    pub comment: Option<String>,
    /// Question id to choice id, at most [`MAX_ANSWERS`].
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// How much of the conversation may be kept.
    #[serde(default)]
    pub consent: Consent,
    /// Whether the team may see it.
    #[serde(default)]
    pub share_with_team: bool,
    /// Whether it may be shown on the lobby wall.
    #[serde(default)]
    pub display_consent: bool,
    /// Whether the visitor said to be 14 or older.
    #[serde(default)]
    pub age_14_or_over: bool,
    /// Who answered during the visit.
    #[serde(default)]
    pub served: Served,
    /// One question and answer, with consent [`Consent::Excerpt`].
    #[serde(default)]
    pub exchange: Option<Exchange>,
    /// The turns, with consent [`Consent::Conversation`].
    #[serde(default)]
    pub conversation: Option<Vec<Turn>>,
    /// Whether the oldest turns were cut.
    #[serde(default)]
    pub truncated: bool,
    /// How the visit ended, for [`Kind::Outcome`].
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Who used the tablet.
    #[serde(default)]
    pub origin: Origin,
    /// Hash of the form that was shown.
    #[serde(default)]
    pub survey_version: Option<String>,
    /// Build id of the app.
    #[serde(default)]
    pub app_build: Option<String>,
}

/// What kind of entry this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The form at the end of a visit.
    Visit,
    /// A thumb on one answer.
    Answer,
    /// A report of a wrong fact.
    FactError,
    /// How a visit ended.
    Outcome,
}

/// A thumb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Thumb {
    /// Helpful.
    Up,
    /// Not so.
    Down,
}

/// How much of the conversation may be kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Consent {
    /// No text of the conversation.
    #[default]
    Rating,
    /// One question and answer.
    Excerpt,
    /// The whole conversation.
    Conversation,
}

/// Who answered during a visit, without any text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Served {
    /// Answers by the team's model.
    pub model: u32,
    /// Answers by the guide.
    pub guide: u32,
    /// The real model ids, each once.
    pub models: Vec<String>,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The request that made it.
    #[serde(default)]
    pub request_id: Option<String>,
    /// The team asked.
    #[serde(default)]
    pub team: Option<String>,
    /// The demo asked.
    #[serde(default)]
    pub demo: Option<String>,
    /// The real model id.
    #[serde(default)]
    pub model: Option<String>,
    /// Who answered.
    #[serde(default)]
    pub served_by: Option<ServedBy>,
    /// The question.
    pub prompt: String,
    /// The answer.
    pub answer: String,
    /// Milliseconds to the first token.
    #[serde(default)]
    pub first_token_ms: Option<u64>,
    /// Milliseconds to the end.
    #[serde(default)]
    pub total_ms: Option<u64>,
    /// Why the answer ended.
    #[serde(default)]
    pub finish_reason: Option<String>,
}

/// One turn of a kept conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// Who spoke.
    pub role: Role,
    /// The team spoken with.
    #[serde(default)]
    pub team: Option<String>,
    /// The demo spoken with.
    #[serde(default)]
    pub demo: Option<String>,
    /// The real model id.
    #[serde(default)]
    pub model: Option<String>,
    /// Who answered.
    #[serde(default)]
    pub served_by: Option<ServedBy>,
    /// The request that made it.
    #[serde(default)]
    pub request_id: Option<String>,
    /// What was said.
    pub text: String,
}

/// How a visit ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What ended it.
    pub ended_by: EndedBy,
    /// Questions asked.
    pub turns: u32,
    /// Teams spoken with, in the order first met.
    pub teams: Vec<String>,
    /// How long the visit was, in seconds.
    pub secs: u64,
}

/// What ended a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// The form was sent.
    Submit,
    /// The form was skipped.
    Skip,
    /// The visitor started over.
    StartOver,
    /// Nobody was there any more.
    Idle,
    /// Staff reset the tablet.
    Staff,
}

/// Who used the tablet; only the first two count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A visitor.
    #[default]
    Visitor,
    /// A visitor with help.
    Assisted,
    /// Staff.
    Staff,
    /// A rehearsal.
    Rehearsal,
}

/// Answer of `POST /api/feedback`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Receipts {
    /// The server's clock, RFC 3339.
    pub now: String,
    /// One per item, in the order of the items.
    pub receipts: Vec<Receipt>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Receipt {
    /// The item's id; empty if it had none.
    pub id: String,
    /// What became of it.
    pub status: ReceiptStatus,
    /// [`crate::canonical::sha256_hex`] of the item exactly as sent.
    pub sha256: String,
    /// Why it is invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReceiptStatus {
    /// Committed to disk.
    Stored,
    /// It was already there, the same.
    Duplicate,
    /// Its id was already there with other content; both are kept.
    Conflict,
    /// It cannot be taken; the tablet keeps it.
    Invalid,
    /// Its visit was erased.
    Erased,
}

impl ReceiptStatus {
    /// Whether the tablet may remove the entry (the hash must match as well).
    #[must_use]
    pub fn releases(self) -> bool {
        !matches!(self, Self::Invalid)
    }
}
