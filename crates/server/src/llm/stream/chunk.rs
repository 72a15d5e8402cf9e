//! One JSON object of a provider: a chunk, or a whole answer.

use kiosk_wire::chat::Usage;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{FinishReason, Piece, Read, StreamFault, fault};

/// A chunk as nearly all are: more text and nothing else. Any other field is a reason to look closely.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "that the other fields may be there is all there is to them"
)]
struct Plain {
    object: Object,
    choices: [PlainChoice; 1],
    id: Option<IgnoredAny>,
    created: Option<IgnoredAny>,
    model: Option<IgnoredAny>,
    system_fingerprint: Option<IgnoredAny>,
    service_tier: Option<IgnoredAny>,
    usage: Option<()>,
}

#[derive(Deserialize)]
enum Object {
    #[serde(rename = "chat.completion.chunk")]
    Chunk,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "as above")]
struct PlainChoice {
    delta: PlainDelta,
    index: Option<IgnoredAny>,
    finish_reason: Option<()>,
    stop_reason: Option<()>,
    logprobs: Option<IgnoredAny>,
    token_ids: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "as above")]
struct PlainDelta {
    content: String,
    role: Option<IgnoredAny>,
    reasoning_content: Option<()>,
    reasoning: Option<()>,
}

/// The text of a chunk that holds nothing else.
pub(super) fn plain_text(json: &str) -> Option<String> {
    let Plain {
        object: Object::Chunk,
        choices: [choice],
        ..
    } = serde_json::from_str(json).ok()?;
    Some(choice.delta.content).filter(|text| !text.is_empty())
}

/// Reads JSON. Half a character, which some providers write where a chunk ends inside an emoji, is no
/// reason to lose the answer.
pub(super) fn parse(json: &str) -> Result<Value, StreamFault> {
    serde_json::from_str(json)
        .or_else(|_| serde_json::from_str(&without_half_characters(json)))
        .map_err(|_| StreamFault::Unreadable)
}

/// Replaces escapes of surrogates that stand alone.
fn without_half_characters(json: &str) -> String {
    const REPLACEMENT: &str = "\\ufffd";
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let taken = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => escape.get(..12),
            (Some(0xD800..=0xDFFF), _) => {
                whole.push_str(REPLACEMENT);
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // Of `\\` both are taken, so that the second does not begin an escape.
            _ => escape.char_indices().nth(2).map(|(end, _)| &escape[..end]),
        };
        let taken = taken.unwrap_or(escape);
        whole.push_str(taken);
        rest = &escape[taken.len()..];
    }
    whole.push_str(rest);
    whole
}

/// The number of an escape `\uXXXX` at the start.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// What the object holds. Chunks and whole answers differ in the name of the field that carries the text.
pub(super) fn pieces(object: &Value, carrier: &str) -> Vec<Read> {
    if !object.is_object() {
        return vec![Err(StreamFault::Unreadable)];
    }
    if let Some(fault) = fault::reported(object) {
        return vec![Err(fault)];
    }
    let mut pieces = Vec::new();
    let mut fault = None;
    if let Some(choice) = object.pointer("/choices/0") {
        let delta = &choice[carrier];
        // Providers are renaming the one to the other; some send the same text in both.
        let reasoning = text(&delta["reasoning_content"]).or_else(|| text(&delta["reasoning"]));
        pieces.extend(reasoning.map(Piece::Reasoning));
        pieces.extend(text(&delta["content"]).map(Piece::Text));
        match choice["finish_reason"].as_str().map(ending) {
            Some(Ok(reason)) => pieces.extend(reason.map(Piece::Finish)),
            Some(Err(reported)) => fault = Some(reported),
            None => {}
        }
    }
    pieces.extend(usage(&object["usage"]).map(Piece::Usage));
    pieces.into_iter().map(Ok).chain(fault.map(Err)).collect()
}

/// What a `finish_reason` means; an empty one means nothing.
fn ending(reason: &str) -> Result<Option<FinishReason>, StreamFault> {
    match reason {
        "" => Ok(None),
        "length" => Ok(Some(FinishReason::Length)),
        "content_filter" => Err(StreamFault::Filtered),
        "abort" | "error" | "cancelled" => Err(StreamFault::Failed),
        _ => Ok(Some(FinishReason::Stop)),
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
    let count = |field: &str| value[field].as_u64().map(|count| count.min(MOST_TOKENS));
    let prompt_tokens = count("prompt_tokens")?;
    let completion_tokens = count("completion_tokens").unwrap_or(0);
    Some(Usage {
        prompt_tokens,
        completion_tokens,
        total_tokens: count("total_tokens").unwrap_or(prompt_tokens + completion_tokens),
    })
}

/// More than any answer takes: what a provider counts wrongly must not use up a day.
const MOST_TOKENS: u64 = 10_000_000;
