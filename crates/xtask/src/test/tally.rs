//! Counts of passed and failed tests, read from what the test programs print.
//!
//! Invariant: a run that did not end well, ignored a test or had none never counts as success.

use std::fmt::Write as _;
use std::time::Duration;

/// The counts of one layer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

/// A layer that has run.
#[derive(Debug)]
pub(super) struct LayerResult {
    pub(super) name: String,
    pub(super) tally: Tally,
    pub(super) took: Duration,
}

impl Tally {
    /// Takes in a line such as `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
    pub(super) fn read_line(&mut self, line: &str) {
        let Some(summary) = line.trim().strip_prefix("test result: ") else {
            return;
        };
        let counts = summary.split_once(". ").map_or("", |(_, counts)| counts);
        for part in counts.split(';') {
            let mut words = part.split_whitespace();
            let (Some(number), Some(word)) = (words.next(), words.next()) else {
                continue;
            };
            let number: u32 = number.parse().unwrap_or(0);
            match word {
                "passed" => self.passed += number,
                "failed" | "ignored" => self.failed += number,
                _ => {}
            }
        }
    }

    /// The run is over; `success` is what its exit status said.
    pub(super) fn finish(&mut self, success: bool) {
        let nothing_ran = self.passed == 0;
        if self.failed == 0 && (!success || nothing_ran) {
            self.failed = 1;
        }
    }

    pub(super) fn is_success(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }
}

/// The closing table and its last line.
pub(super) fn table(results: &[LayerResult]) -> String {
    let mut text = format!(
        "{:<14}{:>8}{:>8}{:>10}\n",
        "layer", "passed", "failed", "seconds"
    );
    for result in results {
        writeln!(
            text,
            "{:<14}{:>8}{:>8}{:>10.1}",
            result.name,
            result.tally.passed,
            result.tally.failed,
            result.took.as_secs_f64()
        )
        .ok();
    }
    let passed: u32 = results.iter().map(|result| result.tally.passed).sum();
    let failed: u32 = results.iter().map(|result| result.tally.failed).sum();
    writeln!(text, "\n{passed} passed, {failed} failed").ok();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str], success: bool) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.read_line(line);
        }
        tally.finish(success);
        tally
    }

    #[test]
    fn results_of_several_programs_add_up() {
        let lines = [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
        ];
        let tally = tally(&lines, false);
        assert_eq!((tally.passed, tally.failed), (5, 1));
        assert!(!tally.is_success());
    }

    #[test]
    fn a_run_that_did_not_compile_is_a_failure() {
        assert!(!tally(&[], false).is_success());
    }

    #[test]
    fn a_run_without_a_test_is_a_failure() {
        assert!(!tally(&["test result: ok. 0 passed; 0 failed; 0 ignored"], true).is_success());
    }

    #[test]
    fn an_ignored_test_is_a_failure() {
        assert!(!tally(&["test result: ok. 4 passed; 0 failed; 1 ignored"], true).is_success());
    }

    #[test]
    fn a_crash_after_passed_tests_is_a_failure() {
        assert!(!tally(&["test result: ok. 4 passed; 0 failed; 0 ignored"], false).is_success());
    }

    #[test]
    fn the_last_line_is_plain() {
        let layer = |name: &str, passed, failed| LayerResult {
            name: name.to_owned(),
            tally: Tally { passed, failed },
            took: Duration::from_millis(1500),
        };
        let text = table(&[layer("native", 10, 0), layer("web chromium", 3, 1)]);
        assert_eq!(text.lines().last(), Some("13 passed, 1 failed"));
        assert!(text.contains("native              10       0       1.5"));
        assert!(text.contains("web chromium         3       1       1.5"));
    }
}
