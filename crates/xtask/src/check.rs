//! `cargo xtask check`: format, clippy for both targets, licences and sources of crates,
//! spelling, and the project's own conventions.
//!
//! Owns the order and the report. The conventions live one a module below, as pure functions
//! from texts to findings. Invariant: every finding names file, line and what to do, and one
//! failed part never hides the next.

mod crates;
mod layers;
mod letters;
mod outside;
mod rust_text;
mod sizes;
mod styles;
mod translations;
mod words;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::graph;
use crate::process;
use crate::project::{self, Project, SourceFile};
use crate::step;
use crate::tools::{self, Purpose, Tools};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Project(#[from] project::Error),
    #[error(transparent)]
    Tools(#[from] tools::Error),
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error(transparent)]
    Graph(#[from] graph::Error),
    #[error("`cargo metadata` answered something unreadable: {0}")]
    Metadata(#[from] serde_json::Error),
    #[error("{path} could not be written: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("{0} of the checks failed")]
    Failed(usize),
    #[error("{0} findings")]
    Findings(usize),
}

/// Something that breaks a convention, or nearly does.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    advice: String,
    severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    Warning,
    Failure,
}

impl Finding {
    fn failure(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            advice: advice.into(),
            severity: Severity::Failure,
        }
    }

    fn warning(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::failure(path, line, advice)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.severity {
            Severity::Warning => "warning: ",
            Severity::Failure => "",
        };
        write!(
            formatter,
            "{}:{}: {mark}{}",
            self.path, self.line, self.advice
        )
    }
}

/// Runs every check and fails if one did.
pub(crate) fn check(project: &Project, online: bool) -> Result<(), Error> {
    let tools = tools::set_up(project, Purpose::Lint)?;
    step::heading("check");
    let mut outcomes = vec![
        step::step("format", || {
            format(project, &tools).map(|()| done("as rustfmt writes it"))
        }),
        step::step("clippy, native", || {
            clippy_native(project, &tools).map(|()| done("no warning"))
        }),
        step::step("clippy, wasm", || {
            clippy_wasm(project, &tools).map(|()| done("no warning"))
        }),
        step::step("dependency directions", || {
            let mut findings = crates::check(&metadata(project, &tools)?);
            for file in &rust_files(project)? {
                findings.extend(layers::check(file));
            }
            report(&findings)
        }),
        step::step("file sizes", || report(&sizes(project)?)),
        step::step("translations", || report(&translations(project)?)),
        step::step("styles", || report(&styles(project)?)),
        step::step("words", || report(&words(project)?)),
        step::step("spelling", || {
            outside::spelling(project, &tools).map(|()| done("nothing found"))
        }),
        step::step("licences, bans, sources", || {
            outside::crates(project, &tools).map(|()| done("as deny.toml allows"))
        }),
    ];
    if online {
        outcomes.push(step::step("advisories", || {
            outside::advisories(project, &tools).map(|()| done("nothing found"))
        }));
    }
    let failed: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    for error in &failed {
        eprintln!("xtask: {error}");
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Error::Failed(failed.len()))
    }
}

fn done(said: &str) -> String {
    said.to_owned()
}

fn format(project: &Project, tools: &Tools) -> Result<(), Error> {
    let mut command = cargo(project, tools);
    command.args(["fmt", "--all", "--check"]);
    Ok(process::run(&mut command)?)
}

fn clippy_native(project: &Project, tools: &Tools) -> Result<(), Error> {
    let mut command = cargo(project, tools);
    command.args(["clippy", "--quiet", "--workspace", "--all-targets"]);
    command.args(["--", "--deny", "warnings"]);
    Ok(process::run(&mut command)?)
}

/// The page has rules of its own: what panics on Wasm is refused there alone.
fn clippy_wasm(project: &Project, tools: &Tools) -> Result<(), Error> {
    let mut command = cargo(project, tools);
    command
        .env("CLIPPY_CONF_DIR", project.path(".config/clippy-wasm"))
        .args(["clippy", "--quiet", "--package", "kiosk", "--all-targets"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--", "--deny", "warnings"]);
    Ok(process::run(&mut command)?)
}

fn cargo(project: &Project, tools: &Tools) -> Command {
    let mut command = tools.command("cargo");
    command.current_dir(project.root());
    command
}

fn metadata(project: &Project, tools: &Tools) -> Result<serde_json::Value, Error> {
    let mut command = cargo(project, tools);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    Ok(serde_json::from_str(&process::capture(&mut command)?)?)
}

fn rust_files(project: &Project) -> Result<Vec<SourceFile>, Error> {
    Ok(project.texts_below("", &["rs"])?)
}

fn sizes(project: &Project) -> Result<Vec<Finding>, Error> {
    let files = project.texts_below("", &["rs", "css", "js"])?;
    Ok(files.iter().filter_map(sizes::check).collect())
}

fn translations(project: &Project) -> Result<Vec<Finding>, Error> {
    let locales = project.texts_below("locales", &["toml"])?;
    let sources = project.texts_below("src", &["rs"])?;
    Ok(translations::check(&locales, &sources))
}

fn styles(project: &Project) -> Result<Vec<Finding>, Error> {
    let files = project.texts_below("style", &["css"])?;
    let locales = project.texts_below("locales", &["toml"])?;
    let mut findings: Vec<Finding> = files.iter().flat_map(styles::check).collect();
    findings.extend(letters::check(&locales, &files));
    Ok(findings)
}

fn words(project: &Project) -> Result<Vec<Finding>, Error> {
    let files = project.texts_below("", &words::EXTENSIONS)?;
    Ok(files.iter().flat_map(words::check).collect())
}

/// Prints the findings; warnings alone are no failure.
fn report(findings: &[Finding]) -> Result<String, Error> {
    for finding in findings {
        println!("{finding}");
    }
    let failures = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Failure)
        .count();
    let warnings = findings.len() - failures;
    match (failures, warnings) {
        (0, 0) => Ok(done("nothing found")),
        (0, warnings) => Ok(format!("{warnings} warnings")),
        (failures, _) => Err(Error::Findings(failures)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_can_be_opened_by_an_editor() {
        let finding = Finding::failure("src/a.rs", 7, "move it");
        assert_eq!(finding.to_string(), "src/a.rs:7: move it");
    }

    #[test]
    fn warnings_pass_and_failures_do_not() {
        let warning = Finding::warning("a", 1, "x");
        assert!(report(&[]).is_ok());
        assert!(report(std::slice::from_ref(&warning)).is_ok());
        assert!(report(&[warning, Finding::failure("a", 1, "x")]).is_err());
    }
}
