//! The text as the scanner sees it: characters folded to their plain form, and digits in groups.

/// A folded character and where it begins in the text.
#[derive(Clone, Copy)]
pub(crate) struct Glyph {
    pub(crate) c: char,
    pub(crate) byte: usize,
}

/// What stands between a digit and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    Nothing,
    Space,
    Hyphen,
    Dot,
    /// A comma, a slash or a tilde: as likely between two numbers as inside one.
    List,
}

/// A digit with its place and the gap before it.
#[derive(Clone, Copy)]
pub(crate) struct Digit {
    pub(crate) value: u8,
    pub(crate) at: usize,
    pub(crate) gap: Gap,
}

/// No number that is masked has more digits than this, nor more glyphs in one gap.
const MAX_DIGITS: usize = 24;
const MAX_GAP: usize = 3;

pub(crate) fn read(text: &str) -> Vec<Glyph> {
    text.char_indices()
        .map(|(byte, c)| Glyph { c: fold(c), byte })
        .collect()
}

/// Full-width forms, and the many dashes, spaces and dots, as ASCII.
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\t'
        | '\u{a0}'
        | '\u{ad}'
        | '\u{2000}'..='\u{200d}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{2060}'
        | '\u{3000}'
        | '\u{feff}' => ' ',
        // The vowel ㅡ and the kana length mark are typed as dashes, too.
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{30fc}'
        | '\u{3161}'
        | '\u{fe58}'
        | '\u{fe63}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{318d}'
        | '\u{30fb}' => '.',
        c => c,
    }
}

pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㆎ')
}

/// The glyph before this place.
pub(crate) fn before(glyphs: &[Glyph], at: usize) -> Option<char> {
    at.checked_sub(1)
        .and_then(|at| glyphs.get(at))
        .map(|glyph| glyph.c)
}

/// Whether a run of digits begins here.
pub(crate) fn starts_digits(glyphs: &[Glyph], at: usize) -> bool {
    glyphs.get(at).is_some_and(|glyph| glyph.c.is_ascii_digit())
        && !before(glyphs, at).is_some_and(|c| c.is_ascii_digit())
}

/// The digits from here on, over gaps.
pub(crate) fn digits(glyphs: &[Glyph], start: usize) -> Vec<Digit> {
    let mut found = Vec::with_capacity(MAX_DIGITS);
    let mut at = start;
    let mut gap = Gap::Nothing;
    for _ in 0..MAX_DIGITS {
        let Some(value) = value(glyphs, at) else {
            break;
        };
        found.push(Digit { value, at, gap });
        let next = (at + 1..)
            .take(MAX_GAP + 1)
            .find(|&next| !is_gap(glyphs, next));
        let Some(next) = next else { break };
        gap = gap_of(&glyphs[at + 1..next]);
        at = next;
    }
    found
}

fn value(glyphs: &[Glyph], at: usize) -> Option<u8> {
    let digit = glyphs.get(at)?.c.to_digit(10)?;
    u8::try_from(digit).ok()
}

fn is_gap(glyphs: &[Glyph], at: usize) -> bool {
    glyphs
        .get(at)
        .is_some_and(|glyph| matches!(glyph.c, ' ' | '-' | '.' | '(' | ')' | '_' | ',' | '/' | '~'))
}

fn gap_of(between: &[Glyph]) -> Gap {
    let holds = |wanted: &[char]| between.iter().any(|glyph| wanted.contains(&glyph.c));
    if between.is_empty() {
        Gap::Nothing
    } else if holds(&[',', '/', '~']) {
        Gap::List
    } else if holds(&['.']) {
        Gap::Dot
    } else if holds(&['-', '(', ')', '_']) {
        Gap::Hyphen
    } else {
        Gap::Space
    }
}

/// Whether a group of digits ends after `count` of them.
pub(crate) fn ends(digits: &[Digit], count: usize) -> bool {
    digits.len() == count
        || digits
            .get(count)
            .is_some_and(|digit| digit.gap != Gap::Nothing)
}

/// Whether the first `count` digits have gaps at exactly these places.
pub(crate) fn grouped(digits: &[Digit], count: usize, gaps: &[usize]) -> bool {
    digits.len() >= count
        && (1..count).all(|at| (digits[at].gap != Gap::Nothing) == gaps.contains(&at))
}
