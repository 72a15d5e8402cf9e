//! Words that have no place in a file of the project.
//!
//! Owns the list: notes to oneself, folders of one machine, tests that are switched off.
//! Invariant: the list is written so that this file itself passes.

use super::Finding;
use crate::project::SourceFile;

/// Text files that are looked at.
pub(super) const EXTENSIONS: [&str; 9] = [
    "rs",
    "toml",
    "md",
    "css",
    "js",
    "html",
    "sh",
    "json",
    "webmanifest",
];

const FORBIDDEN: [(&str, &str); 7] = [
    (concat!("TO", "DO"), "do it, or write an issue"),
    (concat!("FIX", "ME"), "mend it, or write an issue"),
    (concat!("/ro", "ot/"), "use a path relative to the project"),
    (concat!("/ho", "me/"), "use a path relative to the project"),
    (concat!("/wo", "rk/"), "use a path relative to the project"),
    (concat!("#[ig", "nore"), "a test runs or does not exist"),
    (concat!("#[should_", "panic"), "assert on an error instead"),
];

/// Checks one text file.
pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        for (word, advice) in FORBIDDEN {
            if has_word(line, word) {
                let advice = format!("`{word}` is not allowed: {advice}");
                findings.push(Finding::failure(&file.path, at + 1, advice));
            }
        }
    }
    findings
}

/// Whether the line holds the word with no letter or path before it.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let glued = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '.');
        !glued
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let file = SourceFile {
            path: "docs/a.md".to_owned(),
            text: text.to_owned(),
        };
        check(&file).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn every_word_is_found_with_its_line() {
        for (word, _) in FORBIDDEN {
            assert_eq!(lines(&format!("fine\nhere: {word}x")), [2], "{word}");
        }
    }

    #[test]
    fn parts_of_other_paths_are_fine() {
        let address = concat!("see example.org/ho", "me/ and src/ro", "ot/a.rs");
        assert!(lines(address).is_empty());
        assert!(lines("a plain line").is_empty());
    }
}
