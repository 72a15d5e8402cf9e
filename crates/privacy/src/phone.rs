//! Korean phone numbers in every way people write them, and foreign ones with a plus.

use crate::glyph::{Digit, Gap, Glyph, before, digits, ends, grouped, starts_digits};
use crate::{Found, PHONE};

/// Digits of a subscriber number's last group.
const LAST: usize = 4;

/// A phone number that begins here.
pub(crate) fn find(glyphs: &[Glyph], start: usize) -> Option<Found> {
    if let Some(end) = spelled_end(glyphs, start) {
        return Some(Found {
            start,
            end,
            marker: PHONE,
        });
    }
    if !starts_digits(glyphs, start) {
        return None;
    }
    let digits = digits(glyphs, start);
    let place = Place::of(glyphs, start);
    let count = count(&digits, &place)?;
    let end = digits[count - 1].at + 1;
    if place.counts(glyphs, end) && grouped(&digits, count, &[]) && digits[0].value != 0 {
        return None;
    }
    Some(Found {
        start: with_signs(glyphs, start, end),
        end,
        marker: PHONE,
    })
}

/// What stands before the digits.
struct Place {
    plus: bool,
    /// A letter, or another number's tail: `A15881234`, `3.15881234`.
    glued: bool,
}

impl Place {
    fn of(glyphs: &[Glyph], start: usize) -> Self {
        let last = before(glyphs, start);
        let tail = last.is_some_and(|c| matches!(c, '.' | ',' | '-' | '/'))
            && before(glyphs, start - 1).is_some_and(|c| c.is_ascii_alphanumeric());
        Self {
            plus: last == Some('+'),
            glued: tail || last.is_some_and(|c| c.is_ascii_alphabetic()),
        }
    }

    /// Whether a unit follows: 15,881,234 won typed without commas is no phone number.
    fn counts(&self, glyphs: &[Glyph], end: usize) -> bool {
        let units = "원개명건번위%만억천배점년월일초분시회";
        !self.plus && glyphs.get(end).is_some_and(|glyph| units.contains(glyph.c))
    }
}

/// How many of the digits are a phone number.
fn count(digits: &[Digit], place: &Place) -> Option<usize> {
    international(digits, place.plus)
        .or_else(|| national(digits, place.glued))
        .or_else(|| without_zero(digits))
        .or_else(|| representative(digits, place.glued))
        .or_else(|| place.plus.then(|| foreign(digits)).flatten())
}

/// `+82 10…`, `82-10…`, `+82 (0)2…`.
fn international(digits: &[Digit], plus: bool) -> Option<usize> {
    let code = if starts(digits, &[0, 0, 8, 2]) { 4 } else { 2 };
    if code == 2 && !starts(digits, &[8, 2]) {
        return None;
    }
    let zero = usize::from(digits.get(code).is_some_and(|digit| digit.value == 0));
    let rest = digits.get(code + zero..)?;
    let plan = Plan::of(rest)?;
    let hyphens = grouped(digits, code, &[]) && digits.get(code)?.gap == Gap::Hyphen;
    if !plan.mobile && !plus && !hyphens && code == 2 {
        return None;
    }
    plan.fit(rest).map(|count| code + zero + count)
}

/// A number with its leading zero.
fn national(digits: &[Digit], glued: bool) -> Option<usize> {
    let rest = digits.get(1..).filter(|_| digits[0].value == 0)?;
    let plan = Plan::of(rest)?;
    let split = match rest.first()?.gap {
        Gap::Nothing => false,
        Gap::Space | Gap::Hyphen if plan.mobile => true,
        _ => return None,
    };
    let count = plan.fit(rest)?;
    // A row of bits is no number, nor is a serial number's tail.
    let bits = split && rest[..count].iter().all(|digit| digit.value < 2);
    if bits || glued && !plan.mobile {
        return None;
    }
    Some(count + 1)
}

/// `10-1234-5678`.
fn without_zero(digits: &[Digit]) -> Option<usize> {
    let hyphens = [2, 6]
        .iter()
        .all(|&at| digits.get(at).is_some_and(|d| d.gap == Gap::Hyphen));
    (starts(digits, &[1, 0]) && hyphens && grouped(digits, 10, &[2, 6]) && ends(digits, 10))
        .then_some(10)
}

/// `1588-1234`: the numbers of companies, which begin with 15, 16 or 18.
fn representative(digits: &[Digit], glued: bool) -> Option<usize> {
    const COUNT: usize = 8;
    const GIVEN: [u32; 30] = [
        1522, 1533, 1544, 1551, 1555, 1566, 1577, 1588, 1599, 1600, 1611, 1618, 1622, 1633, 1644,
        1655, 1660, 1661, 1666, 1668, 1670, 1688, 1800, 1811, 1833, 1844, 1855, 1866, 1877, 1899,
    ];
    let shape = grouped(digits, COUNT, &[]) || grouped(digits, COUNT, &[LAST]);
    let leads = [5, 6, 8].iter().any(|&second| starts(digits, &[1, second]));
    if glued || !leads || !shape || !ends(digits, COUNT) {
        return None;
    }
    let continued = digits
        .get(COUNT)
        .is_some_and(|digit| matches!(digit.gap, Gap::Hyphen | Gap::Dot));
    let number = |part: &[Digit]| {
        part.iter()
            .fold(0, |sum, digit| sum * 10 + u32::from(digit.value))
    };
    let first = number(&digits[..LAST]);
    let second = number(&digits[LAST..COUNT]);
    // 1592-1598 is a war.
    let years = second > first && second - first <= 150;
    let written = match digits[LAST].gap {
        Gap::Hyphen => !years,
        Gap::List => false,
        Gap::Nothing | Gap::Space | Gap::Dot => GIVEN.contains(&first),
    };
    (written && !continued).then_some(COUNT)
}

/// Any other country's number after a plus: ten to fifteen digits.
fn foreign(digits: &[Digit]) -> Option<usize> {
    let close = digits
        .iter()
        .take_while(|digit| !matches!(digit.gap, Gap::Dot | Gap::List))
        .count();
    (10..=close.min(15))
        .rev()
        .find(|&count| ends(digits, count))
}

fn starts(digits: &[Digit], values: &[u8]) -> bool {
    digits.len() >= values.len()
        && values
            .iter()
            .zip(digits)
            .all(|(value, digit)| *value == digit.value)
}

/// The numbering plan's entry for a prefix, without its leading zero.
struct Plan {
    prefix: usize,
    mobile: bool,
}

impl Plan {
    fn of(rest: &[Digit]) -> Option<Self> {
        let value = |at: usize| rest.get(at).map(|digit| digit.value);
        let (prefix, mobile) = match (value(0)?, value(1)?) {
            (1, 0 | 1 | 6..=9) => (2, true),
            (2, _) => (1, false),
            (3, 1..=3) | (4, 1..=4) | (5, 1..=5) | (6, 0..=4) | (7 | 8, 0) => (2, false),
            (3 | 5, 0) => (3, false),
            _ => return None,
        };
        Some(Self { prefix, mobile })
    }

    /// How many digits make a whole number: the usual grouping first, then what else people type.
    fn fit(&self, rest: &[Digit]) -> Option<usize> {
        let full = self.prefix + LAST + LAST;
        for count in [full, full - 1] {
            let usual = grouped(rest, count, &[self.prefix, count - LAST]);
            if usual && self.allows(rest, count) && (self.mobile || ends(rest, count)) {
                return Some(count);
            }
        }
        [full, full - 1].into_iter().find(|&count| {
            let whole = rest.len() >= count && ends(rest, count);
            whole && (self.mobile || self.fixed(rest, count)) && self.allows(rest, count)
        })
    }

    /// Gaps only where a fixed line's number may have them.
    fn fixed(&self, rest: &[Digit], count: usize) -> bool {
        let gaps: [&[usize]; 3] = [&[], &[self.prefix], &[count - LAST]];
        gaps.iter().any(|gaps| grouped(rest, count, gaps))
    }

    fn allows(&self, rest: &[Digit], count: usize) -> bool {
        self.mobile || rest[1..count].iter().all(|digit| digit.gap != Gap::List)
    }
}

/// `공일공-1234-5678` and `O1O 1234 5678`: the prefix in words or look-alikes, the rest in digits.
fn spelled_end(glyphs: &[Glyph], start: usize) -> Option<usize> {
    let prefix = glyphs.get(start..start + 3)?;
    let zero = |c: char| matches!(c, '공' | '영' | 'O' | 'o' | '0');
    let one = |c: char| matches!(c, '일' | 'l' | 'I' | '1');
    let digits_only = prefix.iter().all(|glyph| glyph.c.is_ascii_digit());
    if digits_only || !zero(prefix[0].c) || !one(prefix[1].c) || !zero(prefix[2].c) {
        return None;
    }
    if before(glyphs, start).is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let gap = glyphs[start + 3..]
        .iter()
        .take(3)
        .take_while(|glyph| " -.)".contains(glyph.c))
        .count();
    let first = start + 3 + gap;
    let digits = digits(glyphs, first);
    let shape = grouped(&digits, 8, &[]) || grouped(&digits, 8, &[LAST]);
    (shape && ends(&digits, 8)).then(|| digits[7].at + 1)
}

/// Takes in the plus before a number and the parenthesis that opens before it and closes inside.
fn with_signs(glyphs: &[Glyph], start: usize, end: usize) -> usize {
    let mut start = start;
    let count = |c: char| {
        glyphs[start..end]
            .iter()
            .filter(|glyph| glyph.c == c)
            .count()
    };
    let open = count(')') > count('(');
    if before(glyphs, start) == Some('+') {
        start -= 1;
    }
    if open && before(glyphs, start) == Some('(') {
        start -= 1;
    }
    start
}
