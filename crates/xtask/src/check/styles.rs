//! Colours live in `tokens.css`, and nothing shouts.
//!
//! Owns the search for colour literals outside the tokens and for forced declarations.
//! Invariant: selectors and comments are not mistaken for values.

use super::Finding;
use crate::project::SourceFile;

const TOKENS: &str = "style/tokens.css";
const COLOUR_FUNCTIONS: [&str; 8] = [
    "rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch(",
];

/// Checks one style sheet.
pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    let css = without_comments(&file.text);
    let mut findings = Vec::new();
    for (at, line) in css.lines().enumerate() {
        if line.contains("!important") {
            let advice = "`!important`: order the rules by `@layer` instead";
            findings.push(Finding::failure(&file.path, at + 1, advice));
        }
    }
    if file.path == TOKENS {
        return findings;
    }
    for (line, value) in values(&css) {
        if let Some(colour) = colour_literal(value) {
            let advice = format!("`{colour}` is a literal: name it in {TOKENS} and use `var()`");
            findings.push(Finding::failure(&file.path, line, advice));
        }
    }
    findings
}

/// The same text with comments blanked and lines kept.
fn without_comments(text: &str) -> String {
    let mut css = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        css.push_str(before);
        let (inside, after) = comment.split_once("*/").unwrap_or((comment, ""));
        css.extend(inside.matches('\n'));
        rest = after;
    }
    css.push_str(rest);
    css
}

/// The values of declarations with the line each starts at.
fn values(css: &str) -> Vec<(usize, &str)> {
    let mut values = Vec::new();
    let mut line = 1;
    for (part, end) in parts(css) {
        if end != Some('{')
            && let Some((name, value)) = part.split_once(':')
        {
            values.push((line + name.matches('\n').count(), value));
        }
        line += part.matches('\n').count();
    }
    values
}

/// Pieces between `{`, `}` and `;`, each with what ended it.
fn parts(css: &str) -> impl Iterator<Item = (&str, Option<char>)> {
    css.split_inclusive(['{', '}', ';']).map(|part| {
        let end = part.chars().last().filter(|end| "{};".contains(*end));
        (part, end)
    })
}

fn colour_literal(value: &str) -> Option<&str> {
    let function = COLOUR_FUNCTIONS
        .iter()
        .find(|function| has_word(value, function))
        .copied();
    function.or_else(|| {
        value.match_indices('#').find_map(|(at, _)| {
            let digits = value[at + 1..]
                .find(|letter: char| !letter.is_ascii_alphanumeric())
                .map_or(&value[at + 1..], |end| &value[at + 1..at + 1 + end]);
            let is_colour = matches!(digits.len(), 3 | 4 | 6 | 8)
                && digits.chars().all(|letter| letter.is_ascii_hexdigit());
            is_colour.then(|| &value[at..=at + digits.len()])
        })
    })
}

/// `lab(` stands alone in `lab(50% 0 0)`, not in `oklab(`.
fn has_word(value: &str, word: &str) -> bool {
    value.match_indices(word).any(|(at, _)| {
        !value[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        check(&file).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn colours_are_found_where_they_stand() {
        let text = "/* #fff\n */\na {\n  color: #1a2b3c;\n  background: rgb(0 0 0);\n  border: 1px solid #FFF }";
        assert_eq!(lines("style/chat.css", text), [4, 5, 6]);
        assert!(lines(TOKENS, text).is_empty());
    }

    #[test]
    fn selectors_and_variables_are_no_colours() {
        let text = "#add:hover, #fee { color: var(--ink); mask: url(#facade1); }\n@media (width > 3px) { a { color: inherit } }";
        assert!(lines("style/chat.css", text).is_empty());
    }

    #[test]
    fn the_force_mark_is_found_in_every_file() {
        assert_eq!(lines(TOKENS, "a { color: red !important; }"), [1]);
        assert!(lines(TOKENS, "/* !important */ a { color: red; }").is_empty());
    }
}
