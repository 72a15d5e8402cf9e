//! Where a link leads: what stands in the parentheses after its words.

use super::escape::unescape;
use super::work;

/// Parentheses inside an address beyond this are no address.
const MAX_PARENTHESES: usize = 32;

/// What stands in the parentheses of a link.
pub(super) struct Target {
    /// The address, without its escapes.
    pub(super) url: String,
    /// How many bytes it takes with its parentheses.
    pub(super) length: usize,
    /// Whether the parenthesis is closed.
    pub(super) is_whole: bool,
}

impl Target {
    /// The target that follows a closing bracket. In a text that is still growing, an address that
    /// reaches to its end counts.
    pub(super) fn read(text: &str, is_open: bool) -> Option<Self> {
        let body = text.strip_prefix('(')?.trim_ascii_start();
        let (url, rest) = match body.strip_prefix('<') {
            Some(inner) => {
                let end = unescaped(inner, |c| matches!(c, '>' | '<' | '\n'))?;
                (&inner[..end], inner[end..].strip_prefix('>')?)
            }
            None => body.split_at(address_end(body)?),
        };
        let url = unescape(url);
        if rest.is_empty() && is_open {
            return Some(Self {
                url,
                length: text.len(),
                is_whole: false,
            });
        }
        let mut after = rest.trim_ascii_start();
        if after.len() < rest.len() && after.starts_with(['"', '\'', '(']) {
            let close = if after.starts_with('(') {
                ')'
            } else {
                after.chars().next()?
            };
            let title = &after[1..];
            let end = unescaped(title, |c| c == close || (c == '(' && close == ')'))?;
            after = title[end..].strip_prefix(close)?.trim_ascii_start();
        }
        let after = after.strip_prefix(')')?;
        Some(Self {
            url,
            length: text.len() - after.len(),
            is_whole: true,
        })
    }
}

/// Where an address without angle brackets ends: its parentheses are balanced.
fn address_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut is_too_deep = false;
    let end = unescaped(text, |c| {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            c => return c == ' ' || c.is_ascii_control(),
        }
        is_too_deep = depth > MAX_PARENTHESES;
        is_too_deep
    });
    let end = end.unwrap_or(text.len());
    (depth == 0).then_some(end)
}

/// Where the first character is that meets a condition and has no backslash before it.
fn unescaped(text: &str, mut is_end: impl FnMut(char) -> bool) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, c)| {
        work::add(1);
        let was_escaped = is_escaped;
        is_escaped = c == '\\' && !was_escaped;
        let is_literal = was_escaped && c.is_ascii_punctuation();
        (!is_literal && is_end(c)).then_some(at)
    })
}
