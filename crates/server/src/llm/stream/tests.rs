use proptest::prelude::*;

use super::*;

fn decode(cuts: &[&[u8]]) -> Result<Vec<Piece>, StreamFault> {
    let mut decoder = AnswerDecoder::default();
    let mut pieces = Vec::new();
    for bytes in cuts {
        pieces.extend(decoder.push(bytes));
    }
    pieces.extend(decoder.end());
    pieces.into_iter().collect()
}

fn text_of(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .filter_map(|piece| {
            if let Piece::Text(text) = piece {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect()
}

fn reasoning_of(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .filter_map(|piece| {
            if let Piece::Reasoning(text) = piece {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect()
}

/// A server that renames the thinking field and sends both names, empty deltas and a usage chunk without choices.
const BOTH_NAMES: &str = concat!(
    ": hello\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"생각\",\"reasoning_content\":\"생각\"}}]}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"reasoning\":null}}]}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"안녕하세요\"}}]}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" 😀\",\"reasoning_content\":null}}]}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\r\n\r\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}\r\n\r\n",
    "data: [DONE]\r\n\r\n",
);

/// One newline style, no space after the colon, thinking under the new name only, no `[DONE]`.
const NEW_NAME: &str = concat!(
    "data:{\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n",
    "data:{\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n",
    "data:{\"choices\":[{\"delta\":{\"content\":\" two\"},\"finish_reason\":\"stop\"}]}\n\n",
);

/// A whole answer although a stream was asked for.
const WHOLE: &str = concat!(
    "\u{feff} {\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"전부\",",
    "\"reasoning\":\"음\"},\"finish_reason\":\"stop\"}],",
    "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}",
);

/// The last event lacks its blank line.
const NO_LAST_LINE: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]";

const FIXTURES: [&str; 4] = [BOTH_NAMES, NEW_NAME, WHOLE, NO_LAST_LINE];

#[test]
fn both_names_of_thinking_are_one_text() {
    let usage = Usage {
        prompt_tokens: 7,
        completion_tokens: 3,
        total_tokens: 10,
    };
    assert_eq!(
        decode(&[BOTH_NAMES.as_bytes()]).unwrap(),
        [
            Piece::Reasoning("생각".to_owned()),
            Piece::Text("안녕하세요".to_owned()),
            Piece::Text(" 😀".to_owned()),
            Piece::Finish(FinishReason::Length),
            Piece::Usage(usage),
        ]
    );
}

#[test]
fn a_missing_done_is_forgiven_after_the_end_was_told() {
    let pieces = decode(&[NEW_NAME.as_bytes()]).unwrap();
    assert_eq!(
        (reasoning_of(&pieces).as_str(), text_of(&pieces).as_str()),
        ("hm", "one two")
    );
    assert_eq!(pieces.last(), Some(&Piece::Finish(FinishReason::Stop)));
}

#[test]
fn a_whole_answer_is_read_too() {
    let usage = Usage {
        prompt_tokens: 1,
        completion_tokens: 2,
        total_tokens: 3,
    };
    assert_eq!(
        decode(&[WHOLE.as_bytes()]).unwrap(),
        [
            Piece::Reasoning("음".to_owned()),
            Piece::Text("전부".to_owned()),
            Piece::Finish(FinishReason::Stop),
            Piece::Usage(usage),
        ]
    );
}

#[test]
fn every_cut_gives_the_same_pieces() {
    for fixture in FIXTURES {
        let bytes = fixture.as_bytes();
        let whole = decode(&[bytes]).unwrap();
        for at in 0..=bytes.len() {
            assert_eq!(
                decode(&[&bytes[..at], &bytes[at..]]).unwrap(),
                whole,
                "{fixture} cut at {at}"
            );
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(decode(&single).unwrap(), whole);
    }
}

proptest! {
    #[test]
    fn many_cuts_give_the_same_pieces(
        fixture in prop::sample::select(FIXTURES.to_vec()),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let bytes = fixture.as_bytes();
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        at.sort_unstable();
        at.insert(0, 0);
        at.push(bytes.len());
        let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(decode(&pieces), decode(&[bytes]));
    }

    #[test]
    fn no_bytes_are_fatal(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let whole = decode(&[&bytes]);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(decode(&single).is_ok(), whole.is_ok());
    }
}

#[test]
fn an_end_in_the_middle_is_a_cut() {
    let bytes = b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"cho";
    assert_eq!(decode(&[bytes]), Err(StreamFault::CutOff));
    assert_eq!(decode(&[&bytes[..50]]), Err(StreamFault::CutOff));
}

#[test]
fn what_is_no_answer_is_unreadable() {
    for body in [
        "<!doctype html><html>hello</html>",
        "",
        "  \n ",
        "just a sentence",
        "data: oops\n\n",
        "data: 3\n\n",
        "{\"choices\":[{\"message\":",
        "[1,2]",
    ] {
        assert_eq!(
            decode(&[body.as_bytes()]),
            Err(StreamFault::Unreadable),
            "{body}"
        );
    }
}

#[test]
fn errors_inside_a_stream_are_sorted() {
    let cases = [
        (
            "data: {\"error\":{\"message\":\"x\",\"code\":500}}\n\n",
            StreamFault::Failed,
        ),
        (
            "data: {\"error\":{\"message\":\"x\",\"code\":\"503\"}}\n\n",
            StreamFault::Failed,
        ),
        (
            "data: {\"error\":{\"message\":\"x\",\"code\":429}}\n\n",
            StreamFault::RateLimited,
        ),
        (
            "data: {\"error\":{\"type\":\"rate_limit_error\",\"code\":null}}\n\n",
            StreamFault::RateLimited,
        ),
        ("data: {\"error\":{\"code\":400}}\n\n", StreamFault::Refused),
        (
            "data: {\"error\":{\"type\":\"invalid_request_error\"}}\n\n",
            StreamFault::Refused,
        ),
        ("data: {\"error\":\"boom\"}\n\n", StreamFault::Failed),
        (
            "event: error\ndata: {\"message\":\"x\",\"code\":429}\n\n",
            StreamFault::RateLimited,
        ),
        ("event: error\ndata: boom\n\n", StreamFault::Failed),
        ("{\"error\":{\"code\":500}}", StreamFault::Failed),
    ];
    for (body, fault) in cases {
        assert_eq!(decode(&[body.as_bytes()]), Err(fault), "{body}");
    }
}

#[test]
fn what_follows_done_is_ignored() {
    let mut decoder = AnswerDecoder::default();
    let body =
        b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\ndata: oops\n\n";
    assert_eq!(decoder.push(body), [Ok(Piece::Text("a".to_owned()))]);
    assert!(decoder.is_done());
    assert_eq!(decoder.push(b"data: oops\n\n"), []);
}

/// What is left for the log of a stream that holds one event.
fn reported(event: &str) -> Option<String> {
    let mut decoder = AnswerDecoder::default();
    decoder.push(event.as_bytes());
    let report = decoder.report();
    assert_eq!(decoder.report(), None);
    report
}

#[test]
fn of_a_failure_the_report_is_left_and_of_an_answer_nothing() {
    let error = "data: {\"error\":{\"message\":\"out of memory\"},\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n";
    assert_eq!(reported(error).unwrap(), "{\"message\":\"out of memory\"}");
    let named = "event: error\ndata: out of memory\n\n";
    assert_eq!(reported(named).unwrap(), "out of memory");
    for answer in [
        "data: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"one\"},\"finish_reason\":\"content_filter\"}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"one\n\n",
    ] {
        assert_eq!(reported(answer), None, "{answer}");
    }
}
