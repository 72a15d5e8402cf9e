//! Characters written in another way: backslashes and entities.

/// The entities models write; the others stay as they are.
const ENTITIES: &str = " amp & lt < gt > quot \" apos ' nbsp \u{A0} copy © reg ® trade ™ deg ° \
    middot · bull • hellip … ndash – mdash — lsquo ‘ rsquo ’ ldquo “ rdquo ” laquo « raquo » \
    times × divide ÷ plusmn ± frac12 ½ larr ← uarr ↑ rarr → darr ↓ le ≤ ge ≥ ne ≠ infin ∞ \
    euro € pound £ yen ¥ cent ¢ sect § para ¶ check ✓";

/// The word after `name` in a list of pairs that begins with a space.
pub(super) fn find<'a>(pairs: &'a str, name: &str) -> Option<&'a str> {
    // Searching the text beats going through its words: a formula asks for every command.
    let word = [" ", name, " "].concat();
    let (_, after) = pairs.split_once(&*word)?;
    after.split(' ').next()
}

/// The character of a backslash or an entity at the start of a text, and its length in bytes.
pub(super) fn character(text: &str) -> Option<(char, usize)> {
    if let Some(rest) = text.strip_prefix('\\') {
        let c = rest.chars().next().filter(char::is_ascii_punctuation)?;
        return Some((c, 2));
    }
    // The longest is `&#1234567;`.
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(10).position(|byte| byte == b';')?;
    let name = &body[..end];
    let c = match name.strip_prefix('#') {
        Some(number) => by_number(number)?,
        None => find(ENTITIES, name)?.chars().next()?,
    };
    Some((c, end + 2))
}

fn by_number(number: &str) -> Option<char> {
    let (digits, radix, longest) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 6),
        None => (number, 10, 7),
    };
    if digits.len() > longest || digits.starts_with('+') {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    Some(
        char::from_u32(code)
            .filter(|c| *c != '\0')
            .unwrap_or('\u{FFFD}'),
    )
}

/// A text without its backslashes and entities.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (c, used) = character(rest).unwrap_or((c, c.len_utf8()));
        plain.push(c);
        rest = &rest[used..];
    }
    plain
}
