//! One tool in one version.
//!
//! Owns the search for it and its installation. Invariant: two clones with the same versions
//! share one folder, and a new version never overwrites an older one.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Error, cache_folder, find_in};
use crate::process;
use crate::step;

/// A tool and the version that must be used.
#[derive(Debug)]
pub(super) struct Pinned {
    pub(super) program: &'static str,
    /// Its name in the registry.
    pub(super) package: &'static str,
    pub(super) version: String,
    pub(super) installer: Installer,
    /// Whether another version makes another app.
    pub(super) shapes_the_app: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Installer {
    Cargo { locked: bool },
    Npm,
}

/// Where a tool was found.
#[derive(Debug)]
pub(super) enum Place {
    SearchPath,
    Cache(PathBuf),
    Installed(PathBuf),
}

impl Place {
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::SearchPath => "found on PATH",
            Self::Cache(_) => "kept in the cache",
            Self::Installed(_) => "installed",
        }
    }

    /// The folder to search first, unless `PATH` has it.
    pub(super) fn into_folder(self) -> Option<PathBuf> {
        match self {
            Self::SearchPath => None,
            Self::Cache(folder) | Self::Installed(folder) => Some(folder),
        }
    }
}

impl fmt::Display for Pinned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.program, self.version)
    }
}

impl Pinned {
    /// A tool from the registry of crates, built with the versions of its own lock file: the
    /// newest release of a dependency may need a newer compiler.
    pub(super) fn locked(program: &'static str, package: &'static str, version: &str) -> Self {
        Self {
            program,
            package,
            version: version.to_owned(),
            installer: Installer::Cargo { locked: true },
            shapes_the_app: false,
        }
    }

    /// Finds the tool or installs it.
    pub(super) fn ensure(&self, search_path: &OsString) -> Result<Place, Error> {
        if find_in(search_path, self.program).is_some_and(|program| self.is_right(&program)) {
            return Ok(Place::SearchPath);
        }
        let root = cache_folder()?.join(self.folder_name());
        let folder = root.join(match self.installer {
            Installer::Cargo { .. } => "bin",
            Installer::Npm => "node_modules/.bin",
        });
        let program = folder.join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        if program.is_file() && self.is_right(&program) {
            return Ok(Place::Cache(folder));
        }
        self.install(&root)?;
        if self.is_right(&program) {
            return Ok(Place::Installed(folder));
        }
        Err(Error::Missing {
            what: self.to_string(),
            reason: format!("{} does not say this version", program.display()),
            command: process::line(&self.command(&root)),
        })
    }

    /// The folder's name says tool and version: `trunk-0.21.14`.
    fn folder_name(&self) -> String {
        let name = self.package.trim_end_matches("-cli");
        format!("{name}-{}", self.version)
    }

    fn install(&self, root: &Path) -> Result<(), Error> {
        step::announce(&format!("{self}: installing (minutes, once per machine)"));
        let mut command = self.command(root);
        process::run(&mut command).map_err(|error| Error::Missing {
            what: self.to_string(),
            reason: error.to_string(),
            command: process::line(&command),
        })
    }

    fn command(&self, root: &Path) -> Command {
        let package = format!("{}@{}", self.package, self.version);
        match self.installer {
            Installer::Cargo { locked } => {
                let mut command = Command::new("cargo");
                command.args(["install", "--quiet", "--force"]);
                command.args(locked.then_some("--locked"));
                command.arg("--root").arg(root).arg(package);
                command
            }
            Installer::Npm => {
                let mut command = Command::new("npm");
                command.args(["install", "--no-fund", "--no-audit", "--prefix"]);
                command.arg(root).arg(package);
                command
            }
        }
    }

    fn is_right(&self, program: &Path) -> bool {
        process::capture(Command::new(program).arg("--version"))
            .is_ok_and(|said| says_version(&said, &self.version))
    }
}

/// Whether a program's `--version` line holds exactly this version.
fn says_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(program: &'static str, package: &'static str, installer: Installer) -> Pinned {
        Pinned {
            program,
            package,
            version: "1.2.3".to_owned(),
            installer,
            shapes_the_app: false,
        }
    }

    #[test]
    fn the_version_must_match_as_a_whole_word() {
        assert!(says_version("trunk 0.21.14\n", "0.21.14"));
        assert!(says_version("wasm-opt version 132 (version_132)", "132"));
        assert!(!says_version("trunk 0.21.141", "0.21.14"));
        assert!(!says_version("", "132"));
    }

    #[test]
    fn the_cache_folder_carries_the_version() {
        let tool = pinned("wasm-bindgen", "wasm-bindgen-cli", Installer::Npm);
        assert_eq!(tool.folder_name(), "wasm-bindgen-1.2.3");
    }

    #[test]
    fn the_install_command_is_complete() {
        let root = Path::new("cache/trunk-1.2.3");
        let locked = pinned("trunk", "trunk", Installer::Cargo { locked: true });
        assert_eq!(
            process::line(&locked.command(root)),
            "cargo install --quiet --force --locked --root cache/trunk-1.2.3 trunk@1.2.3"
        );
        let script = pinned("wasm-opt", "binaryen", Installer::Npm);
        assert_eq!(
            process::line(&script.command(root)),
            "npm install --no-fund --no-audit --prefix cache/trunk-1.2.3 binaryen@1.2.3"
        );
    }

    #[test]
    fn a_program_of_another_version_is_not_right() {
        let cargo = find_in(&std::env::var_os("PATH").unwrap(), "cargo").unwrap();
        assert!(!pinned("cargo", "cargo", Installer::Npm).is_right(&cargo));
    }
}
