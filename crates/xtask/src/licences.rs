//! The list of what the server's binary carries, with every text that must go with it.
//!
//! Owns which licence is chosen where a crate offers several, and the list's form. Must not own
//! which licences are allowed (`deny.toml`). Invariant: a crate without a text ends the build,
//! and equal texts appear once.

mod texts;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::graph::{self, Package};
use crate::process;
use crate::project::{self, Project};
use crate::tools::{Tools, WASM_TARGET};
use texts::Texts;

/// The packages inside: both apps are one.
const APPS: &str = "kiosk";
const SERVER: &str = "kiosk-server";
/// Fonts, icons and colours: one file for each origin.
const ASSETS: &str = "public/licences";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Graph(#[from] graph::Error),
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error(transparent)]
    Project(#[from] project::Error),
    #[error("{path} could not be read: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{0} brings no licence text of `{1}`: replace the crate, or add the text to {ASSETS}")]
    NoText(String, String),
}

/// The whole list as plain text.
pub(crate) fn list(project: &Project, tools: &Tools) -> Result<String, Error> {
    let mut packages = BTreeSet::new();
    for (root, platform) in [(SERVER, graph::host()?.as_str()), (APPS, WASM_TARGET)] {
        let metadata = graph::metadata(project, tools, &[platform])?;
        packages.extend(graph::linked(&metadata, root)?);
    }
    let compiler = process::capture(Command::new("rustc").arg("--version"))?;
    let own = Own {
        apache: read(&project.path("LICENSE-APACHE"))?,
        mit: read(&project.path("LICENSE-MIT"))?,
    };
    let mut texts = Texts::default();
    let mut list = String::from(HEAD);
    let library = texts.number(own.apache.clone());
    let version = compiler.split_whitespace().nth(1).unwrap_or_default();
    writeln!(
        list,
        "Rust standard library {version}: MIT OR Apache-2.0 [{library}]"
    )
    .ok();
    for package in &packages {
        let numbers: Vec<String> = package_texts(package, &own)?
            .into_iter()
            .map(|text| format!("[{}]", texts.number(text)))
            .collect();
        writeln!(
            list,
            "{} {}: {} {}",
            package.name,
            package.version,
            package.licence,
            numbers.join(" ")
        )
        .ok();
    }
    list.push_str("SQLite, inside libsqlite3-sys: in the public domain\n");
    list.push_str("\nFONTS, ICONS, COLOURS\n\n");
    for file in project.texts_below(ASSETS, &["txt"])? {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let name = name.trim_end_matches(".txt");
        writeln!(list, "{name} [{}]", texts.number(file.text)).ok();
    }
    list.push_str("\nTEXTS\n");
    list.push_str(&texts.print());
    Ok(list)
}

const HEAD: &str = "\
WHAT THIS PROGRAM CARRIES

The program itself is offered under MIT or Apache-2.0, at your option.
It contains the work of others, listed here. Where a crate offers a choice, Apache-2.0 is taken,
else MIT. A number in brackets points to a text at the end.

CRATES

";

/// The project's own licences, which are also the standard texts.
struct Own {
    apache: String,
    mit: String,
}

/// The texts that must accompany this crate.
fn package_texts(package: &Package, own: &Own) -> Result<Vec<String>, Error> {
    let files = licence_files(&package.folder)?;
    let choices = choices(&package.licence);
    if choices.contains(&"Apache-2.0") {
        let mut texts = vec![own.apache.clone()];
        texts.extend(
            files
                .into_iter()
                .filter(File::is_notice)
                .map(|file| file.text),
        );
        return Ok(texts);
    }
    if choices.contains(&"MIT") {
        let (mit, rest): (Vec<_>, Vec<_>) = files.into_iter().partition(File::is_mit);
        if !mit.is_empty() {
            let notices = rest.into_iter().filter(File::is_notice);
            return Ok(mit
                .into_iter()
                .chain(notices)
                .map(|file| file.text)
                .collect());
        }
        if rest.is_empty() {
            return Ok(vec![mit_of(&package.authors, &own.mit)]);
        }
        return Ok(rest.into_iter().map(|file| file.text).collect());
    }
    if files.is_empty() {
        let name = format!("{} {}", package.name, package.version);
        return Err(Error::NoText(name, package.licence.clone()));
    }
    Ok(files.into_iter().map(|file| file.text).collect())
}

/// The licences one may choose from; all of them are needed where the expression says `AND`.
fn choices(expression: &str) -> Vec<&str> {
    if expression.contains("AND") || expression.contains('(') {
        return Vec::new();
    }
    let parts = expression.split('/').flat_map(|part| part.split(" OR "));
    parts.map(str::trim).collect()
}

/// The standard text with the crate's authors, for crates that bring none.
fn mit_of(authors: &[String], text: &str) -> String {
    let names: Vec<&str> = authors
        .iter()
        .map(|author| author.split(" <").next().unwrap_or(author))
        .collect();
    let grant = text.find("Permission is hereby").unwrap_or(0);
    format!(
        "MIT License\n\nCopyright (c) {}\n\n{}",
        names.join(", "),
        &text[grant..]
    )
}

struct File {
    name: String,
    text: String,
}

impl File {
    /// What must be passed on besides the licence that was chosen.
    fn is_notice(&self) -> bool {
        self.name.starts_with("NOTICE")
            || self.name.starts_with("COPYRIGHT")
            || self.name.contains("THIRD")
    }

    fn is_mit(&self) -> bool {
        self.name.contains("MIT")
    }
}

/// The licence files that stand beside a crate's manifest, by name.
fn licence_files(folder: &Path) -> Result<Vec<File>, Error> {
    const STARTS: [&str; 6] = [
        "LICENSE",
        "LICENCE",
        "COPYING",
        "COPYRIGHT",
        "NOTICE",
        "UNLICENSE",
    ];
    let failed = |source| Error::Read {
        path: folder.to_path_buf(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_uppercase();
        if path.is_file() && STARTS.iter().any(|start| name.starts_with(start)) {
            let text = read(&path)?;
            files.push(File { name, text });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn read(path: &Path) -> Result<String, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        source,
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIT: &str = "MIT License\n\nCopyright (c) us\n\nPermission is hereby granted";

    /// The texts of a crate whose folder holds these files.
    fn texts_of(licence: &str, files: &[&str]) -> Result<Vec<String>, Error> {
        let mark = fs_mark(licence, files);
        let folder = std::env::temp_dir().join(format!("xtask-licences-{mark}"));
        fs::create_dir_all(&folder).unwrap();
        for name in files {
            fs::write(folder.join(name), format!("text of {name}")).unwrap();
        }
        let package = Package {
            name: "it".to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            authors: vec!["Ann <ann@example.org>".to_owned()],
            folder: folder.clone(),
        };
        let own = Own {
            apache: "Apache".to_owned(),
            mit: MIT.to_owned(),
        };
        let texts = package_texts(&package, &own);
        fs::remove_dir_all(&folder).unwrap();
        texts
    }

    fn fs_mark(licence: &str, files: &[&str]) -> String {
        let name = format!("{}{licence}{}", std::process::id(), files.join(""));
        crate::fingerprint::sha256(name.as_bytes())
    }

    #[test]
    fn one_shared_text_is_taken_where_there_is_a_choice() {
        let both = ["LICENSE-APACHE", "LICENSE-MIT"];
        assert_eq!(texts_of("MIT OR Apache-2.0", &both).unwrap(), ["Apache"]);
        assert_eq!(texts_of("MIT/Apache-2.0", &both).unwrap(), ["Apache"]);
        let texts = texts_of("Unlicense OR MIT", &["COPYING", "LICENSE-MIT", "UNLICENSE"]);
        assert_eq!(texts.unwrap(), ["text of LICENSE-MIT"]);
    }

    #[test]
    fn notices_are_passed_on() {
        let texts = texts_of(
            "Apache-2.0 OR MIT",
            &["LICENSE-MIT", "NOTICE", "LICENSE-THIRD-PARTY"],
        );
        assert_eq!(
            texts.unwrap(),
            ["Apache", "text of LICENSE-THIRD-PARTY", "text of NOTICE"]
        );
    }

    #[test]
    fn everything_is_passed_on_where_all_of_it_counts() {
        let texts = texts_of("MIT AND BSD-3-Clause", &["LICENSE", "LICENSE.httprouter"]);
        assert_eq!(texts.unwrap().len(), 2);
        let texts = texts_of(
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            &["LICENSE-MIT", "LICENSE-UNICODE"],
        );
        assert_eq!(texts.unwrap().len(), 2);
    }

    #[test]
    fn a_crate_without_a_file_gets_the_standard_text_or_ends_the_build() {
        let texts = texts_of("MIT", &[]).unwrap();
        assert!(texts[0].contains("Copyright (c) Ann\n\nPermission is hereby granted"));
        assert!(
            texts_of("Zlib", &[])
                .unwrap_err()
                .to_string()
                .contains("it 1.0.0")
        );
    }
}
