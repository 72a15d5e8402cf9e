//! How long a file may be.
//!
//! Owns the two limits. Tests and tables may be longer. Invariant: what is counted is the
//! code a reader must hold in mind, so a file's own tests at its end do not count.

use super::Finding;
use crate::project::SourceFile;

const WARN_LINES: usize = 400;
const MOST_LINES: usize = 600;

/// Checks one file.
pub(super) fn check(file: &SourceFile) -> Option<Finding> {
    if is_exempt(&file.path) {
        return None;
    }
    let lines = file
        .text
        .lines()
        .take_while(|line| line.trim_end() != "#[cfg(test)]")
        .count();
    let advice = format!("{lines} lines: split it by what its parts own");
    if lines > MOST_LINES {
        Some(Finding::failure(&file.path, MOST_LINES, advice))
    } else if lines > WARN_LINES {
        Some(Finding::warning(&file.path, WARN_LINES, advice))
    } else {
        None
    }
}

fn is_exempt(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    parts.any(|folder| folder == "tests" || folder == "tables")
        || matches!(stem, "tests" | "tables")
        || stem.ends_with("_tests")
        || stem.ends_with("_table")
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn severity(path: &str, lines: usize, then: &str) -> Option<Severity> {
        let file = SourceFile {
            path: path.to_owned(),
            text: "let a = 1;\n".repeat(lines) + then,
        };
        check(&file).map(|finding| finding.severity)
    }

    #[test]
    fn long_files_warn_and_longer_ones_fail() {
        assert_eq!(severity("src/a.rs", 400, ""), None);
        assert_eq!(severity("src/a.rs", 401, ""), Some(Severity::Warning));
        assert_eq!(severity("style/a.css", 601, ""), Some(Severity::Failure));
    }

    #[test]
    fn tests_and_tables_may_be_longer() {
        assert_eq!(severity("crates/server/tests/chat.rs", 900, ""), None);
        assert_eq!(severity("crates/core/src/hangul/tables.rs", 900, ""), None);
        let tests = format!("#[cfg(test)]\n{}", "x\n".repeat(900));
        assert_eq!(severity("src/a.rs", 100, &tests), None);
    }

    #[test]
    fn a_name_that_only_contains_the_word_is_not_exempt() {
        assert_eq!(severity("src/latests.rs", 900, ""), Some(Severity::Failure));
    }
}
