//! What a client asks, checked.
//!
//! Owns: the shape of a chat request and every limit on it that needs no clock.
//! Must not own: who asks, or what is sent to a provider.
//! Invariant: a [`Question`] can be answered: its team and demo exist, it ends with the visitor's turn,
//! and it holds nothing but turns of visitor and model, personal data masked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use kiosk_wire::chat::{ChatMessage, ChatRequest, Content, Metadata, Part, Role};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::{Event, Input, Language};
use serde::Deserialize as _;
use serde_json::Value;

use super::failure::{Failure, Reason};
use super::image;
use crate::number;

/// Largest body without pictures.
pub const MAX_BYTES: usize = 256 * 1024;
/// Largest body with pictures.
pub const MAX_BYTES_WITH_IMAGES: usize = 4 * 1024 * 1024;

/// Who said a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The visitor.
    Visitor,
    /// The model.
    Model,
}

/// One turn: its text, and pictures as `data:` URIs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who said it.
    pub speaker: Speaker,
    /// The text, masked, parts joined by line feeds.
    pub text: String,
    /// Pictures that go with it.
    pub images: Vec<String>,
}

/// A request that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Team id.
    pub team: String,
    /// Demo id.
    pub demo: String,
    /// Language of the guide and of failures.
    pub language: Language,
    /// The conversation, oldest first.
    pub turns: Vec<Turn>,
    /// The client's own limit of tokens.
    pub max_tokens: Option<u32>,
    /// Whether a stream is wanted.
    pub stream: bool,
    /// Whether token counts are wanted in the stream.
    pub include_usage: bool,
}

impl Question {
    /// The visitor's last words.
    pub fn last_text(&self) -> &str {
        self.turns.last().map_or("", |turn| &turn.text)
    }

    /// Whether any turn has a picture.
    pub fn has_images(&self) -> bool {
        self.turns.iter().any(|turn| !turn.images.is_empty())
    }
}

/// What a request is measured against.
#[derive(Debug)]
pub struct Rules<'a> {
    /// The teams and their demos.
    pub event: &'a Event,
    /// Longest text of one turn of the visitor.
    pub max_input_chars: usize,
    /// Most turns of the visitor.
    pub max_turns: usize,
    /// The teams whose model takes pictures.
    pub image_teams: &'a BTreeSet<String>,
}

/// Reads and checks a body.
pub fn read(body: &[u8], rules: &Rules<'_>) -> Result<Question, Failure> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| Failure::new(Reason::NotJson, Language::default()))?;
    let language = language_of(&value);
    question(value, body.len(), language, rules).map_err(|reason| Failure::new(reason, language))
}

/// The language of the sentence about a body that may be wrong otherwise.
fn language_of(value: &Value) -> Language {
    match value.pointer("/metadata/language").and_then(Value::as_str) {
        Some("en") => Language::En,
        _ => Language::Ko,
    }
}

fn question(
    value: Value,
    size: usize,
    language: Language,
    rules: &Rules<'_>,
) -> Result<Question, Reason> {
    let request = request(value)?;
    let has_images = request
        .messages
        .iter()
        .any(|message| match &message.content {
            Content::Text(_) => false,
            Content::Parts(parts) => parts
                .iter()
                .any(|part| matches!(part, Part::ImageUrl { .. })),
        });
    if !has_images && size > MAX_BYTES {
        return Err(ChatErrorCode::TooLarge.into());
    }
    let team = rules
        .event
        .team(&request.model)
        .ok_or(ChatErrorCode::UnknownTeam)?;
    let metadata = request.metadata.unwrap_or_default();
    let demo = team
        .demo(metadata.demo.as_deref())
        .ok_or(Reason::UnknownDemo)?;
    if has_images && !(demo.inputs.contains(&Input::Image) && rules.image_teams.contains(&team.id))
    {
        return Err(Reason::NoImages);
    }
    let mut turns = Vec::new();
    for message in request.messages {
        let speaker = match message.role {
            Role::User => Speaker::Visitor,
            Role::Assistant => Speaker::Model,
            // The system prompt is the team's.
            Role::System | Role::Developer => continue,
        };
        turns.push(turn(speaker, message.content)?);
    }
    // Limits are for what was typed, not for what is left of it.
    check_turns(&turns, rules)?;
    for turn in &mut turns {
        mask(turn);
    }
    Ok(Question {
        team: team.id.clone(),
        demo: demo.id.clone(),
        language,
        turns,
        max_tokens: request.max_tokens,
        stream: request.stream,
        include_usage: request
            .stream_options
            .is_some_and(|options| options.include_usage),
    })
}

/// Reads the fields; if one of them is at fault, finds out which.
fn request(mut value: Value) -> Result<ChatRequest, Reason> {
    let fields = value.as_object_mut().ok_or(Reason::NotJson)?;
    // OpenAI's clients send `null` for what they leave out.
    fields.retain(|_, field| !field.is_null());
    if let Some(newer) = fields.remove("max_completion_tokens") {
        fields.insert("max_tokens".to_owned(), newer);
    }
    let messages = fields
        .get_mut("messages")
        .and_then(Value::as_array_mut)
        .ok_or(Reason::Shape)?;
    if messages.is_empty() {
        return Err(Reason::NoMessages);
    }
    for message in messages {
        // An answer that was stopped before its first word.
        if message["role"] == "assistant" && message["content"].is_null() {
            message["content"] = Value::from("");
        }
    }
    if let Some(limit) = fields.get_mut("max_tokens") {
        let asked = limit.as_number().and_then(number::whole);
        let Some(asked) = asked.filter(|asked| *asked > 0) else {
            return Err(fault_before(&value, Reason::MaxTokens));
        };
        *limit = Value::from(u32::try_from(asked).unwrap_or(u32::MAX));
    }
    ChatRequest::deserialize(&value).map_err(|_| {
        let metadata = value.get("metadata");
        if metadata.is_some_and(|metadata| Metadata::deserialize(metadata).is_err()) {
            fault_before(&value, Reason::Metadata)
        } else {
            fault_before(&value, Reason::Shape)
        }
    })
}

/// A message's fault, which is told first, or else this one.
fn fault_before(value: &Value, other: Reason) -> Reason {
    let mut messages = value["messages"].as_array().into_iter().flatten();
    if messages.any(|message| ChatMessage::deserialize(message).is_err()) {
        Reason::Message
    } else {
        other
    }
}

fn turn(speaker: Speaker, content: Content) -> Result<Turn, Reason> {
    let parts = match content {
        Content::Text(text) => {
            return Ok(Turn {
                speaker,
                text,
                images: Vec::new(),
            });
        }
        Content::Parts(parts) => parts,
    };
    let mut texts = Vec::new();
    let mut images = Vec::new();
    for part in parts {
        match part {
            Part::Text { text } => texts.push(text),
            Part::ImageUrl { image_url } => {
                image::check(&image_url.url)?;
                images.push(image_url.url);
            }
        }
    }
    Ok(Turn {
        speaker,
        text: texts.join("\n"),
        images,
    })
}

/// An answer of the model, too: it may come from another client, or from before a number was masked.
fn mask(turn: &mut Turn) {
    if let Cow::Owned(masked) = kiosk_privacy::mask(&turn.text) {
        turn.text = masked;
    }
}

fn check_turns(turns: &[Turn], rules: &Rules<'_>) -> Result<(), Reason> {
    let last = turns.last().ok_or(Reason::LastMessage)?;
    if last.speaker != Speaker::Visitor || (last.text.trim().is_empty() && last.images.is_empty()) {
        return Err(Reason::LastMessage);
    }
    let visitors = || turns.iter().filter(|turn| turn.speaker == Speaker::Visitor);
    if visitors().any(|turn| turn.text.chars().nth(rules.max_input_chars).is_some()) {
        return Err(ChatErrorCode::TooLong.into());
    }
    if visitors().count() > rules.max_turns {
        return Err(ChatErrorCode::TurnLimit.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The built-in event, with a demo of SKT that takes pictures.
    fn event() -> Event {
        let mut event = kiosk_content::load(&crate::assets::built_in_event())
            .unwrap()
            .event;
        let team = event
            .teams
            .iter_mut()
            .find(|team| team.id == "skt")
            .unwrap();
        team.demos[0].inputs.push(Input::Image);
        event
    }

    fn read_with(image_teams: &[&str], body: &Value) -> Result<Question, Reason> {
        let image_teams = image_teams.iter().map(|team| (*team).to_owned()).collect();
        let rules = Rules {
            event: &event(),
            max_input_chars: 10,
            max_turns: 2,
            image_teams: &image_teams,
        };
        read(body.to_string().as_bytes(), &rules).map_err(|failure| failure.reason)
    }

    fn picture(padding: usize) -> Value {
        let url = "data:image/jpeg;base64,/9j/4AAA";
        json!({"model": "skt", "padding": "x".repeat(padding), "messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "뭐예요?"},
        ]}]})
    }

    #[test]
    fn pictures_need_a_demo_and_a_model_that_take_them() {
        let question = read_with(&["skt"], &picture(0)).unwrap();
        assert!(question.has_images());
        assert_eq!(
            (question.last_text(), question.turns[0].images.len()),
            ("뭐예요?", 1)
        );
        assert_eq!(read_with(&[], &picture(0)), Err(Reason::NoImages));
        let mut other = picture(0);
        other["metadata"] = json!({"demo": "languages"});
        assert_eq!(read_with(&["skt"], &other), Err(Reason::NoImages));
        other["metadata"] = json!({});
        other["messages"][0]["content"][0]["image_url"]["url"] = json!("https://example.com/a.jpg");
        assert_eq!(read_with(&["skt"], &other), Err(Reason::RemoteImage));
    }

    #[test]
    fn only_a_body_with_pictures_may_be_large() {
        assert!(read_with(&["skt"], &picture(MAX_BYTES)).is_ok());
        let mut words = picture(MAX_BYTES);
        words["messages"][0]["content"] = json!("뭐예요?");
        let too_large = Reason::Code(ChatErrorCode::TooLarge);
        assert_eq!(read_with(&["skt"], &words), Err(too_large));
    }

    #[test]
    fn the_newer_name_of_the_token_limit_counts() {
        let mut body = picture(0);
        body["messages"][0]["content"] = json!("뭐예요?");
        body["max_completion_tokens"] = json!(7);
        assert_eq!(read_with(&[], &body).unwrap().max_tokens, Some(7));
        body["max_completion_tokens"] = json!(u64::MAX);
        assert_eq!(read_with(&[], &body).unwrap().max_tokens, Some(u32::MAX));
    }
}
