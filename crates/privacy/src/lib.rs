//! Masks personal data in what a visitor typed or a model writes: phone numbers, e-mail addresses, resident and alien
//! registration numbers, cards and passports.
//!
//! Owns: one hand-written scanner, the same natively and in Wasm, where a pattern engine is too heavy.
//! Must not own: where texts come from or go to.
//! Invariant: masking a masked text changes nothing, and a text with neither digit nor `@` is
//! handed back as it is. When in doubt a mobile number is masked and any other number is kept.
#![warn(missing_docs)]

mod document;
mod email;
mod glyph;
mod phone;
mod stream;

use std::borrow::Cow;

use glyph::Glyph;

pub use stream::{MAX_HELD, StreamMask};

/// What stands where a phone number was.
pub const PHONE: &str = "[전화번호]";
/// What stands where an e-mail address was.
pub const EMAIL: &str = "[이메일]";
/// What stands where a resident or alien registration number was.
pub const RESIDENT: &str = "[주민번호]";
/// What stands where a card number was.
pub const CARD: &str = "[카드번호]";
/// What stands where a passport number was.
pub const PASSPORT: &str = "[여권번호]";

/// Personal data from glyph `start` up to, but without, glyph `end`.
struct Found {
    start: usize,
    end: usize,
    marker: &'static str,
}

/// The text with every piece of personal data replaced by a marker that carries nothing of it.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    mask_from(text, 0).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The whole text with everything from byte `from` on masked; what stands before was masked already
/// and is only looked back at. `None` if nothing was found.
fn mask_from(text: &str, from: usize) -> Option<String> {
    let mut masked = pass(text, from)?;
    // A marker may uncover a neighbour that was glued to the masked part. Every pass takes away
    // digits or an `@`, so this ends, and what it leaves no further pass can change.
    while let Some(again) = pass(&masked, from) {
        masked = again;
    }
    Some(masked)
}

/// One pass from left to right; `None` if nothing was found.
fn pass(text: &str, from: usize) -> Option<String> {
    let sought = |c| matches!(glyph::fold(c), '0'..='9' | '@');
    if !text.get(from..)?.chars().any(sought) {
        return None;
    }
    let glyphs = glyph::read(text);
    let byte_of = |at: usize| glyphs.get(at).map_or(text.len(), |glyph| glyph.byte);
    let first = glyphs.partition_point(|glyph| glyph.byte < from);
    let mut masked = String::new();
    let mut copied = 0;
    // What a text begins with may be the rest of an address whose start was passed on.
    let find_rest = |at: usize| (at == first && from > 0).then(|| email::find_rest(&glyphs, at))?;
    let found_at = |at: usize| find(&glyphs, at).or_else(|| find_rest(at));
    let mut at = first;
    while let Some(found) = (at..glyphs.len()).find_map(found_at) {
        let start = byte_of(found.start).max(copied).max(from);
        masked.push_str(&text[copied..start]);
        masked.push_str(found.marker);
        copied = byte_of(found.end);
        at = found.end;
    }
    if copied == 0 {
        return None;
    }
    masked.push_str(&text[copied..]);
    Some(masked)
}

fn find(glyphs: &[Glyph], at: usize) -> Option<Found> {
    email::find(glyphs, at)
        .or_else(|| document::find(glyphs, at))
        .or_else(|| phone::find(glyphs, at))
}
