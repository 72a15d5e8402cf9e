//! Thinking that stands inside the text, between tags.
//!
//! Owns: telling it from the answer, however the tags are cut.
//! Must not own: thinking that comes in a field of its own.
//! Invariant: a tag opens at the very start of an answer only, so that an answer may speak of tags; and
//! nothing is held back but what may still become a tag.

use super::stream::Piece;
use crate::config::team::Tags;

/// Opening tags with their closing ones, as open models write them.
const PAIRS: [(&str, &str); 3] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<|think|>", "<|end|>"),
];

/// What Solar Open's template writes between thinking and answer.
const ANSWER_MARK: &str = "<|content|>";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing but white space so far.
    Start,
    /// Inside, until one of these.
    Thinking(&'static [&'static str]),
    /// White space and a mark after the thinking are nobody's.
    AfterThinking,
    Answer,
}

const CLOSING: [&str; 3] = ["</think>", "</thinking>", "<|end|>"];

/// Splits the text of one answer.
#[derive(Debug)]
pub struct TagSplitter {
    state: State,
    /// What may still become a tag.
    held: String,
}

impl TagSplitter {
    /// For an answer of a service that marks its thinking so.
    pub fn new(tags: Tags) -> Self {
        Self {
            state: match tags {
                Tags::Auto => State::Start,
                Tags::Open => State::Thinking(&CLOSING),
                Tags::None => State::Answer,
            },
            held: String::new(),
        }
    }

    /// Takes more of the text.
    pub fn push(&mut self, text: &str) -> Vec<Piece> {
        if self.state == State::Answer && self.held.is_empty() {
            return Vec::from_iter(piece(text, Piece::Text));
        }
        self.held.push_str(text);
        let mut pieces = Vec::new();
        while self.step(&mut pieces) {}
        pieces
    }

    /// Nothing more comes: what was held back is what it is.
    pub fn end(&mut self) -> Vec<Piece> {
        let held = std::mem::take(&mut self.held);
        let held = held.as_str();
        Vec::from_iter(match self.state {
            State::Thinking(_) => piece(held, Piece::Reasoning),
            State::AfterThinking => piece(held.trim_start(), Piece::Text),
            State::Start | State::Answer => piece(held, Piece::Text),
        })
    }

    /// Decides on what is held, as far as it can be; whether there is more to decide.
    fn step(&mut self, pieces: &mut Vec<Piece>) -> bool {
        match self.state {
            State::Start => self.start(),
            State::Thinking(closing) => self.think(closing, pieces),
            State::AfterThinking => self.after_thinking(),
            State::Answer => {
                pieces.extend(piece(&std::mem::take(&mut self.held), Piece::Text));
                false
            }
        }
    }

    fn start(&mut self) -> bool {
        let text = self.held.trim_start();
        for (open, close) in &PAIRS {
            if let Some(rest) = text.strip_prefix(open) {
                self.state = State::Thinking(std::slice::from_ref(close));
                self.held = rest.to_owned();
                return true;
            }
        }
        if PAIRS.iter().any(|(open, _)| open.starts_with(text)) {
            return false;
        }
        self.state = State::Answer;
        true
    }

    fn after_thinking(&mut self) -> bool {
        let text = self.held.trim_start();
        let answer = text.strip_prefix(ANSWER_MARK);
        if answer.is_none() && ANSWER_MARK.starts_with(text) {
            return false;
        }
        self.held = answer.unwrap_or(text).to_owned();
        self.state = State::Answer;
        !self.held.is_empty()
    }

    fn think(&mut self, closing: &[&str], pieces: &mut Vec<Piece>) -> bool {
        let found = closing
            .iter()
            .filter_map(|tag| Some((self.held.find(tag)?, tag)));
        if let Some((at, tag)) = found.min() {
            pieces.extend(piece(&self.held[..at], Piece::Reasoning));
            self.held.drain(..at + tag.len());
            self.state = State::AfterThinking;
            return true;
        }
        let kept = closing.iter().map(|tag| begun(&self.held, tag)).max();
        let sure = self.held.len() - kept.unwrap_or(0);
        pieces.extend(piece(&self.held[..sure], Piece::Reasoning));
        self.held.drain(..sure);
        false
    }
}

fn piece(text: &str, of: impl FnOnce(String) -> Piece) -> Option<Piece> {
    (!text.is_empty()).then(|| of(text.to_owned()))
}

/// How much of a tag stands at the end of a text.
fn begun(text: &str, tag: &str) -> usize {
    let lengths = (1..tag.len()).rev();
    let mut begun = lengths.filter(|length| text.ends_with(&tag[..*length]));
    begun.next().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Thinking and answer, each as one text.
    fn split(tags: Tags, parts: &[&str]) -> (String, String) {
        let mut splitter = TagSplitter::new(tags);
        let mut pieces: Vec<Piece> = parts.iter().flat_map(|part| splitter.push(part)).collect();
        pieces.extend(splitter.end());
        let mut found = (String::new(), String::new());
        for piece in pieces {
            match piece {
                Piece::Reasoning(text) => found.0.push_str(&text),
                Piece::Text(text) => found.1.push_str(&text),
                other => panic!("{other:?}"),
            }
        }
        found
    }

    const CASES: [(Tags, &str, &str, &str); 16] = [
        (Tags::Auto, "안녕하세요", "", "안녕하세요"),
        (Tags::Auto, "<think>음</think>네", "음", "네"),
        (
            Tags::Auto,
            "\n <think>\n음\n</think>\n\n네 <b>",
            "\n음\n",
            "네 <b>",
        ),
        (
            Tags::Auto,
            "<thinking>a</think>b</thinking>c",
            "a</think>b",
            "c",
        ),
        (Tags::Auto, "<|think|>a<|end|>c", "a", "c"),
        (
            Tags::Auto,
            "<|think|>a<|end|>\n<|content|> c<|content|>",
            "a",
            " c<|content|>",
        ),
        (Tags::Auto, "<think>a</think> <|con", "a", "<|con"),
        (Tags::Auto, "<think>a</think>\n\n", "a", ""),
        (Tags::Auto, "<think></think>네", "", "네"),
        (Tags::Auto, "<think>음", "음", ""),
        (Tags::Auto, "<thi", "", "<thi"),
        (
            Tags::Auto,
            "<table> 말고 <think>",
            "",
            "<table> 말고 <think>",
        ),
        (
            Tags::Auto,
            "```html\n<think>a</think>\n```",
            "",
            "```html\n<think>a</think>\n```",
        ),
        (
            Tags::Auto,
            "<think>a < b, </thi c</think>d",
            "a < b, </thi c",
            "d",
        ),
        (Tags::Open, "음</think>\n네", "음", "네"),
        (Tags::None, "<think>음</think>네", "", "<think>음</think>네"),
    ];

    #[test]
    fn thinking_is_told_from_the_answer_wherever_the_text_is_cut() {
        for (tags, text, thinking, answer) in CASES {
            let whole = (thinking.to_owned(), answer.to_owned());
            assert_eq!(split(tags, &[text]), whole, "{text}");
            for (at, _) in text.char_indices() {
                let (a, b) = text.split_at(at);
                assert_eq!(split(tags, &[a, b]), whole, "{a}|{b}");
            }
            let letters: Vec<String> = text.chars().map(String::from).collect();
            let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
            assert_eq!(split(tags, &letters), whole, "{text}");
        }
    }

    #[test]
    fn an_answer_is_passed_on_at_once() {
        let mut splitter = TagSplitter::new(Tags::Auto);
        for text in ["네", " <", "think", ">"] {
            assert_eq!(splitter.push(text), [Piece::Text(text.to_owned())]);
        }
        let mut splitter = TagSplitter::new(Tags::Auto);
        assert_eq!(splitter.push("<think>"), []);
        assert_eq!(splitter.push("가<"), [Piece::Reasoning("가".to_owned())]);
        assert_eq!(splitter.push("나"), [Piece::Reasoning("<나".to_owned())]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made_up(parts in prop::collection::vec("[ac<>/|kint]{0,4}|<think>|</think>", 0..12)) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let text = parts.concat();
            let (thinking, answer) = split(Tags::Auto, &parts);
            prop_assert_eq!(&split(Tags::Auto, &[&text]), &(thinking.clone(), answer.clone()));
            prop_assert_eq!(split(Tags::None, &parts), (String::new(), text.clone()));
            prop_assert!(text.contains(&thinking) && text.ends_with(&answer));
        }
    }
}
