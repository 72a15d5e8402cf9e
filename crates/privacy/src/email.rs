//! E-mail addresses: a local part, `@`, and a domain that ends in letters.

use crate::glyph::{Glyph, before, is_hangul};
use crate::{EMAIL, Found};

/// An address whose local part begins here.
pub(crate) fn find(glyphs: &[Glyph], start: usize) -> Option<Found> {
    let sign = skip_space(glyphs, local_end(glyphs, start)?);
    ends_at(glyphs, start, sign)
}

/// The rest of an address whose local part began before this place and was let go already.
pub(crate) fn find_rest(glyphs: &[Glyph], start: usize) -> Option<Found> {
    let last = before(glyphs, start)?;
    let sign = if is_hangul(last) {
        run(glyphs, start, is_hangul)
    } else if begins_local(last) {
        skip_space(glyphs, run(glyphs, start, is_local))
    } else {
        return None;
    };
    ends_at(glyphs, start, sign)
}

fn ends_at(glyphs: &[Glyph], start: usize, sign: usize) -> Option<Found> {
    if glyphs.get(sign)?.c != '@' {
        return None;
    }
    let end = domain_end(glyphs, skip_space(glyphs, sign + 1))?;
    Some(Found {
        start,
        end,
        marker: EMAIL,
    })
}

pub(crate) fn is_local(c: char) -> bool {
    c == '.' || begins_local(c)
}

/// A full stop begins none: it ends the sentence before.
pub(crate) fn begins_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_%+-".contains(c)
}

/// The end of the local part: ASCII, or a name in Hangul right before the sign.
fn local_end(glyphs: &[Glyph], start: usize) -> Option<usize> {
    let c = glyphs.get(start)?.c;
    if begins_local(c) && !before(glyphs, start).is_some_and(begins_local) {
        return Some(run(glyphs, start, is_local));
    }
    if is_hangul(c) && !before(glyphs, start).is_some_and(is_hangul) {
        let end = run(glyphs, start, is_hangul);
        return glyphs.get(end).filter(|glyph| glyph.c == '@').map(|_| end);
    }
    None
}

fn run(glyphs: &[Glyph], start: usize, belongs: impl Fn(char) -> bool) -> usize {
    let length = glyphs[start..]
        .iter()
        .take_while(|glyph| belongs(glyph.c))
        .count();
    start + length
}

fn skip_space(glyphs: &[Glyph], at: usize) -> usize {
    at + usize::from(glyphs.get(at).is_some_and(|glyph| glyph.c == ' '))
}

/// The end of the longest domain from here: two labels at least, the last one with two letters first,
/// so that whatever is glued to it (a particle, a phone number) stays outside.
fn domain_end(glyphs: &[Glyph], start: usize) -> Option<usize> {
    let first_is_hangul = glyphs.get(start).is_some_and(|glyph| is_hangul(glyph.c));
    let mut end = None;
    let mut at = run(glyphs, start, |c| {
        is_label(c) || first_is_hangul && is_hangul(c)
    });
    if at == start {
        return None;
    }
    while glyphs.get(at).is_some_and(|glyph| glyph.c == '.') {
        let label = at + 1;
        let letters = glyphs.get(label..).map_or(0, |rest| {
            rest.iter()
                .take_while(|glyph| glyph.c.is_ascii_alphabetic())
                .count()
        });
        if letters >= 2 {
            end = Some(label + letters);
        }
        let next = glyphs
            .get(label..)
            .map_or(label, |_| run(glyphs, label, is_label));
        if next == label {
            break;
        }
        at = next;
    }
    end
}

pub(crate) fn is_label(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}
