//! `[teams.*]`: which service answers for a team.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

/// How a service speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// OpenAI's chat completions.
    #[default]
    Openai,
    /// The built-in guide; needs nothing else.
    Guide,
}

/// How a service marks thinking that stands inside its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tags {
    /// By an opening tag at its start and a closing one, if at all.
    #[default]
    Auto,
    /// By a closing tag only: its template writes the opening one into the prompt.
    Open,
    /// Not at all: what looks like a tag is text.
    None,
}

/// One service, a team's own or a fallback of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TeamConfig {
    /// How it speaks.
    pub dialect: Dialect,
    /// Address up to and including `/v1`.
    pub base_url: String,
    /// The model's id there.
    pub model: String,
    /// Variable that holds the key; absent: no `Authorization` header.
    pub api_key_env: Option<String>,
    /// Answers at the same time.
    pub max_concurrent: u32,
    /// Most tokens of an answer.
    pub max_tokens: u32,
    /// What the service calls that limit.
    pub limit_parameter: String,
    /// Goes before the demo's own system prompt.
    pub system_prompt: String,
    /// Whether the model takes pictures.
    pub images: bool,
    /// How it marks thinking that it writes into the text.
    pub thinking: Tags,
    /// Sent along with every request.
    pub extra_headers: BTreeMap<String, String>,
    /// Merged into the body of every request.
    pub extra_body: BTreeMap<String, toml::Value>,
    /// The body's keys that the service takes; empty: all.
    pub allowed_parameters: Vec<String>,
    /// Tried in order on a failure before the first token.
    pub fallbacks: Vec<Fallback>,
    /// Who receives what visitors type.
    pub recipient: Option<String>,
    /// ISO 3166 code of the country it is received in.
    pub country: Option<String>,
    /// How long it is kept there.
    pub retention: Option<String>,
    /// Whether it is used for training.
    pub trains_on_input: bool,
}

impl Default for TeamConfig {
    fn default() -> Self {
        Self {
            dialect: Dialect::Openai,
            base_url: String::new(),
            model: String::new(),
            api_key_env: None,
            max_concurrent: 4,
            max_tokens: 1_024,
            limit_parameter: "max_tokens".to_owned(),
            system_prompt: String::new(),
            images: false,
            thinking: Tags::default(),
            extra_headers: BTreeMap::new(),
            extra_body: BTreeMap::new(),
            allowed_parameters: Vec::new(),
            fallbacks: vec![Fallback::Named("guide".to_owned())],
            recipient: None,
            country: None,
            retention: None,
            trains_on_input: false,
        }
    }
}

/// What answers when a service fails.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Fallback {
    /// `"guide"`, the only name there is.
    Named(String),
    /// Another service.
    Service(Box<TeamConfig>),
}

/// Whether an address holds a name or a password, though addresses are printed and keys are secrets.
pub fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}
