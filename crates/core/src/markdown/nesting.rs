//! From the tokens of a text to pieces that stand in each other.
//!
//! Invariant: links, pictures and paired runs lie in each other, never across.

use super::emphasis::{Mark, Run};
use super::{Element, Part, Piece};

/// Nesting beyond this is flat: models never mean it, and a page must not nest freely.
const MAX_DEPTH: usize = 12;

/// What a text consists of.
pub(super) enum Token {
    Text(String),
    Break,
    /// A bracket that begins nothing, as far as is known.
    Bracket(&'static str),
    /// A run of marks, by its place in their list.
    Run(usize),
    Code(String),
    Formula {
        text: String,
        is_display: bool,
    },
    Link,
    LinkEnd {
        url: String,
        is_whole: bool,
    },
    Image,
    ImageEnd,
}

/// The words of some pieces.
pub(super) fn plain(pieces: &[Piece]) -> String {
    let mut words = String::new();
    for piece in pieces {
        match &piece.part {
            Part::Text(text) => words.push_str(text),
            Part::Element(Element::Break) => words.push(' '),
            Part::Element(_) => {}
        }
    }
    words
}

/// Adds the pieces of a text at a depth.
pub(super) fn nest(tokens: Vec<Token>, runs: &[Run], depth: usize, out: &mut Vec<Piece>) {
    Builder {
        depth,
        hidden: 0,
        images: 0,
        links: Vec::new(),
        out,
    }
    .build(tokens, runs);
}

struct Builder<'a> {
    depth: usize,
    /// How many elements around this place are too deep to be shown.
    hidden: usize,
    /// How many pictures are around this place.
    images: usize,
    /// Where the words of the open links begin.
    links: Vec<usize>,
    out: &'a mut Vec<Piece>,
}

impl Builder<'_> {
    fn build(&mut self, tokens: Vec<Token>, runs: &[Run]) {
        let base = self.depth;
        for token in tokens {
            match token {
                Token::Text(text) => self.text(&text),
                Token::Bracket(bracket) => self.text(bracket),
                Token::Break => self.leaf(Element::Break, ""),
                Token::Code(text) => self.leaf(Element::Code, &text),
                Token::Formula { text, is_display } => {
                    self.leaf(Element::Formula { is_display }, &text);
                }
                Token::Run(at) => {
                    let run = &runs[at];
                    for _ in &run.closes {
                        self.leave();
                    }
                    for _ in 0..run.left {
                        self.text(run.mark.encode_utf8(&mut [0; 4]));
                    }
                    for mark in run.opens.iter().rev() {
                        self.enter(base, element(*mark));
                    }
                }
                Token::Link => {
                    self.links.push(self.out.len());
                    self.enter(base, Element::Link);
                }
                Token::LinkEnd { url, is_whole } => {
                    self.leave();
                    let words = self.links.pop().unwrap_or_default();
                    self.address(words, &url, is_whole);
                }
                Token::Image => self.images += 1,
                Token::ImageEnd => self.images -= 1,
            }
        }
    }

    fn push(&mut self, part: Part) {
        let depth = self.depth;
        self.out.push(Piece { depth, part });
    }

    fn text(&mut self, more: &str) {
        match self.out.last_mut() {
            _ if more.is_empty() => {}
            Some(Piece {
                depth,
                part: Part::Text(text),
            }) if *depth == self.depth => {
                text.push_str(more);
            }
            _ => self.push(Part::Text(more.to_owned())),
        }
    }

    /// An element with nothing but text; in the words of a picture the text alone.
    fn leaf(&mut self, element: Element, text: &str) {
        if self.images > 0 {
            let is_break = element == Element::Break;
            self.text(if is_break { " " } else { text });
            return;
        }
        self.push(Part::Element(element));
        if !text.is_empty() {
            self.depth += 1;
            self.push(Part::Text(text.to_owned()));
            self.depth -= 1;
        }
    }

    fn enter(&mut self, base: usize, element: Element) {
        if self.hidden > 0 || self.images > 0 || self.depth - base >= MAX_DEPTH {
            self.hidden += 1;
        } else {
            self.push(Part::Element(element));
            self.depth += 1;
        }
    }

    fn leave(&mut self) {
        if self.hidden > 0 {
            self.hidden -= 1;
        } else {
            self.depth -= 1;
        }
    }

    /// The address after a link's words, unless they are the address.
    fn address(&mut self, words: usize, url: &str, is_whole: bool) {
        let is_same = plain(&self.out[words..]) == url;
        if url.is_empty() || is_same || self.hidden > 0 || self.images > 0 {
            return;
        }
        let close = if is_whole { ")" } else { "" };
        self.push(Part::Element(Element::LinkAddress));
        self.depth += 1;
        self.push(Part::Text([" (", url, close].concat()));
        self.depth -= 1;
    }
}

fn element(mark: Mark) -> Element {
    match mark {
        Mark::Emphasis => Element::Emphasis,
        Mark::Strong => Element::Strong,
        Mark::Strike => Element::Strike,
    }
}
