//! The decoder of answers: no bytes are fatal, and what is heard does not depend on how they were cut.

use kiosk_server::{
    config::team::Tags,
    llm::{
        stream::{AnswerDecoder, Piece, Read},
        thinking::TagSplitter,
    },
};

use crate::cuts;

/// Panics if what is heard depends on the cuts, or does not end as an answer does.
pub(crate) fn check(bytes: &[u8]) {
    let whole = heard(&[bytes]);
    assert_eq!(heard(&cuts::of(bytes)), whole, "cut");
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(heard(&single), whole, "byte by byte");
    assert_ending(&whole);
    let texts: Vec<&str> = whole.iter().filter_map(text).collect();
    for tags in [Tags::Auto, Tags::Open, Tags::None] {
        assert_thinking(&texts, tags);
    }
}

fn heard(pieces: &[&[u8]]) -> Vec<Read> {
    let mut decoder = AnswerDecoder::default();
    let mut heard = Vec::new();
    for piece in pieces {
        let read = decoder.push(piece);
        heard.extend(read);
    }
    heard.extend(decoder.end());
    heard
}

fn text(read: &Read) -> Option<&str> {
    match read {
        Ok(Piece::Text(text)) => Some(text),
        _ => None,
    }
}

/// One end at most, nothing after a fault, no empty piece.
fn assert_ending(heard: &[Read]) {
    let ends = heard
        .iter()
        .filter(|read| matches!(read, Ok(Piece::Finish(_))));
    assert!(ends.count() <= 1, "it ends twice: {heard:?}");
    let fault = heard.iter().position(Result::is_err);
    assert!(
        fault.is_none_or(|at| at + 1 == heard.len()),
        "something follows a fault: {heard:?}"
    );
    for read in heard {
        if let Ok(Piece::Text(text) | Piece::Reasoning(text)) = read {
            assert!(!text.is_empty(), "an empty piece: {heard:?}");
        }
    }
}

/// Thinking between tags is told from text alike, however the text comes.
fn assert_thinking(texts: &[&str], tags: Tags) {
    let told = split(texts.iter().copied(), tags);
    let joined = texts.concat();
    assert_eq!(split([&*joined], tags), told, "at once");
    let letters = joined
        .char_indices()
        .map(|(at, c)| &joined[at..at + c.len_utf8()]);
    assert_eq!(split(letters, tags), told, "letter by letter");
}

/// Thinking and text.
fn split<'a>(texts: impl IntoIterator<Item = &'a str>, tags: Tags) -> (String, String) {
    let mut splitter = TagSplitter::new(tags);
    let mut pieces = Vec::new();
    for text in texts {
        pieces.extend(splitter.push(text));
    }
    pieces.extend(splitter.end());
    let (mut thinking, mut text) = (String::new(), String::new());
    for piece in pieces {
        match piece {
            Piece::Reasoning(more) => thinking.push_str(&more),
            Piece::Text(more) => text.push_str(&more),
            other => panic!("a splitter makes no {other:?}"),
        }
    }
    (thinking, text)
}
