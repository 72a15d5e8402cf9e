//! Clients that know nothing of booths: those of OpenAI's interface, which the server's tests put before it
//! as their users do, and schemathesis, which knows nothing but `/openapi.json`.
//!
//! Owns which, in what versions, and where they are kept. Invariant: a set of other versions lies in
//! another folder, and a set is complete before a test runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Error, cache_folder};
use crate::process;
use crate::step;

/// Goes up with every version below.
const SET: &str = "clients-2";
const FOR_PYTHON: [&str; 5] = [
    "openai==3.57.0",
    "langchain-openai==1.7.4",
    "llm==0.36",
    "schemathesis==4.32.5",
    // What makes the calls up, so that the same seed makes the same.
    "hypothesis==6.170.17",
];
const FOR_NODE: [&str; 5] = [
    "openai@6.49.0",
    "ai@6.0.326",
    "@ai-sdk/openai-compatible@2.0.92",
    "@langchain/openai@1.5.8",
    "@langchain/core@1.4.0",
];

/// Answers their folder, `BOOTH_CLIENTS` or one of the cache; what is missing there is installed.
pub(super) fn ensure() -> Result<PathBuf, Error> {
    if let Some(given) = std::env::var_os("BOOTH_CLIENTS") {
        return Ok(given.into());
    }
    let root = cache_folder()?.join(SET);
    let last_written = root.join("node/package-lock.json");
    let commands = commands(&root);
    ensure_set("clients of the server's interface", &last_written, commands)?;
    Ok(root)
}

fn commands(root: &Path) -> [Command; 3] {
    let python = root.join("python");
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&python);
    let mut install = Command::new(python.join("bin/python"));
    install
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(FOR_PYTHON);
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-fund", "--no-audit", "--prefix"])
        .arg(root.join("node"))
        .args(FOR_NODE);
    [make, install, npm]
}

/// Runs what installs a set, unless the file that is written last is there.
pub(super) fn ensure_set(
    what: &str,
    last_written: &Path,
    commands: impl IntoIterator<Item = Command>,
) -> Result<(), Error> {
    step::step(what, || {
        if last_written.is_file() {
            return Ok("kept in the cache".to_owned());
        }
        for mut command in commands {
            process::run(&mut command).map_err(|error| Error::Missing {
                what: what.to_owned(),
                reason: error.to_string(),
                command: process::line(&command),
            })?;
        }
        Ok::<_, Error>("installed".to_owned())
    })?;
    Ok(())
}
