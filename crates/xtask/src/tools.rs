//! The tools a build needs: found on `PATH` in the right version, else kept in a versioned
//! folder of the user's cache, else installed there.
//!
//! Owns versions and set-up. Invariant: a tool counts as present only after it has said its
//! version; what cannot be installed ends with the command that would.

mod axe;
mod browser;
mod clients;
mod engine;
mod local_model;
mod packages;
mod pinned;
mod postgres;

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use crate::graph;
use crate::process;
use crate::project::{self, Project};
use crate::step;
use pinned::{Installer, Pinned};

pub(crate) use browser::Browser;
pub(crate) use engine::Engine;
pub(crate) use local_model::ensure as local_model;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK_VERSION: &str = "0.21.14";
const BINARYEN_VERSION: &str = "132";
const GECKODRIVER_VERSION: &str = "0.37.1";
const CARGO_DENY_VERSION: &str = "0.20.2";
const CARGO_FUZZ_VERSION: &str = "0.13.2";
const TYPOS_VERSION: &str = "1.52.0";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error(transparent)]
    Project(#[from] project::Error),
    #[error("neither XDG_CACHE_HOME nor HOME says where tools can be kept: set one of them")]
    NoCache,
    #[error(
        "{what} is missing and could not be installed ({reason}). Install it with:\n  {command}"
    )]
    Missing {
        what: String,
        reason: String,
        command: String,
    },
}

/// What the tools are wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose<'purpose> {
    /// Build and serve the app.
    App,
    /// The conventions.
    Lint,
    /// A search for bytes that cannot be borne.
    Fuzz,
    /// Native tests only.
    NativeTests,
    /// Tests in these browsers.
    BrowserTests(&'purpose [Engine]),
}

impl Purpose<'_> {
    fn engines(&self) -> &[Engine] {
        match self {
            Self::BrowserTests(engines) => engines,
            Self::App | Self::Lint | Self::Fuzz | Self::NativeTests => &[],
        }
    }
}

/// Tools that are ready to be used.
#[derive(Debug)]
pub(crate) struct Tools {
    search_path: OsString,
    versions: String,
    browsers: Vec<Browser>,
    axe: Option<PathBuf>,
    postgres: Option<PathBuf>,
    clients: Option<PathBuf>,
}

impl Tools {
    /// A command that finds our tools before any other.
    pub(crate) fn command(&self, program: &str) -> Command {
        let found = find_in(&self.search_path, program);
        let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(program)));
        command.env("PATH", &self.search_path);
        command
    }

    /// Names and versions, for stamps.
    pub(crate) fn versions(&self) -> String {
        self.versions.clone()
    }

    /// The accessibility checker, where tests in browsers were the purpose.
    pub(crate) fn axe(&self) -> Option<&PathBuf> {
        self.axe.as_ref()
    }

    /// The folder of `PostgreSQL`'s programs, where tests were the purpose.
    pub(crate) fn postgres(&self) -> Option<&PathBuf> {
        self.postgres.as_ref()
    }

    /// The folder of clients of `OpenAI`'s interface, where tests were the purpose.
    pub(crate) fn clients(&self) -> Option<&PathBuf> {
        self.clients.as_ref()
    }

    /// The browsers, where tests in them were the purpose.
    pub(crate) fn browsers(&self) -> &[Browser] {
        &self.browsers
    }
}

/// Sets up what is missing for this purpose.
pub(crate) fn set_up(project: &Project, purpose: Purpose<'_>) -> Result<Tools, Error> {
    step::heading("set-up");
    let own_path = env::var_os("PATH").unwrap_or_default();
    let mut folders = Vec::new();
    let mut versions = String::new();
    if !matches!(purpose, Purpose::NativeTests | Purpose::Fuzz) {
        step::step(&format!("target {WASM_TARGET}"), add_target)?;
        step::step("crates", || fetch_crates(project))?;
    }
    for tool in pinned_tools(project, purpose)? {
        step::step(&tool.to_string(), || {
            let place = tool.ensure(&own_path)?;
            let said = place.describe();
            folders.extend(place.into_folder());
            Ok::<_, Error>(said.to_owned())
        })?;
        if tool.shapes_the_app {
            writeln!(versions, "{tool}").ok();
        }
    }
    folders.extend(env::split_paths(&own_path));
    let search_path = env::join_paths(folders).unwrap_or(own_path);
    let mut browsers = Vec::new();
    for engine in purpose.engines() {
        browsers.push(browser::ensure(*engine, &search_path)?);
    }
    let (postgres, clients) = match purpose {
        Purpose::NativeTests | Purpose::BrowserTests(_) => (
            Some(postgres::ensure(&search_path)?),
            Some(clients::ensure()?),
        ),
        Purpose::App | Purpose::Lint | Purpose::Fuzz => (None, None),
    };
    let axe = if browsers.is_empty() {
        None
    } else {
        Some(axe::ensure()?)
    };
    Ok(Tools {
        search_path,
        versions,
        browsers,
        axe,
        postgres,
        clients,
    })
}

/// The tools of the registries that this purpose needs.
fn pinned_tools(project: &Project, purpose: Purpose<'_>) -> Result<Vec<Pinned>, Error> {
    let tools = match purpose {
        Purpose::NativeTests => Vec::new(),
        Purpose::Lint => vec![
            Pinned::locked("cargo-deny", "cargo-deny", CARGO_DENY_VERSION),
            Pinned::locked("typos", "typos-cli", TYPOS_VERSION),
        ],
        Purpose::Fuzz => vec![Pinned::locked(
            "cargo-fuzz",
            "cargo-fuzz",
            CARGO_FUZZ_VERSION,
        )],
        Purpose::App => app_tools(project)?,
        Purpose::BrowserTests(engines) => {
            let mut tools = app_tools(project)?;
            if engines.contains(&Engine::Firefox) && env::var_os("GECKODRIVER").is_none() {
                let driver = Engine::Firefox.driver();
                tools.push(Pinned::locked(driver, driver, GECKODRIVER_VERSION));
            }
            tools
        }
    };
    Ok(tools)
}

/// What the app is built with.
fn app_tools(project: &Project) -> Result<Vec<Pinned>, Error> {
    let trunk = Pinned {
        shapes_the_app: true,
        ..Pinned::locked("trunk", "trunk", TRUNK_VERSION)
    };
    let bindgen = Pinned {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: project.locked_version("wasm-bindgen")?,
        // Its lock file names releases that some registry mirrors do not have yet.
        installer: Installer::Cargo { locked: false },
        shapes_the_app: true,
    };
    let optimiser = Pinned {
        program: "wasm-opt",
        package: "binaryen",
        version: BINARYEN_VERSION.to_owned(),
        installer: Installer::Npm,
        shapes_the_app: true,
    };
    Ok(vec![trunk, bindgen, optimiser])
}

fn add_target() -> Result<String, Error> {
    let libraries = process::capture(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]))?;
    if PathBuf::from(libraries.trim()).is_dir() {
        return Ok("present".to_owned());
    }
    step::announce("adding the wasm target with rustup");
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", WASM_TARGET]);
    process::run(&mut rustup).map_err(|error| Error::Missing {
        what: format!("the target {WASM_TARGET}"),
        reason: error.to_string(),
        command: process::line(&rustup),
    })?;
    Ok("added".to_owned())
}

/// Everything after this works without a network.
fn fetch_crates(project: &Project) -> Result<String, Error> {
    let mut fetch = Command::new("cargo");
    fetch
        .current_dir(project.root())
        .args(["fetch", "--quiet", "--target", WASM_TARGET, "--target"])
        .arg(graph::host()?);
    process::run(&mut fetch)?;
    Ok("present".to_owned())
}

/// The folder all tools are kept below.
fn cache_folder() -> Result<PathBuf, Error> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .map(|cache| cache.join("booth-kiosk"))
        .ok_or(Error::NoCache)
}

/// The first file of this name in a search path.
fn find_in(search_path: &OsString, program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(search_path)
        .map(|folder| folder.join(&name))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_where_it_is_and_nowhere_else() {
        let path = env::var_os("PATH").unwrap();
        assert!(find_in(&path, "cargo").is_some());
        assert!(find_in(&path, "no-such-program-here").is_none());
    }

    #[test]
    fn bindgen_follows_the_lock_file() {
        let project = Project::locate().unwrap();
        let tools = pinned_tools(&project, Purpose::App).unwrap();
        let bindgen = tools.iter().find(|tool| tool.program == "wasm-bindgen");
        assert_eq!(
            bindgen.map(|tool| tool.version.clone()),
            project.locked_version("wasm-bindgen").ok()
        );
    }

    #[test]
    fn only_what_the_purpose_needs_is_installed() {
        let project = Project::locate().unwrap();
        let names = |purpose| {
            let tools = pinned_tools(&project, purpose).unwrap();
            tools.iter().map(|tool| tool.program).collect::<Vec<_>>()
        };
        assert!(names(Purpose::NativeTests).is_empty());
        assert_eq!(names(Purpose::Lint), ["cargo-deny", "typos"]);
        assert_eq!(names(Purpose::Fuzz), ["cargo-fuzz"]);
        assert!(!names(Purpose::BrowserTests(&[Engine::WebKit])).contains(&"geckodriver"));
        assert!(names(Purpose::BrowserTests(&Engine::ALL)).contains(&"geckodriver"));
    }
}
