//! What a provider sends, turned into the proxy's own vocabulary.
//!
//! Owns: reading event streams and whole answers in the `openai` dialect with everything providers make of it.
//! Must not own: connections, timeouts, or what the tablet is sent.
//! Invariant: the pieces do not depend on how the bytes were cut, and nothing of an error's text is kept.

use kiosk_wire::chat::{DONE, Usage};
use kiosk_wire::event_stream::{EventStreamDecoder, MAX_EVENT_BYTES, StreamEvent};
use serde_json::Value;

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// The limit of tokens was reached.
    Length,
}

impl FinishReason {
    /// As it is written in `finish_reason`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
        }
    }
}

/// A piece of an answer, whatever the provider called it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// More of the answer; never empty.
    Text(String),
    /// More of the thinking; never empty.
    Reasoning(String),
    /// Why it ended.
    Finish(FinishReason),
    /// Token counts so far; the last one counts.
    Usage(Usage),
}

/// Why a provider's bytes cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StreamFault {
    /// A web page, broken JSON, something else.
    #[error("the answer is not in the expected shape")]
    Unreadable,
    /// It ended in the middle.
    #[error("the answer was cut off")]
    CutOff,
    /// The provider says that it limits us.
    #[error("the service reports a rate limit inside the answer")]
    RateLimited,
    /// The provider says that we are at fault.
    #[error("the service reports a refusal inside the answer")]
    Refused,
    /// The provider says that it failed.
    #[error("the service reports a failure inside the answer")]
    Failed,
}

#[derive(Debug)]
enum Body {
    /// Only white space so far.
    Unknown,
    Events(EventStreamDecoder),
    /// A whole answer, although a stream was asked for.
    Whole(Vec<u8>),
}

/// Reads one answer.
#[derive(Debug)]
pub struct AnswerDecoder {
    body: Body,
    start: Vec<u8>,
    seen_event: bool,
    finished: bool,
    done: bool,
}

impl Default for AnswerDecoder {
    fn default() -> Self {
        Self {
            body: Body::Unknown,
            start: Vec::new(),
            seen_event: false,
            finished: false,
            done: false,
        }
    }
}

impl AnswerDecoder {
    /// Takes the next bytes. What follows `[DONE]` is ignored.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Piece>, StreamFault> {
        let mut pieces = Vec::new();
        if self.done {
            return Ok(pieces);
        }
        if let Body::Unknown = self.body {
            self.start.extend_from_slice(bytes);
            if !self.recognise()? {
                return Ok(pieces);
            }
            let start = std::mem::take(&mut self.start);
            self.read(&start, &mut pieces)?;
        } else {
            self.read(bytes, &mut pieces)?;
        }
        Ok(pieces)
    }

    /// The connection has ended.
    pub fn end(&mut self) -> Result<Vec<Piece>, StreamFault> {
        let mut pieces = Vec::new();
        match &mut self.body {
            Body::Whole(json) => {
                let json = std::mem::take(json);
                self.whole(&json, &mut pieces)?;
            }
            // Some providers end without the blank line after the last event. Half an event is a cut.
            Body::Events(_) if !self.done => {
                self.read(b"\n\n", &mut pieces)
                    .map_err(|fault| match fault {
                        StreamFault::Unreadable => StreamFault::CutOff,
                        other => other,
                    })?;
            }
            Body::Unknown | Body::Events(_) => {}
        }
        match (self.finished || self.done, self.seen_event) {
            (true, _) => Ok(pieces),
            (false, true) => Err(StreamFault::CutOff),
            (false, false) => Err(StreamFault::Unreadable),
        }
    }

    /// Whether `[DONE]` was read.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the reason of the end was read, so that at most token counts may follow.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Content types are not to be trusted; the first character that is not white space tells.
    fn recognise(&mut self) -> Result<bool, StreamFault> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if BYTE_ORDER_MARK.starts_with(&self.start) {
            return Ok(false);
        }
        let text = self
            .start
            .strip_prefix(BYTE_ORDER_MARK)
            .unwrap_or(&self.start);
        let Some(first) = text.iter().find(|byte| !byte.is_ascii_whitespace()) else {
            return if self.start.len() > 1_024 {
                Err(StreamFault::Unreadable)
            } else {
                Ok(false)
            };
        };
        self.body = match first {
            b'{' | b'[' => Body::Whole(Vec::new()),
            b'<' => return Err(StreamFault::Unreadable),
            _ => Body::Events(EventStreamDecoder::new()),
        };
        Ok(true)
    }

    fn read(&mut self, bytes: &[u8], pieces: &mut Vec<Piece>) -> Result<(), StreamFault> {
        let events = match &mut self.body {
            Body::Events(decoder) => decoder.push(bytes).map_err(|_| StreamFault::Unreadable)?,
            Body::Whole(json) if json.len() + bytes.len() > MAX_EVENT_BYTES => {
                return Err(StreamFault::Unreadable);
            }
            Body::Whole(json) => {
                json.extend_from_slice(bytes);
                return Ok(());
            }
            Body::Unknown => return Ok(()),
        };
        for event in events {
            if self.done {
                break;
            }
            self.event(&event, pieces)?;
        }
        Ok(())
    }

    fn event(&mut self, event: &StreamEvent, pieces: &mut Vec<Piece>) -> Result<(), StreamFault> {
        let data = event.data.trim();
        if data.is_empty() {
            return Ok(());
        }
        self.seen_event = true;
        if data == DONE {
            self.done = true;
            return Ok(());
        }
        if event.name == "error" {
            return Err(serde_json::from_str(data)
                .map_or(StreamFault::Failed, |value| provider_error(&value)));
        }
        let chunk: Value = serde_json::from_str(data).map_err(|_| StreamFault::Unreadable)?;
        self.object(&chunk, "delta", pieces)
    }

    fn whole(&mut self, json: &[u8], pieces: &mut Vec<Piece>) -> Result<(), StreamFault> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let answer: Value = serde_json::from_slice(json).map_err(|_| StreamFault::Unreadable)?;
        if answer.get("error").is_none_or(Value::is_null)
            && answer.pointer("/choices/0/message").is_none()
        {
            return Err(StreamFault::Unreadable);
        }
        self.object(&answer, "message", pieces)?;
        if !self.finished {
            self.finished = true;
            pieces.push(Piece::Finish(FinishReason::Stop));
        }
        Ok(())
    }

    /// A chunk or a whole answer: they differ in the name of the field that carries the text.
    fn object(
        &mut self,
        object: &Value,
        carrier: &str,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), StreamFault> {
        if !object.is_object() {
            return Err(StreamFault::Unreadable);
        }
        if let Some(error) = object.get("error").filter(|error| !error.is_null()) {
            return Err(provider_error(error));
        }
        if let Some(choice) = object.pointer("/choices/0") {
            let delta = &choice[carrier];
            // Providers are renaming the one to the other; some send the same text in both.
            let reasoning = text(&delta["reasoning_content"]).or_else(|| text(&delta["reasoning"]));
            pieces.extend(reasoning.map(Piece::Reasoning));
            pieces.extend(text(&delta["content"]).map(Piece::Text));
            if let Some(reason) = choice["finish_reason"]
                .as_str()
                .filter(|reason| !reason.is_empty() && !self.finished)
            {
                self.finished = true;
                let reason = if reason == "length" {
                    FinishReason::Length
                } else {
                    FinishReason::Stop
                };
                pieces.push(Piece::Finish(reason));
            }
        }
        pieces.extend(usage(&object["usage"]).map(Piece::Usage));
        Ok(())
    }
}

/// A string, or the text parts of a list.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn usage(value: &Value) -> Option<Usage> {
    let prompt_tokens = value["prompt_tokens"].as_u64()?;
    let completion_tokens = value["completion_tokens"].as_u64().unwrap_or(0);
    let sum = prompt_tokens.saturating_add(completion_tokens);
    Some(Usage {
        prompt_tokens,
        completion_tokens,
        total_tokens: value["total_tokens"].as_u64().unwrap_or(sum),
    })
}

/// Sorts an error object by its numbers and names; its message is not looked at.
fn provider_error(error: &Value) -> StreamFault {
    let error = error
        .get("error")
        .filter(|inner| inner.is_object())
        .unwrap_or(error);
    let code = &error["code"];
    let number = code
        .as_u64()
        .or_else(|| code.as_str().and_then(|code| code.parse().ok()));
    let named = |word: &str| {
        [code, &error["type"]]
            .iter()
            .any(|field| field.as_str().is_some_and(|name| name.contains(word)))
    };
    match number.or_else(|| error["status"].as_u64()) {
        Some(429) => StreamFault::RateLimited,
        Some(400..=499) => StreamFault::Refused,
        _ if named("rate_limit") => StreamFault::RateLimited,
        _ if named("invalid") || named("authentication") || named("permission") => {
            StreamFault::Refused
        }
        _ => StreamFault::Failed,
    }
}

#[cfg(test)]
mod tests;
