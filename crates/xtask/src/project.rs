//! Where things are in the project's folder, and which files it has.
//!
//! Owns paths and the walk over sources. Invariant: paths in messages are relative to the
//! project, with forward slashes, so that an editor can open them.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what tools made.
const GENERATED: [&str; 5] = [".git", "target", "dist", "node_modules", "data"];

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("the project's folder was not found above {0}")]
    NoRoot(PathBuf),
    #[error("{path} could not be read: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("Cargo.lock is not what cargo writes: {0}")]
    Lock(#[from] toml::de::Error),
    #[error("Cargo.lock has no package `{0}`: run `cargo generate-lockfile`")]
    NotLocked(String),
}

/// The project's folder.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    root: PathBuf,
}

/// A text file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// Relative to the project, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Project {
    /// The project this program was built from.
    pub(crate) fn locate() -> Result<Self, Error> {
        // Cargo sets it for `cargo run`, so a moved clone is found where it is now.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        manifest
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .map(|root| Self {
                root: root.to_path_buf(),
            })
            .ok_or(Error::NoRoot(manifest))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo builds.
    pub(crate) fn target_dir(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.path("target"), |folder| self.root.join(folder))
    }

    /// Where xtask keeps its own stamps and generated files.
    pub(crate) fn scratch_dir(&self) -> PathBuf {
        self.target_dir().join("xtask")
    }

    /// The version of a package that `Cargo.lock` holds.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String, Error> {
        locked_version(&read(&self.path("Cargo.lock"))?, package)
    }

    /// Every file below `relative` (or the file itself), sorted; none where it does not exist.
    /// What tools made is left out unless it is asked for by name.
    pub(crate) fn files_below(&self, relative: &str) -> Result<Vec<PathBuf>, Error> {
        self.files_in(&self.path(relative))
    }

    /// The same for a folder that may lie anywhere.
    pub(crate) fn files_in(&self, folder: &Path) -> Result<Vec<PathBuf>, Error> {
        let mut files = Vec::new();
        walk(&self.root.join(folder), &mut files)?;
        files.sort();
        Ok(files)
    }

    /// The text files below `relative` whose extension is one of these.
    pub(crate) fn texts_below(
        &self,
        relative: &str,
        extensions: &[&str],
    ) -> Result<Vec<SourceFile>, Error> {
        let mut texts = Vec::new();
        for file in self.files_below(relative)? {
            let extension = file.extension().unwrap_or_default().to_string_lossy();
            if !extensions.contains(&extension.as_ref()) {
                continue;
            }
            texts.push(SourceFile {
                path: self.relative(&file),
                text: read(&file)?,
            });
        }
        Ok(texts)
    }

    /// The path as messages show it.
    pub(crate) fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .to_string_lossy()
            .replace('\\', "/")
    }
}

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        source,
    })
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    if path.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    let failed = |source| Error::Read {
        path: path.to_path_buf(),
        source,
    };
    for entry in fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !GENERATED.contains(&entry.file_name().to_string_lossy().as_ref()) {
            walk(&entry.path(), files)?;
        }
    }
    Ok(())
}

fn locked_version(lock: &str, package: &str) -> Result<String, Error> {
    let lock: toml::Table = toml::from_str(lock)?;
    lock.get("package")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .find(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))
        .and_then(|entry| entry.get("version")?.as_str().map(str::to_owned))
        .ok_or_else(|| Error::NotLocked(package.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"1.2.3\"\n";

    #[test]
    fn the_locked_version_is_found() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").unwrap(), "1.2.3");
    }

    #[test]
    fn a_package_that_is_not_locked_is_named() {
        let error = locked_version(LOCK, "leptos").unwrap_err();
        assert!(error.to_string().contains("`leptos`"));
    }

    #[test]
    fn the_walk_sees_sources_and_no_builds() {
        let project = Project::locate().unwrap();
        let files = project.files_below("").unwrap();
        assert!(files.contains(&project.path("crates/xtask/src/main.rs")));
        assert!(
            !files
                .iter()
                .any(|file| file.starts_with(project.path("target")))
        );
        assert!(project.files_below("no-such-folder").unwrap().is_empty());
    }
}
