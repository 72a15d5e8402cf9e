//! A text that grows, as pieces that are final and pieces that are not.
//!
//! Invariant: a line is read once, when its end has come. What one more piece of text costs depends
//! on the paragraph that is open, never on the text before it.

use super::Piece;
use super::blocks::Blocks;

/// What a text became.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Growth {
    /// Whether the text does not go on from the one before, so that all earlier pieces are void.
    pub is_new: bool,
    /// Pieces after the settled ones of before; they never change.
    pub settled: Vec<Piece>,
    /// What follows them for now, in place of the open pieces of before.
    pub open: Vec<Piece>,
}

/// The blocks of one text while it grows.
#[derive(Debug, Default)]
pub struct Document {
    blocks: Blocks,
    /// How many bytes are read for good: whole lines.
    read: usize,
    /// How long the text was, in bytes, and a sample of it.
    seen: (usize, u64),
}

impl Document {
    /// Reads the text so far: what was there before, and more. Another text begins anew; it is
    /// known by its length and a sample of its bytes, so an edit in the middle may be missed.
    ///
    /// Syntax that is half written waits: marks at the end, a fence without its line, a bar that
    /// may begin a table. [`Document::finish`] shows it as it is.
    pub fn grow(&mut self, text: &str) -> Growth {
        self.read(text, true)
    }

    /// Reads the text like [`Document::grow`], as one that is whole. It may grow all the same.
    pub fn finish(&mut self, text: &str) -> Growth {
        self.read(text, false)
    }

    fn read(&mut self, text: &str, is_growing: bool) -> Growth {
        let mut growth = Growth::default();
        let (length, sample) = self.seen;
        if text.len() < length || sample_of(&text.as_bytes()[..length]) != sample {
            *self = Self::default();
            growth.is_new = true;
        }
        self.seen = (text.len(), sample_of(text.as_bytes()));
        let mut rest = text.get(self.read..).unwrap_or_default();
        while let Some((line, after)) = rest.split_once('\n') {
            self.blocks.line(line, &mut growth.settled);
            rest = after;
        }
        self.read = text.len() - rest.len();
        self.last_line(rest, is_growing, &mut growth.open);
        growth
    }

    /// Reads the line without an end on a copy of what is open: it may turn out to be another one.
    fn last_line(&self, line: &str, is_growing: bool, out: &mut Vec<Piece>) {
        let mut blocks = self.blocks.clone();
        blocks.is_growing = is_growing;
        let waits = is_growing && blocks.is_undecided(line);
        if !waits && !line.is_empty() {
            blocks.line(line, out);
            if is_growing && blocks.is_at_fence() {
                // The name of the language is still being written.
                out.clear();
                blocks.clone_from(&self.blocks);
            }
        }
        if is_growing {
            blocks.push_paragraph(true, out);
        } else {
            blocks.close(0, out);
        }
    }
}

/// A number made of some bytes of a text: its last ones, and some from everywhere.
fn sample_of(text: &[u8]) -> u64 {
    let (start, end) = text.split_at(text.len().saturating_sub(64));
    let mixed = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = start.iter().step_by(start.len() / 64 + 1).fold(0, mixed);
    end.iter().fold(sum, mixed)
}
