//! Masking a text that comes in pieces.
//!
//! Owns: telling how much of a text is decided, whatever follows.
//! Must not own: what is personal data.
//! Invariant: what is let go is what masking the whole text would give, and at most [`MAX_HELD`]
//! characters are held back, in text without digits, separators and ASCII words none.
//!
//! Two things differ from masking the whole, because nobody can wait for them. A name in Hangul before an
//! `@` may be let go before the `@` comes; then the address is masked from there on. And of a row of
//! digits or an ASCII word longer than [`MAX_HELD`], the front is let go by what is known of it by then.

use crate::email::{begins_local, is_label, is_local};
use crate::glyph::{self, MAX_GAP, fold, is_hangul, separates};
use crate::phone::{is_one, is_zero};
use crate::{Found, email, find, mask_from};

/// Most characters that are held back. The longest number that is masked, a mobile one with its country
/// and three separators after each digit, has 59 with the signs before it.
pub const MAX_HELD: usize = 64;
/// As many characters as any rule looks back.
const LOOK_BACK: usize = 2;

/// Masks one text that comes in pieces.
#[derive(Debug, Default)]
pub struct StreamMask {
    /// The last characters that were let go as they are, which rules look back at.
    gone: String,
    /// What may still become personal data.
    held: String,
}

impl StreamMask {
    /// Takes more of the text; gives what is decided of it.
    #[must_use]
    pub fn push(&mut self, text: &str) -> String {
        self.held.push_str(text);
        let decided = decided(&self.gone, &self.held);
        let mut masked = self.let_go(decided);
        if self.held.chars().nth(MAX_HELD).is_some() {
            masked.push_str(&self.let_go_of_the_front());
        }
        masked
    }

    /// Nothing more comes: gives what was held back, and is as new.
    #[must_use]
    pub fn finish(&mut self) -> String {
        let rest = self.let_go(self.held.len());
        self.gone.clear();
        rest
    }

    /// Masks and lets go of so many bytes.
    fn let_go(&mut self, bytes: usize) -> String {
        let rest = self.held.split_off(bytes);
        let text = std::mem::replace(&mut self.held, rest);
        if text.is_empty() {
            return text;
        }
        let from = self.gone.len();
        self.gone.push_str(&text);
        let masked = mask_from(&self.gone, from).map(|mut all| all.split_off(from));
        self.forget();
        masked.unwrap_or(text)
    }

    /// Lets go of the front of something too long to be held, piece by piece.
    fn let_go_of_the_front(&mut self) -> String {
        let from = self.gone.len();
        let text = std::mem::take(&mut self.gone) + &self.held;
        let all = glyph::read(&text);
        let first = all.partition_point(|glyph| glyph.byte < from);
        let byte_of = |at: usize| all.get(at).map_or(text.len(), |glyph| glyph.byte);
        let mut masked = String::new();
        // What stands before this is masked, and looks like nothing from behind.
        let mut fresh = 0;
        let mut at = first;
        while all.len() - at > MAX_HELD {
            let glyphs = &all[fresh..];
            let found = find_with_signs(glyphs, at - fresh).or_else(|| {
                let is_rest = at == first && from > 0;
                is_rest
                    .then(|| email::find_rest(glyphs, at - fresh))
                    .flatten()
            });
            // An address that may still go on keeps its end rather than its front.
            let is_whole = |found: &Found| fresh + found.end < all.len() || all[at].c == '@';
            if let Some(found) = found.filter(is_whole) {
                masked.push_str(found.marker);
                at = fresh + found.end;
                fresh = at;
            } else {
                masked.push_str(&text[byte_of(at)..byte_of(at + 1)]);
                at += 1;
            }
        }
        self.gone.push_str(&text[byte_of(fresh)..byte_of(at)]);
        self.forget();
        text[byte_of(at)..].clone_into(&mut self.held);
        masked
    }

    fn forget(&mut self) {
        let mut last = self.gone.char_indices().rev();
        if let Some((start, _)) = last.nth(LOOK_BACK - 1) {
            self.gone.drain(..start);
        }
    }
}

/// Personal data here, or right behind the signs here that belong to it.
fn find_with_signs(glyphs: &[glyph::Glyph], at: usize) -> Option<Found> {
    let signs = glyphs[at..]
        .iter()
        .take(LOOK_BACK)
        .take_while(|glyph| matches!(glyph.c, '+' | '('))
        .count();
    (at..=at + signs)
        .filter(|&start| start < glyphs.len())
        .find_map(|start| find(glyphs, start).filter(|found| found.start <= at))
}

/// How many bytes at the front are masked the same whatever follows.
fn decided(gone: &str, held: &str) -> usize {
    let mut seen = Seen::default();
    for c in gone.chars() {
        seen.take(fold(c));
    }
    let mut decided = 0;
    let mut before_hangul = 0;
    for (at, c) in held.char_indices() {
        let c = fold(c);
        if seen.is_over(Some(c)) {
            decided = at;
        }
        let after_hangul = seen.last.is_some_and(is_hangul);
        if c == '@' && after_hangul {
            decided = before_hangul;
        } else if is_hangul(c) && !after_hangul {
            before_hangul = decided;
        }
        seen.take(c);
    }
    if seen.is_over(None) {
        decided = held.len();
    }
    decided
}

/// Where in a domain a text ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Domain {
    Sign,
    Space,
    Ascii,
    Hangul,
}

impl Domain {
    fn after(self, c: char) -> Option<Self> {
        match self {
            Self::Sign if c == ' ' => Some(Self::Space),
            Self::Sign | Self::Space if is_hangul(c) => Some(Self::Hangul),
            Self::Sign | Self::Space => is_label(c).then_some(Self::Ascii),
            Self::Ascii => (is_label(c) || c == '.').then_some(self),
            Self::Hangul => (is_label(c) || c == '.' || is_hangul(c)).then_some(self),
        }
    }
}

/// What the end of a text may be the beginning of.
#[derive(Default)]
struct Seen {
    before_last: Option<char>,
    last: Option<char>,
    /// Separators since the last digit or spelled prefix, if nothing else came.
    separators: Option<usize>,
    /// It ends in the local part of an address.
    local: bool,
    /// It ends in such a part and a space.
    spaced: bool,
    domain: Option<Domain>,
}

impl Seen {
    fn take(&mut self, c: char) {
        let spelled =
            is_zero(c) && self.last.is_some_and(is_one) && self.before_last.is_some_and(is_zero);
        self.separators = if c.is_ascii_digit() || spelled {
            Some(0)
        } else {
            let more = self.separators.map(|count| count + 1);
            more.filter(|&count| separates(c) && count <= MAX_GAP)
        };
        self.spaced = c == ' ' && self.local;
        self.local = begins_local(c) || self.local && is_local(c);
        self.domain = match self.domain {
            _ if c == '@' => Some(Domain::Sign),
            domain => domain.and_then(|domain| domain.after(c)),
        };
        self.before_last = self.last.replace(c);
    }

    /// Whether nothing that has begun goes on with `next`, nor is looked back at from there; `None` is
    /// whatever may come.
    fn is_over(&self, next: Option<char>) -> bool {
        let Some(last) = self.last else {
            return true;
        };
        let may = |goes_on: &dyn Fn(char) -> bool| next.is_none_or(goes_on);
        let digit = |c: char| c.is_ascii_digit();
        let before_last = |is: fn(char) -> bool| self.before_last.is_some_and(is);
        let glued = matches!(last, ',' | '/') && before_last(|c| c.is_ascii_alphanumeric());
        let begun = last.is_ascii_alphanumeric()
            || self.separators.is_some() && may(&|c| digit(c) || separates(c))
            || self.local && may(&|c| is_local(c) || matches!(c, ' ' | '@'))
            || self.spaced && may(&|c| c == '@')
            || self
                .domain
                .is_some_and(|domain| may(&|c| domain.after(c).is_some()))
            || last == '(' && may(&|c| digit(c) || c == '+')
            || glued && may(&digit)
            || is_zero(last) && may(&is_one)
            || is_one(last) && before_last(is_zero) && may(&is_zero);
        !begun
    }
}

#[cfg(test)]
mod tests;
