//! Masks personal data in what a visitor typed: phone numbers, e-mail addresses, resident and alien
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

use std::borrow::Cow;

use glyph::Glyph;

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
    let Some(mut masked) = pass(text) else {
        return Cow::Borrowed(text);
    };
    // A marker may uncover a neighbour that was glued to the masked part. Every pass takes away
    // digits or an `@`, so this ends, and what it leaves no further pass can change.
    while let Some(again) = pass(&masked) {
        masked = again;
    }
    Cow::Owned(masked)
}

/// One pass from left to right; `None` if nothing was found.
fn pass(text: &str) -> Option<String> {
    if !text
        .chars()
        .any(|c| matches!(glyph::fold(c), '0'..='9' | '@'))
    {
        return None;
    }
    let glyphs = glyph::read(text);
    let byte_of = |at: usize| glyphs.get(at).map_or(text.len(), |glyph| glyph.byte);
    let mut masked = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = (at..glyphs.len()).find_map(|at| find(&glyphs, at)) {
        let start = byte_of(found.start).max(copied);
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
