//! Builds the release app into `dist/` and the server that carries it.
//!
//! Owns the order: Trunk, compression, server. Invariant: `dist/` is used again only when
//! neither a source, a tool nor `dist/` itself has changed since the last build, so a
//! `trunk serve` in between never ends up inside the server.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use crate::compress;
use crate::process;
use crate::project::{self, Project};
use crate::step;
use crate::style_bundle;
use crate::tools::Tools;

/// What the app is made from.
const INPUTS: [&str; 10] = [
    "src",
    "style",
    "public",
    "locales",
    "content",
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "index.html",
    "Trunk.toml",
];
/// Crates that no part of the app is made from.
const NATIVE_CRATES: [&str; 2] = ["crates/server", "crates/xtask"];

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
    #[error("{path} could not be used: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the build left no {0}")]
    Missing(PathBuf),
}

/// Builds what is out of date; answers where the server is.
pub(crate) fn build(project: &Project, tools: &Tools) -> Result<PathBuf, Error> {
    step::heading("build");
    let source = fingerprint(project, &inputs(project)?, &tools.versions())?;
    let id = build_id(&project.locked_version("kiosk")?, &source);
    step::step(&format!("app {id}"), || {
        build_app(project, tools, &source, &id)
    })?;
    step::step("first load", || first_load(project))?;
    let server = project
        .target_dir()
        .join("release")
        .join(format!("kiosk-server{}", std::env::consts::EXE_SUFFIX));
    step::step("server", || build_server(project, &server, &id))?;
    Ok(server)
}

/// Version and a mark of the sources: the same sources give the same id on every machine,
/// committed or not, and a change of the server alone keeps the app that is cached.
fn build_id(version: &str, source: &str) -> String {
    let mark: String = source.chars().take(7).collect();
    format!("{version}+{mark}")
}

fn build_app(project: &Project, tools: &Tools, source: &str, id: &str) -> Result<String, Error> {
    let stamp = project.scratch_dir().join("app.stamp");
    let kept = fs::read_to_string(&stamp).unwrap_or_default();
    if kept == stamp_text(project, source)? {
        return Ok("unchanged since the last build".to_owned());
    }
    step::announce("app: building for release (a few minutes the first time)");
    let mut trunk = tools.command("trunk");
    trunk
        .current_dir(project.root())
        .args(["build", "--release", "--offline"])
        .env("KIOSK_BUILD", id)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk reads it as its own boolean flag and refuses the usual `1`.
        .env_remove("NO_COLOR");
    process::run(&mut trunk)?;
    let sheets = style_bundle::bundle(&project.path("dist"))?;
    let written = compress::compress_all(project.files_below("dist")?)?;
    write(&stamp, &stamp_text(project, source)?)?;
    Ok(format!(
        "built, {sheets} style sheets joined, {written} compressed copies"
    ))
}

fn build_server(project: &Project, server: &Path, id: &str) -> Result<String, Error> {
    step::announce("server: cargo build --release -p kiosk-server");
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(project.root())
        .env("KIOSK_BUILD", id)
        .args(["build", "--quiet", "--release", "--package", "kiosk-server"]);
    process::run(&mut cargo)?;
    if !server.is_file() {
        return Err(Error::Missing(server.to_path_buf()));
    }
    Ok(project.relative(server))
}

/// What a tablet transfers before the first screen, fonts left out.
fn first_load(project: &Project) -> Result<String, Error> {
    let index = project.path("dist/index.html");
    if !index.is_file() {
        return Err(Error::Missing(index));
    }
    let mut total = 0;
    for file in project.files_below("dist")? {
        let packed = compress::with_suffix(&file, "br");
        if is_first_load(&project.relative(&file)) {
            total += size(if packed.is_file() { &packed } else { &file })?;
        }
    }
    Ok(format!("{total} bytes with brotli, without fonts"))
}

fn is_first_load(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit('.').next().unwrap_or(name);
    name == "index.html" || (matches!(extension, "js" | "wasm" | "css") && name != "sw.js")
}

fn inputs(project: &Project) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for input in INPUTS {
        files.extend(project.files_below(input)?);
    }
    let native = NATIVE_CRATES.map(|folder| project.path(folder));
    files.extend(
        project
            .files_below("crates")?
            .into_iter()
            .filter(|file| !native.iter().any(|folder| file.starts_with(folder))),
    );
    Ok(files)
}

/// Two lines: the inputs that were built, and the `dist/` that came out.
fn stamp_text(project: &Project, inputs: &str) -> Result<String, Error> {
    let outputs = fingerprint(project, &project.files_below("dist")?, "")?;
    Ok(format!("{inputs}\n{outputs}\n"))
}

fn fingerprint(project: &Project, files: &[PathBuf], salt: &str) -> Result<String, Error> {
    let mut hash = Sha256::new();
    hash.update(salt);
    for file in files {
        let bytes = fs::read(file).map_err(|source| failed(file, source))?;
        let name = project.relative(file);
        hash.update(name.len().to_le_bytes());
        hash.update(name);
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").ok();
        hex
    }))
}

fn size(file: &Path) -> Result<u64, Error> {
    Ok(fs::metadata(file)
        .map_err(|source| failed(file, source))?
        .len())
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    }
    fs::write(file, text).map_err(|source| failed(file, source))
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
        for path in [
            "dist/index.html",
            "dist/kiosk-1f_bg.wasm",
            "dist/boot.js",
            "dist/a.css",
        ] {
            assert!(is_first_load(path), "{path}");
        }
        for path in [
            "dist/sw.js",
            "dist/font.woff2",
            "dist/boot.js.br",
            "dist/manifest.webmanifest",
        ] {
            assert!(!is_first_load(path), "{path}");
        }
    }

    #[test]
    fn a_fingerprint_follows_content_and_salt() {
        let project = Project::locate().unwrap();
        let files = [project.path("Cargo.toml")];
        let one = fingerprint(&project, &files, "1").unwrap();
        assert_eq!(one, fingerprint(&project, &files, "1").unwrap());
        assert_ne!(one, fingerprint(&project, &files, "2").unwrap());
        assert_ne!(one, fingerprint(&project, &[], "1").unwrap());
    }

    #[test]
    fn the_build_id_is_version_and_mark() {
        assert_eq!(build_id("1.0.0", "abc1234def"), "1.0.0+abc1234");
    }

    #[test]
    fn the_server_is_no_input_of_the_app() {
        let project = Project::locate().unwrap();
        let inputs = inputs(&project).unwrap();
        assert!(inputs.contains(&project.path("crates/wire/src/lib.rs")));
        assert!(!inputs.contains(&project.path("crates/server/Cargo.toml")));
    }
}
