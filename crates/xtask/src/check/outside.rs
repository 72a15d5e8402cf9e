//! What tools of others check: licences, bans and sources of crates, and spelling.
//!
//! Owns how they are asked. Their rules stand in `deny.toml` and `typos.toml`. Invariant: without
//! `--online` nothing asks the network.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::Error;
use crate::graph;
use crate::process;
use crate::project::Project;
use crate::tools::{Tools, WASM_TARGET};

/// Licences, bans and sources of every crate that is built for a platform we ship.
pub(super) fn crates(project: &Project, tools: &Tools) -> Result<(), Error> {
    let mut command = deny(project, tools)?;
    command
        .args(["--offline", "check", "--hide-inclusion-graph"])
        .args(["bans", "licenses", "sources"]);
    Ok(process::run(&mut command)?)
}

/// Known vulnerabilities, from the public database.
pub(super) fn advisories(project: &Project, tools: &Tools) -> Result<(), Error> {
    let mut command = deny(project, tools)?;
    command.args(["check", "advisories"]);
    Ok(process::run(&mut command)?)
}

/// It would ask cargo for the crates of every platform, of which most were never fetched.
fn deny(project: &Project, tools: &Tools) -> Result<Command, Error> {
    let host = graph::host()?;
    let metadata = graph::metadata(project, tools, &[&host, WASM_TARGET])?;
    let path: PathBuf = project.scratch_dir().join("metadata.json");
    let failed = |source| Error::Write {
        path: path.clone(),
        source,
    };
    fs::create_dir_all(project.scratch_dir()).map_err(failed)?;
    fs::write(&path, metadata).map_err(failed)?;
    let mut command = tools.command("cargo-deny");
    command
        .current_dir(project.root())
        .args(["--log-level", "error", "--workspace", "--metadata-path"])
        .arg(path);
    Ok(command)
}

/// English in sources and documents.
pub(super) fn spelling(project: &Project, tools: &Tools) -> Result<(), Error> {
    let mut command = tools.command("typos");
    command
        .current_dir(project.root())
        .args(["--format", "brief"]);
    Ok(process::run(&mut command)?)
}
