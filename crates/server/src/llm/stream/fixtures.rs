//! What each body in `tests/fixtures/streams` becomes, wherever it is cut.

use super::*;
use crate::config::team::Tags;
use crate::llm::thinking::TagSplitter;

/// Thinking and text, each as one, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    thinking: String,
    text: String,
    end: Result<Option<FinishReason>, StreamFault>,
    usage: Option<Usage>,
}

fn hear<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Heard {
    let mut decoder = AnswerDecoder::default();
    let mut read: Vec<Read> = parts
        .into_iter()
        .flat_map(|part| decoder.push(part))
        .collect();
    read.extend(decoder.end());
    let mut tags = TagSplitter::new(Tags::Auto);
    let mut heard = Heard {
        thinking: String::new(),
        text: String::new(),
        end: Ok(None),
        usage: None,
    };
    let mut pieces = Vec::new();
    for read in read {
        match read {
            Ok(Piece::Text(text)) => pieces.extend(tags.push(&text)),
            Ok(Piece::Finish(reason)) => heard.end = Ok(Some(reason)),
            Ok(Piece::Usage(usage)) => heard.usage = Some(usage),
            Ok(thinking) => pieces.push(thinking),
            Err(fault) => heard.end = Err(fault),
        }
    }
    for piece in pieces.into_iter().chain(tags.end()) {
        match piece {
            Piece::Reasoning(text) => heard.thinking.push_str(&text),
            Piece::Text(text) => heard.text.push_str(&text),
            other => panic!("{other:?}"),
        }
    }
    heard
}

const ANSWER: &str = "안녕하세요 😀";
const STOP: Result<Option<FinishReason>, StreamFault> = Ok(Some(FinishReason::Stop));
const LENGTH: Result<Option<FinishReason>, StreamFault> = Ok(Some(FinishReason::Length));

type Fixture = (
    &'static str,
    &'static [u8],
    &'static str,
    &'static str,
    Result<Option<FinishReason>, StreamFault>,
    bool,
);

macro_rules! fixture {
    ($name:literal, $thinking:expr, $text:expr, $end:expr, $usage:expr) => {
        (
            $name,
            include_bytes!(concat!("../../../../../tests/fixtures/streams/", $name)),
            $thinking,
            $text,
            $end,
            $usage,
        )
    };
}

/// File, thinking, text, end, whether tokens were counted.
const FIXTURES: &[Fixture] = &[
    fixture!("vllm-reasoning.sse", "음…", ANSWER, STOP, true),
    fixture!("vllm-reasoning-content.sse", "음…", ANSWER, STOP, false),
    fixture!("solar-open-fork.sse", "음…", ANSWER, LENGTH, true),
    fixture!("solar-open-template.sse", "음…", ANSWER, STOP, false),
    fixture!("friendli.sse", "음…", ANSWER, STOP, true),
    fixture!("omniserve-raw.sse", "음…", ANSWER, STOP, false),
    fixture!("vaetki-tags.sse", "음…", ANSWER, STOP, false),
    fixture!("llama-cpp.sse", "음…", ANSWER, STOP, false),
    fixture!("sglang.sse", "음…", ANSWER, STOP, false),
    fixture!("ollama.sse", "", ANSWER, STOP, false),
    fixture!("crlf-and-comments.sse", "", ANSWER, STOP, false),
    fixture!("carriage-returns.sse", "", ANSWER, STOP, false),
    fixture!("no-space-no-done.sse", "", ANSWER, STOP, false),
    fixture!("no-last-line.sse", "", ANSWER, STOP, false),
    fixture!("several-lines.sse", "", ANSWER, STOP, false),
    fixture!("byte-order-mark.sse", "", ANSWER, STOP, false),
    fixture!("nulls-everywhere.sse", "", ANSWER, STOP, false),
    fixture!("ascii-escapes.sse", "", ANSWER, STOP, false),
    fixture!(
        "half-an-emoji.sse",
        "",
        "a\\ \u{fffd}\u{fffd} 😀 \u{fffd}A",
        STOP,
        false
    ),
    fixture!("parts.sse", "", ANSWER, STOP, false),
    fixture!("after-done.sse", "", ANSWER, STOP, false),
    fixture!("whole-answer.json", "음…", ANSWER, STOP, true),
    fixture!("only-thinking.sse", "음…", "", STOP, false),
    fixture!(
        "error-then-done.sse",
        "",
        "안녕",
        Err(StreamFault::Failed),
        false
    ),
    fixture!(
        "error-old-shape.sse",
        "",
        "안녕",
        Err(StreamFault::Refused),
        false
    ),
    fixture!(
        "error-detail.sse",
        "",
        "안녕",
        Err(StreamFault::Failed),
        false
    ),
    fixture!(
        "error-event.sse",
        "",
        "안녕",
        Err(StreamFault::RateLimited),
        false
    ),
    fixture!("clova-40002.json", "", "", Err(StreamFault::Refused), false),
    fixture!(
        "clova-40005.sse",
        "",
        "안녕",
        Err(StreamFault::Filtered),
        false
    ),
    fixture!(
        "gateway-throttled.json",
        "",
        "",
        Err(StreamFault::RateLimited),
        false
    ),
    fixture!(
        "gateway-quota.json",
        "",
        "",
        Err(StreamFault::RateLimited),
        false
    ),
    fixture!("aborted.sse", "", "안녕하", Err(StreamFault::Failed), false),
    fixture!(
        "filtered.sse",
        "",
        "안녕",
        Err(StreamFault::Filtered),
        false
    ),
    fixture!(
        "cut-in-an-event.sse",
        "",
        "안녕",
        Err(StreamFault::CutOff),
        false
    ),
    fixture!(
        "cut-in-a-syllable.sse",
        "",
        "안녕",
        Err(StreamFault::CutOff),
        false
    ),
    fixture!(
        "cut-between-events.sse",
        "",
        "안녕",
        Err(StreamFault::CutOff),
        false
    ),
    fixture!(
        "not-json.sse",
        "",
        "안녕",
        Err(StreamFault::Unreadable),
        false
    ),
    fixture!("page.html", "", "", Err(StreamFault::Unreadable), false),
];

#[test]
fn every_fixture_is_heard_as_it_is_meant() {
    for (name, bytes, thinking, text, end, has_usage) in FIXTURES {
        let heard = hear([*bytes]);
        assert_eq!(
            (&*heard.thinking, &*heard.text),
            (*thinking, *text),
            "{name}"
        );
        assert_eq!(heard.end, *end, "{name}");
        assert_eq!(heard.usage.is_some(), *has_usage, "{name}");
    }
}

#[test]
fn every_fixture_is_heard_the_same_cut_at_every_byte() {
    for (name, bytes, ..) in FIXTURES {
        let whole = hear([*bytes]);
        for at in 0..=bytes.len() {
            assert_eq!(
                hear([&bytes[..at], &bytes[at..]]),
                whole,
                "{name} cut at {at}"
            );
        }
        assert_eq!(hear(bytes.chunks(1)), whole, "{name} byte by byte");
    }
}

#[test]
fn every_file_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/streams");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let listed = FIXTURES.iter().any(|(listed, ..)| *listed == name);
        assert!(listed || name == "README.md", "{name} is heard by no test");
    }
}

/// As large as a picture in an answer, it is heard wherever it is cut; what is larger than any is not.
#[test]
fn a_large_event_is_one_event() {
    let event = |syllables: usize| {
        let text = "가".repeat(syllables);
        let chunk = format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n");
        chunk + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    };
    let large = event(300_000);
    let bytes = large.as_bytes();
    let whole = hear([bytes]);
    assert_eq!((whole.text.chars().count(), whole.end), (300_000, STOP));
    for length in [997, 16_384, 900_000] {
        assert_eq!(hear(bytes.chunks(length)).text.chars().count(), 300_000);
    }
    assert_eq!(
        hear([event(1_400_000).as_bytes()]).end,
        Err(StreamFault::Unreadable)
    );
}
