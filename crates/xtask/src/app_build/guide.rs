//! The guide's worker: a Wasm binary of its own, which a tablet loads only where no server is in
//! reach.
//!
//! Owns its inputs and its build in a folder of its own below `target/`. Invariant: it is no part of a
//! page's first load; what is kept for a start without a network has it.

use std::fs;
use std::path::PathBuf;

use super::stamp::Stamp;
use super::{Error, app, wasm};
use crate::compress;
use crate::fingerprint;
use crate::process;
use crate::project::Project;
use crate::step;
use crate::tools::{Tools, WASM_TARGET};

const BINARY: &str = "guide_worker";
/// The script that the page starts, and its place in the built folder.
const SCRIPT: &str = "public/guide-worker.js";
const SCRIPT_NAME: &str = "worker.js";
const INPUTS: [&str; 8] = [
    "crates/core",
    "crates/guide",
    "crates/privacy",
    "crates/wire",
    "src/bin/guide_worker.rs",
    SCRIPT,
    "Cargo.toml",
    "Cargo.lock",
];
/// Where the worker is built.
pub(super) fn folder(project: &Project) -> PathBuf {
    project.scratch_dir().join("apps").join("guide")
}

/// Where it stands below `dist/`: the app asks for the worker of its own build.
pub(super) fn place(id: &str) -> String {
    format!("guide/{id}/")
}

/// Builds the worker if it is out of date. It shares its crates with the visitor's app, which is
/// told the same id.
pub(super) fn build(project: &Project, tools: &Tools, id: &str) -> Result<String, Error> {
    let source = source(project, tools)?;
    let stamp = Stamp::beside(project, folder(project));
    if !stamp.is_of(&source)? {
        step::announce("guide's worker: building for release");
        compile(project, tools, id)?;
        bind(project, tools)?;
        compress::compress_all(project.files_in(&folder(project))?)?;
        stamp.set(&source)?;
    }
    Ok(format!(
        "{} bytes with brotli, in no first load",
        transferred(project)?
    ))
}

fn source(project: &Project, tools: &Tools) -> Result<String, Error> {
    let mut files = Vec::new();
    for input in INPUTS {
        files.extend(project.files_below(input)?);
    }
    let salt = format!("{}\n{}", wasm::OPTIMISE.join(" "), tools.versions());
    Ok(fingerprint::of(project, &files, &salt)?)
}

fn compile(project: &Project, tools: &Tools, id: &str) -> Result<(), Error> {
    let mut cargo = tools.command("cargo");
    cargo
        .current_dir(project.root())
        .args(["build", "--quiet", "--offline", "--package", "kiosk"])
        .args(["--bin", BINARY, "--profile", wasm::PROFILE])
        .args(["--target", WASM_TARGET])
        .env("KIOSK_BUILD", id)
        .env(app::FLAGS, app::remap_flags(project, tools)?);
    Ok(process::run(&mut cargo)?)
}

/// Makes the scripts around the binary, and the binary small.
fn bind(project: &Project, tools: &Tools) -> Result<(), Error> {
    let folder = folder(project);
    // What an earlier build left would end up in `dist/`.
    if folder.is_dir() {
        fs::remove_dir_all(&folder).map_err(|source| super::failed(&folder, source))?;
    }
    wasm::bind(tools, &wasm::built(project, BINARY), "guide", &folder, &[])?;
    wasm::optimise(tools, &folder.join("guide_bg.wasm"))?;
    let script = project.path(SCRIPT);
    let text = fs::read(&script).map_err(|source| super::failed(&script, source))?;
    super::write(&folder.join(SCRIPT_NAME), &text)
}

fn transferred(project: &Project) -> Result<u64, Error> {
    let mut total = 0;
    for file in project.files_in(&folder(project))? {
        let name = file.to_string_lossy();
        if !name.ends_with(".br") && !name.ends_with(".gz") {
            total += super::transferred(&file)?;
        }
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_and_script_exist() {
        let project = Project::locate().unwrap();
        for input in INPUTS {
            assert!(!project.files_below(input).unwrap().is_empty(), "{input}");
        }
    }

    #[test]
    fn the_worker_stands_where_its_app_asks() {
        assert_eq!(place("1.0.0+abc1234"), "guide/1.0.0+abc1234/");
    }
}
