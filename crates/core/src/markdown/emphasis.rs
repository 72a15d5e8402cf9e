//! Which runs of `*`, `_` and `~` are emphasis.
//!
//! Owns: CommonMark's rules with the amendment for Chinese, Japanese and Korean, under which
//! `**마크다운(Markdown)**을` is bold: beside such a character, punctuation does not count.

use super::characters::{is_cjk, is_ideograph_selector, is_punctuation, is_variation_selector};
use super::work;

/// What a pair of runs means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Emphasis,
    Strong,
    Strike,
}

/// A run of one mark.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) mark: char,
    /// How many there were.
    length: usize,
    /// How many are not used yet: they stay as text.
    pub(super) left: usize,
    can_open: bool,
    can_close: bool,
    /// What ends at this run, the innermost first.
    pub(super) closes: Vec<Mark>,
    /// What begins after it, the innermost first.
    pub(super) opens: Vec<Mark>,
}

impl Run {
    /// The run of `length` marks at a place in a text, if it can open or close anything.
    pub(super) fn read(text: &str, at: usize, mark: char, length: usize) -> Option<Self> {
        // A single tilde is a range or a friendly ending in Korean: `3~5일`, `안녕~`.
        if mark == '~' && length != 2 {
            return None;
        }
        // Tildes are looked through, so that `**~~bold~~**s` is bold.
        let ahead = text[at + length..].trim_start_matches('~');
        let after = ahead.chars().next().unwrap_or('\n');
        let (can_open, can_close) = flanks(&text[..at], after, mark == '_');
        (can_open || can_close).then(|| Self {
            mark,
            length,
            left: length,
            can_open,
            can_close,
            closes: Vec::new(),
            opens: Vec::new(),
        })
    }

    /// Whether this run, as an opening one, goes with a closing one.
    fn fits(&self, close: &Self) -> bool {
        // `*a**b*` is one emphasis around two stars: sums of three are for runs of three.
        let is_odd = (self.can_close || close.can_open)
            && (self.length + close.length).is_multiple_of(3)
            && !(self.length.is_multiple_of(3) && close.length.is_multiple_of(3));
        self.mark == close.mark && !is_odd
    }
}

/// Whether a run between two texts can open, and can close.
fn flanks(before: &str, after: char, is_underscore: bool) -> (bool, bool) {
    let mut back = before.chars().rev().filter(|c| *c != '~');
    let last = back.next().unwrap_or('\n');
    let is_selected = is_variation_selector(last);
    // A selector is part of the character before it.
    let base = if is_selected {
        back.next().unwrap_or('\n')
    } else {
        last
    };
    // Quotation marks are shared with Latin; this selector makes them wide.
    let is_wide_quote = last == '\u{FE01}' && matches!(base, '‘' | '’' | '“' | '”');
    let is_cjk_before = is_cjk(base) || is_ideograph_selector(last) || is_wide_quote;
    let is_punctuation_before = is_punctuation(base);
    let is_punctuation_after = is_punctuation(after);
    let left = !after.is_whitespace()
        && (!is_punctuation_after
            || last.is_whitespace()
            || is_punctuation_before
            || is_cjk(after)
            || is_cjk_before);
    let right = !last.is_whitespace()
        && (!is_punctuation_before
            || after.is_whitespace()
            || is_punctuation_after
            || is_cjk(after)
            || is_cjk_before);
    if is_underscore {
        // `snake_case` is no emphasis.
        (
            left && (!right || is_punctuation_before),
            right && (!left || is_punctuation_after),
        )
    } else {
        (left, right)
    }
}

/// Pairs the runs that `order` names, and returns those that could still open something.
pub(super) fn pair(runs: &mut [Run], order: &[usize]) -> Vec<usize> {
    let mut openers: Vec<usize> = Vec::new();
    // Below these heights no run fits a closing one of that kind: without them, a text of openers
    // and closers that never fit would take the square of its length.
    let mut floors = [0_usize; 18];
    for &at in order {
        while runs[at].can_close && runs[at].left > 0 {
            let close = &runs[at];
            let floor = floor_of(close);
            let found = (floors[floor]..openers.len()).rev().find(|&height| {
                work::add(1);
                runs[openers[height]].fits(close)
            });
            let Some(height) = found else {
                floors[floor] = openers.len();
                break;
            };
            let open = openers[height];
            let width = runs[open].left.min(runs[at].left).min(2);
            let mark = match (runs[at].mark, width) {
                ('~', _) => Mark::Strike,
                (_, 1) => Mark::Emphasis,
                _ => Mark::Strong,
            };
            runs[open].opens.push(mark);
            runs[open].left -= width;
            runs[at].closes.push(mark);
            runs[at].left -= width;
            openers.truncate(height + usize::from(runs[open].left > 0));
            for floor in &mut floors {
                *floor = openers.len().min(*floor);
            }
        }
        if runs[at].can_open && runs[at].left > 0 {
            openers.push(at);
        }
    }
    openers
}

fn floor_of(close: &Run) -> usize {
    let mark = match close.mark {
        '*' => 0,
        '_' => 1,
        _ => 2,
    };
    mark * 6 + usize::from(close.can_open) * 3 + close.length % 3
}

/// Lets the doubled runs that are still open reach to the end of a text that is still growing:
/// bold is bold from its first letter. Runs that might be a power or a product wait.
pub(super) fn open_ended(runs: &mut [Run], openers: &[usize]) {
    for &at in openers {
        let run = &mut runs[at];
        if run.length == 2 && run.left == 2 && !run.can_close {
            run.left = 0;
            run.opens.push(if run.mark == '~' {
                Mark::Strike
            } else {
                Mark::Strong
            });
        }
    }
}
