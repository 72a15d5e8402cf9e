//! Numbers on documents: resident and alien registration, cards, Korean passports.

use crate::glyph::{Digit, Gap, Glyph, before, digits, ends, grouped, starts_digits};
use crate::{CARD, Found, PASSPORT, RESIDENT};

/// A document's number that begins here.
pub(crate) fn find(glyphs: &[Glyph], start: usize) -> Option<Found> {
    if let Some(end) = passport_end(glyphs, start) {
        return Some(Found {
            start,
            end,
            marker: PASSPORT,
        });
    }
    if !starts_digits(glyphs, start) {
        return None;
    }
    let digits = digits(glyphs, start);
    let (count, marker) = if is_resident(&digits) {
        (13, RESIDENT)
    } else {
        (card_digits(&digits)?, CARD)
    };
    Some(Found {
        start,
        end: digits[count - 1].at + 1,
        marker,
    })
}

fn number(digits: &[Digit]) -> u32 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + u32::from(digit.value))
}

/// Birth date, then 1 to 8 for sex, century and whether alien. The old check digit says nothing:
/// numbers given since October 2020 have none.
fn is_resident(digits: &[Digit]) -> bool {
    const BIRTH: usize = 6;
    let shape = grouped(digits, 13, &[]) || grouped(digits, 13, &[BIRTH]);
    if !shape || !ends(digits, 13) || matches!(digits[BIRTH].gap, Gap::List) {
        return false;
    }
    let month = number(&digits[2..4]);
    let day = number(&digits[4..BIRTH]);
    (1..=12).contains(&month) && (1..=31).contains(&day) && (1..=8).contains(&digits[BIRTH].value)
}

/// How many digits the card number that begins here has.
fn card_digits(digits: &[Digit]) -> Option<usize> {
    [16, 15, 14, 19, 18, 17, 13]
        .into_iter()
        .find(|&count| digits.len() >= count && is_card(&digits[..count]) && ends(digits, count))
}

fn is_card(digits: &[Digit]) -> bool {
    let count = digits.len();
    let whole = grouped(digits, count, &[]);
    let fours: Vec<usize> = (4..count).step_by(4).collect();
    let shape = whole || grouped(digits, count, &fours) || grouped(digits, count, &[4, 10]);
    let loose = digits.iter().any(|digit| digit.gap == Gap::List);
    // In one piece, a leading 0 or 1 is a serial number or a time in milliseconds, 20 a date.
    let stamp = whole && (digits[0].value < 2 || number(&digits[..2]) == 20);
    shape && !loose && !stamp && luhn(digits)
}

fn luhn(digits: &[Digit]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(digit.value) {
            value if place % 2 == 0 => value,
            value if value > 4 => value * 2 - 9,
            value => value * 2,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| digit.value != 0)
}

/// `M12345678`, and since 2020 `M123A4567`, in either case.
fn passport_end(glyphs: &[Glyph], start: usize) -> Option<usize> {
    const LENGTH: usize = 9;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let written = glyphs.get(start..start + LENGTH)?;
    let first = written[0].c.to_ascii_uppercase();
    if !matches!(first, 'M' | 'S' | 'R' | 'G' | 'D' | 'O') {
        return None;
    }
    let rest = written[1..].iter().enumerate().all(|(place, glyph)| {
        glyph.c.is_ascii_digit() || place == 3 && glyph.c.is_ascii_alphabetic()
    });
    let end = start + LENGTH;
    let alone = !before(glyphs, start).is_some_and(is_word)
        && !glyphs.get(end).is_some_and(|glyph| is_word(glyph.c));
    (rest && alone).then_some(end)
}
