//! `/v1/chat/completions` in OpenAI's shape, with the booth's own additions.

use serde::{Deserialize, Serialize};

/// Request header that asks for [`BoothEvent`]s; its value is `1`.
pub const BOOTH_EVENTS_HEADER: &str = "booth-events";
/// Header that names the request, for cancel and logs.
pub const REQUEST_ID_HEADER: &str = "x-request-id";
/// The `data:` that ends every stream.
pub const DONE: &str = "[DONE]";
/// `system_fingerprint` of an answer by the built-in guide.
pub const GUIDE_FINGERPRINT: &str = "guide";

/// Body of a chat request. Fields of OpenAI's that are not here are ignored:
/// sampling and the system prompt belong to the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ChatRequest {
    /// Team id.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(extend("format" = crate::event::TEAM_FORMAT))
    )]
    pub model: String,
    /// The conversation, oldest first, ending with the visitor's turn.
    #[cfg_attr(not(target_family = "wasm"), schemars(length(min = 1)))]
    pub messages: Vec<ChatMessage>,
    /// Whether to stream.
    #[serde(default)]
    pub stream: bool,
    /// Streaming options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<StreamOptions>,
    /// Which demo, which language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Most tokens of the answer; capped by the team's configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(target_family = "wasm"), schemars(range(min = 1)))]
    pub max_tokens: Option<u32>,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions; ignored when a tablet sends them.
    System,
    /// Newer name of [`Role::System`].
    Developer,
    /// The visitor.
    User,
    /// The model.
    Assistant,
}

/// A turn's content: a string, or parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Content {
    /// Plain text.
    Text(String),
    /// Text and pictures.
    Parts(Vec<Part>),
}

/// A part of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Plain text.
    Text {
        /// The text.
        text: String,
    },
    /// A picture.
    ImageUrl {
        /// Where it is: a `data:` URI only.
        image_url: ImageUrl,
    },
}

/// A picture's address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ImageUrl {
    /// A `data:` URI of JPEG, PNG or WebP.
    pub url: String,
}

/// `stream_options`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct StreamOptions {
    /// Whether a usage chunk is wanted.
    #[serde(default)]
    pub include_usage: bool,
}

/// `metadata` of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Metadata {
    /// Demo id; absent: the team's first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo: Option<String>,
    /// Language of the guide and of messages; absent: Korean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<crate::event::Language>,
}

/// One `chat.completion.chunk`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Chunk {
    /// `chatcmpl-` and the request id.
    pub id: String,
    /// Always `chat.completion.chunk`.
    pub object: String,
    /// Unix seconds.
    pub created: u64,
    /// The real upstream model id.
    pub model: String,
    /// [`GUIDE_FINGERPRINT`] when the guide answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// One choice, or none on usage and booth chunks.
    pub choices: Vec<ChunkChoice>,
    /// Token counts, on the usage chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The booth's own news, if asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booth: Option<BoothEvent>,
}

/// The choice of a chunk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ChunkChoice {
    /// Always 0.
    pub index: u32,
    /// What is new.
    pub delta: Delta,
    /// Why the answer ended, on the last chunk: `stop` or `length`.
    #[serde(default)]
    pub finish_reason: Option<String>,
}

/// What is new in a chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Delta {
    /// On the first chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// More of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// More of the thinking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
}

/// Token counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Usage {
    /// Tokens read.
    pub prompt_tokens: u64,
    /// Tokens written.
    pub completion_tokens: u64,
    /// Both.
    pub total_tokens: u64,
}

/// The booth's own news inside a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum BoothEvent {
    /// The place in line.
    Queue {
        /// Where the visitor stands.
        queue: QueuePlace,
    },
    /// Who is about to answer.
    ServedBy {
        /// The model or the guide.
        served_by: ServedBy,
        /// The real model id, or `guide`.
        model: String,
        /// `true` if another model stands in for the team's own, which does not answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stand_in: Option<bool>,
    },
    /// How long it took.
    Timing {
        /// The three durations.
        timing: Timing,
    },
}

/// A place in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct QueuePlace {
    /// 1 is next.
    pub position: u32,
    /// Expected wait in seconds.
    pub wait_secs: u32,
}

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ServedBy {
    /// The team's model.
    Model,
    /// The built-in guide.
    Guide,
}

/// Durations of an answer, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Timing {
    /// Waiting in line.
    pub queued_ms: u64,
    /// From leaving the line to the first token.
    pub first_token_ms: u64,
    /// From the request to the end.
    pub total_ms: u64,
}

/// A whole answer, `chat.completion`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Completion {
    /// `chatcmpl-` and the request id.
    pub id: String,
    /// Always `chat.completion`.
    pub object: String,
    /// Unix seconds.
    pub created: u64,
    /// The real upstream model id.
    pub model: String,
    /// [`GUIDE_FINGERPRINT`] when the guide answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_fingerprint: Option<String>,
    /// One choice.
    pub choices: Vec<CompletionChoice>,
    /// Token counts, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
}

/// The choice of a whole answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct CompletionChoice {
    /// Always 0.
    pub index: u32,
    /// The answer.
    pub message: CompletionMessage,
    /// Why it ended.
    pub finish_reason: String,
}

/// The message of a whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct CompletionMessage {
    /// Always the assistant.
    pub role: Role,
    /// The answer.
    pub content: String,
    /// The thinking, if the model showed any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
}

/// Answer of `GET /v1/models`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ModelList {
    /// Always `list`.
    pub object: String,
    /// The open teams, in event order.
    pub data: Vec<ModelInfo>,
}

/// One open team in OpenAI's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ModelInfo {
    /// Team id.
    pub id: String,
    /// Always `model`.
    pub object: String,
    /// Unix seconds.
    pub created: u64,
    /// The team's Korean name.
    pub owned_by: String,
}
