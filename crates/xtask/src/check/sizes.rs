//! How long a file may be.
//!
//! Owns the two limits. Tests and tables may be longer, and a file that says near its top why
//! it must be: `// size: one table`. Invariant: what is counted is the code a reader must hold in
//! mind, so a file's own tests at its end do not count.

use super::Finding;
use crate::project::SourceFile;

const WARN_LINES: usize = 400;
const MOST_LINES: usize = 600;
/// How far down the reason may stand.
const TOP_LINES: usize = 20;

/// Checks one file.
pub(super) fn check(file: &SourceFile) -> Option<Finding> {
    if is_exempt(&file.path) || gives_a_reason(&file.text) {
        return None;
    }
    let lines = file
        .text
        .lines()
        .take_while(|line| line.trim_end() != "#[cfg(test)]")
        .count();
    let advice = format!(
        "{lines} lines: split it by what its parts own, or say `size: …` with the reason near its top"
    );
    if lines > MOST_LINES {
        Some(Finding::failure(&file.path, MOST_LINES, advice))
    } else if lines > WARN_LINES {
        Some(Finding::warning(&file.path, WARN_LINES, advice))
    } else {
        None
    }
}

fn is_exempt(path: &str) -> bool {
    // What others packaged is shipped as it came.
    if path.starts_with("public/fonts/") {
        return true;
    }
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    parts.any(|folder| folder == "tests" || folder == "tables")
        || matches!(stem, "tests" | "tables")
        || stem.ends_with("_tests")
        || stem.ends_with("_table")
}

/// Whether a comment near the top begins with `size:` and goes on.
fn gives_a_reason(text: &str) -> bool {
    text.lines().take(TOP_LINES).any(|line| {
        let line = line.trim();
        ["// size:", "/* size:"].iter().any(|start| {
            let reason = line.strip_prefix(start).unwrap_or_default();
            reason.chars().any(char::is_alphabetic)
        })
    })
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

    #[test]
    fn a_reason_near_the_top_is_accepted() {
        let with = |top: &str| {
            let file = SourceFile {
                path: "src/a.rs".to_owned(),
                text: format!("{top}\n{}", "x\n".repeat(900)),
            };
            check(&file).map(|finding| finding.severity)
        };
        assert_eq!(
            with("//! Doc.\n\n// size: one table, read as a whole"),
            None
        );
        assert_eq!(with("/* size: one sheet of icons */"), None);
        assert_eq!(with("// size:"), Some(Severity::Failure));
        let late = format!("{}// size: too late", "\n".repeat(30));
        assert_eq!(with(&late), Some(Severity::Failure));
    }
}
