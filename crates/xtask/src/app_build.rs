//! Builds both release apps into `dist/` and the server that carries them.
//!
//! Owns the order: the two apps, the guide's worker, what is put together in `dist/`, the server.
//! Invariant: `dist/` holds exactly what their own folders hold and the service worker's list of it,
//! so a `trunk serve` in between never ends up inside the server.

mod app;
mod assemble;
mod guide;
mod parts;
mod precache;
mod stamp;
mod wasm;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::compress;
use crate::fingerprint;
use crate::graph;
use crate::licences;
use crate::process;
use crate::project::{self, Project};
use crate::step;
use crate::style_bundle;
use crate::tools::Tools;
use app::{App, CONSOLE, VISITOR};

/// Where the server looks for the list of what it carries.
const LICENCE_LIST: &str = "licences/third-party.txt";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error(transparent)]
    Project(#[from] project::Error),
    #[error(transparent)]
    Compress(#[from] compress::Error),
    #[error(transparent)]
    Style(#[from] style_bundle::Error),
    #[error(transparent)]
    Fingerprint(#[from] fingerprint::Error),
    #[error(transparent)]
    Licences(#[from] licences::Error),
    #[error(transparent)]
    Graph(#[from] graph::Error),
    #[error("{path} could not be used: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the build left no {0}")]
    Missing(PathBuf),
    #[error("the visitor's page does not name its program in `data-wasm`")]
    NoProgram,
    #[error("the app could not be taken apart: {0}")]
    Parts(String),
    #[error(
        "the first load takes {total} bytes and may take {budget}: something that should come later \
         is called by the first screen"
    )]
    TooMuchFirst { total: u64, budget: u64 },
    #[error("{0} has no line that takes the list of files")]
    NoGap(&'static str),
}

/// Builds what is out of date; answers where the server is.
pub(crate) fn build(project: &Project, tools: &Tools) -> Result<PathBuf, Error> {
    let id = build_apps(project, tools)?;
    build_server(project, &id, "release", &[])
}

/// Builds both apps and fills `dist/`; answers the build's id.
pub(crate) fn build_apps(project: &Project, tools: &Tools) -> Result<String, Error> {
    step::heading("build");
    let sources = [
        VISITOR.source(project, tools)?,
        CONSOLE.source(project, tools)?,
    ];
    // Both are told the same id: their common code would be compiled anew for each other one.
    let id = build_id(&project.locked_version("kiosk")?, &sources[0]);
    for (app, source) in [VISITOR, CONSOLE].iter().zip(&sources) {
        step::step(&format!("{} {id}", app.name), || {
            app.build(project, tools, source, &id)
        })?;
        step::step(&format!("{}, first load", app.name), || {
            first_load(project, app)
        })?;
    }
    step::step("guide's worker", || guide::build(project, tools, &id))?;
    step::step("licences", || list_licences(project, tools))?;
    step::step("dist", || fill_dist(project, &id))?;
    Ok(id)
}

/// Version and a mark of the visitor's app: the same sources give the same id on every machine,
/// committed or not, and a change of the server alone keeps the app that is cached.
fn build_id(version: &str, source: &str) -> String {
    let mark: String = source.chars().take(7).collect();
    format!("{version}+{mark}")
}

/// Writes the list anew: it follows `Cargo.lock`, the server's manifest and the compiler.
fn list_licences(project: &Project, tools: &Tools) -> Result<String, Error> {
    let list = licences::list(project, tools)?;
    let file = extras(project).join(LICENCE_LIST);
    if fs::read_to_string(&file).is_ok_and(|present| present == list) {
        return Ok("unchanged".to_owned());
    }
    write(&file, list.as_bytes())?;
    compress::compress_all(vec![file])?;
    Ok(format!("{} bytes", list.len()))
}

/// What stands in `dist/` and is no app's.
fn extras(project: &Project) -> PathBuf {
    project.scratch_dir().join("extras")
}

fn fill_dist(project: &Project, id: &str) -> Result<String, Error> {
    let mut files = assemble::Files::new();
    for app in [VISITOR, CONSOLE] {
        let folder = app.folder(project);
        add_files(project, &folder, app.place(), &mut files)?;
    }
    let guide = guide::folder(project);
    add_files(project, &guide, &guide::place(id), &mut files)?;
    let script = extras(project).join(precache::SCRIPT);
    let text = precache::script(project.root(), &files)?;
    if !fs::read_to_string(&script).is_ok_and(|present| present == text) {
        write(&script, text.as_bytes())?;
        compress::compress_all(vec![script])?;
    }
    add_files(project, &extras(project), "", &mut files)?;
    let changed = assemble::assemble(&project.path("dist"), &files)?;
    Ok(format!("{} files, {changed} changed", files.len()))
}

/// Adds what is in a folder, to stand below `place`.
fn add_files(
    project: &Project,
    folder: &Path,
    place: &str,
    files: &mut assemble::Files,
) -> Result<(), Error> {
    for file in project.files_in(folder)? {
        files.insert(format!("{place}{}", name_below(folder, &file)), file);
    }
    Ok(())
}

/// Builds the server with what is in `dist/`; answers where it is.
pub(crate) fn build_server(
    project: &Project,
    id: &str,
    profile: &str,
    compiler_flags: &[String],
) -> Result<PathBuf, Error> {
    let server = project
        .target_dir()
        .join(profile)
        .join(format!("kiosk-server{}", std::env::consts::EXE_SUFFIX));
    step::announce(&format!(
        "server: cargo build --profile {profile} -p kiosk-server"
    ));
    step::step("server", || {
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(project.root())
            .env("KIOSK_BUILD", id)
            .args(["build", "--quiet", "--profile", profile])
            .args(["--package", "kiosk-server"]);
        if !compiler_flags.is_empty() {
            // Flags that may hold spaces.
            cargo.env("CARGO_ENCODED_RUSTFLAGS", compiler_flags.join("\u{1f}"));
        }
        process::run(&mut cargo)?;
        if !server.is_file() {
            return Err(Error::Missing(server.clone()));
        }
        Ok(project.relative(&server))
    })?;
    Ok(server)
}

/// What is transferred before the first screen, fonts left out. The guide's worker and what the
/// service worker keeps come later, if at all.
fn first_load(project: &Project, app: &App) -> Result<String, Error> {
    let folder = app.folder(project);
    let index = folder.join("index.html");
    if !index.is_file() {
        return Err(Error::Missing(index));
    }
    let mut total = 0;
    for file in app.files(project)? {
        if is_first_load(&name_below(&folder, &file)) {
            total += transferred(&file)?;
        }
    }
    match app.budget {
        Some(budget) if total > budget => return Err(Error::TooMuchFirst { total, budget }),
        _ => {}
    }
    Ok(format!(
        "{total} bytes with brotli, without fonts and what is loaded later"
    ))
}

/// Bytes on the way to a browser that takes brotli.
fn transferred(file: &Path) -> Result<u64, Error> {
    let packed = compress::with_suffix(file, "br");
    size(if packed.is_file() { &packed } else { file })
}

/// Whether a file of an app's folder is asked for at once.
fn is_first_load(place: &str) -> bool {
    let extension = place.rsplit('.').next().unwrap_or(place);
    let is_later = parts::is_later(place) || place.starts_with("later-");
    let is_code = matches!(extension, "js" | "wasm" | "css");
    place == "index.html" || (is_code && !place.starts_with("fonts/") && !is_later)
}

/// A file's place below a folder, with forward slashes.
fn name_below(folder: &Path, file: &Path) -> String {
    file.strip_prefix(folder)
        .unwrap_or(file)
        .to_string_lossy()
        .replace('\\', "/")
}

fn size(file: &Path) -> Result<u64, Error> {
    Ok(fs::metadata(file)
        .map_err(|source| failed(file, source))?
        .len())
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    }
    fs::write(file, bytes).map_err(|source| failed(file, source))
}

fn failed(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_path_buf(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_load_is_page_code_and_style() {
        for place in ["index.html", "app-1f/kiosk_bg.wasm", "boot.js", "a.css"] {
            assert!(is_first_load(place), "{place}");
        }
        for place in [
            "fonts/font.woff2",
            "fonts/rare/slices.css",
            "app-1f/split_booth.wasm",
            "app-1f/chunk_2.wasm",
            "later-1f.css",
            "boot.js.br",
            "manifest.webmanifest",
        ] {
            assert!(!is_first_load(place), "{place}");
        }
    }

    #[test]
    fn the_build_id_is_version_and_mark() {
        assert_eq!(build_id("1.0.0", "abc1234def"), "1.0.0+abc1234");
    }

    #[test]
    fn a_place_is_told_from_its_folder() {
        let folder = Path::new("a/b");
        assert_eq!(name_below(folder, &folder.join("c").join("d.js")), "c/d.js");
    }
}
