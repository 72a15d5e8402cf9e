//! The first screen has all its letters in the small files that come with it.
//!
//! Owns the comparison of its sentences with the range that the style names. Invariant: a letter that is
//! missing would fetch half a megabyte before the first screen is whole, and is a finding.

use super::Finding;
use crate::project::SourceFile;

const STYLE: &str = "style/base.css";
/// The start of the names of files with sentences of the first screen.
const SENTENCES: &str = "locales/first.";
const RANGE: &str = "unicode-range:";

/// Checks the first screen's sentences against the style's first range.
pub(super) fn check(locales: &[SourceFile], styles: &[SourceFile]) -> Vec<Finding> {
    let style = styles.iter().find(|file| file.path == STYLE);
    let Some(spans) = style.and_then(|file| spans(&file.text)) else {
        let advice = "no `unicode-range`: run docs/fonts/first.py and put in what it prints";
        return vec![Finding::failure(STYLE, 1, advice)];
    };
    let firsts = locales
        .iter()
        .filter(|file| file.path.starts_with(SENTENCES));
    firsts.flat_map(|file| missing(file, &spans)).collect()
}

/// The letters of the first face, as spans.
fn spans(css: &str) -> Option<Vec<(u32, u32)>> {
    let range = css.split_once(RANGE)?.1;
    let range = range.split(['}', ';']).next()?;
    range.split(',').map(|span| span_of(span.trim())).collect()
}

fn span_of(text: &str) -> Option<(u32, u32)> {
    let text = text.strip_prefix("U+")?;
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let code = |digits| u32::from_str_radix(digits, 16).ok();
    Some((code(from)?, code(to)?))
}

fn missing(file: &SourceFile, spans: &[(u32, u32)]) -> Vec<Finding> {
    let has = |letter: char| {
        let code = u32::from(letter);
        spans.iter().any(|(from, to)| (*from..=*to).contains(&code))
    };
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.starts_with('#'))
        .filter_map(|(at, line)| {
            let letter = line.chars().find(|letter| !has(*letter))?;
            let advice =
                format!("the first screen's font has no `{letter}`: run docs/fonts/first.py");
            Some(Finding::failure(&file.path, at + 1, advice))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(sentences: &str, style: &str) -> Vec<String> {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let locales = [
            file("locales/first.ko.toml", sentences),
            file("locales/ko.toml", "b = \"힣\""),
        ];
        let found = check(&locales, &[file(STYLE, style)]);
        found.iter().map(ToString::to_string).collect()
    }

    const STYLE_TEXT: &str = "@font-face { unicode-range: U+20-7e,U+ac00,U+ac02-ac04 }";

    #[test]
    fn letters_in_the_range_are_fine() {
        assert!(findings("# 힣\na = \"가 각\"", &STYLE_TEXT.replace("ac02", "ac01")).is_empty());
    }

    #[test]
    fn a_letter_outside_is_found_with_its_line() {
        let found = findings("a = \"가\"\nb = \"각\"", STYLE_TEXT);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("locales/first.ko.toml:2: "),
            "{found:?}"
        );
    }

    #[test]
    fn a_style_without_a_range_is_found() {
        for style in ["", "unicode-range: U+xx", "unicode-range: 20"] {
            assert_eq!(findings("", style).len(), 1, "{style}");
        }
    }
}
