//! Browsers and their drivers, for tests.
//!
//! Owns how they are found: the engine's two variables, then the search path, then the
//! distribution's packages. Invariant: tests never run without both; there is no skipping.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::engine::Engine;
use super::{Error, find_in, packages};
use crate::step;

/// Where distributions keep WebKit's browser, below a folder for each architecture or not.
const LIBRARIES: [&str; 2] = ["/usr/lib", "/usr/libexec"];
const WEBKIT_FOLDER: &str = "webkit2gtk-4.1";

/// A browser and the program that drives it.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub(crate) engine: Engine,
    pub(crate) program: PathBuf,
    pub(crate) driver: PathBuf,
    /// The display server it needs.
    pub(crate) display: Option<PathBuf>,
}

/// Finds the browser or installs it.
pub(super) fn ensure(engine: Engine, search_path: &OsString) -> Result<Browser, Error> {
    let mut found = find(engine, search_path);
    step::step(
        &format!("{} and {}", engine.name(), engine.driver()),
        || {
            if found.is_some() {
                return Ok("found".to_owned());
            }
            packages::install(engine.name(), engine.packages(), search_path)
                .map_err(|reason| missing(engine, &reason))?;
            found = find(engine, search_path);
            Ok::<_, Error>("installed".to_owned())
        },
    )?;
    found.ok_or_else(|| missing(engine, "the packages did not bring every program"))
}

fn find(engine: Engine, search_path: &OsString) -> Option<Browser> {
    let [program, driver] = engine.variables().map(env::var_os);
    let program = program
        .map(PathBuf::from)
        .or_else(|| find_program(engine, search_path))?;
    let driver = driver
        .map(PathBuf::from)
        .or_else(|| find_in(search_path, engine.driver()))?;
    let display = match engine.display() {
        Some(name) => Some(find_in(search_path, name)?),
        None => None,
    };
    Some(Browser {
        engine,
        program,
        driver,
        display,
    })
}

fn find_program(engine: Engine, search_path: &OsString) -> Option<PathBuf> {
    let on_path = engine
        .programs()
        .iter()
        .find_map(|name| find_in(search_path, name));
    on_path.or_else(|| match engine {
        Engine::WebKit => LIBRARIES.iter().find_map(|folder| webkit_below(folder)),
        Engine::Chromium | Engine::Firefox => None,
    })
}

/// WebKit's test browser is no program for users, so it stands beside the library.
fn webkit_below(libraries: &str) -> Option<PathBuf> {
    let libraries = Path::new(libraries);
    let mut folders = vec![libraries.to_path_buf()];
    for entry in fs::read_dir(libraries).into_iter().flatten().flatten() {
        folders.push(entry.path());
    }
    folders
        .iter()
        .map(|folder| folder.join(WEBKIT_FOLDER).join("MiniBrowser"))
        .find(|program| program.is_file())
}

fn missing(engine: Engine, reason: &str) -> Error {
    Error::Missing {
        what: format!("{} with {}", engine.name(), engine.driver()),
        reason: reason.to_owned(),
        command: format!(
            "{}\n(or set {} to the programs)",
            packages::command(engine.packages()),
            engine.variables().join(" and ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_browser_names_the_command() {
        let said = missing(Engine::Chromium, "no reason").to_string();
        assert!(said.contains("apt-get install chromium chromium-driver"));
        assert!(said.contains("CHROMEDRIVER"));
        let said = missing(Engine::WebKit, "no reason").to_string();
        assert!(said.contains("webkit2gtk-driver xvfb"));
    }

    #[test]
    fn webkit_is_found_with_and_without_an_architecture() {
        let root = env::temp_dir().join(format!("xtask-webkit-{}", std::process::id()));
        let libraries = root.to_string_lossy().into_owned();
        assert_eq!(webkit_below(&libraries), None);
        for folder in ["any-linux-gnu/webkit2gtk-4.1", WEBKIT_FOLDER] {
            fs::create_dir_all(root.join(folder)).unwrap();
            let program = root.join(folder).join("MiniBrowser");
            fs::write(&program, "").unwrap();
            assert_eq!(webkit_below(&libraries), Some(program));
        }
        fs::remove_dir_all(&root).unwrap();
    }
}
