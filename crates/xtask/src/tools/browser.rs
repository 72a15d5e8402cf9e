//! Chromium and its driver, for tests.
//!
//! Owns how they are found: `CHROMIUM` and `CHROMEDRIVER`, then `PATH`, then the
//! distribution's packages. Invariant: tests never run without both; there is no skipping.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use super::{Error, find_in};
use crate::process;
use crate::step;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// A browser and the program that drives it.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub(crate) program: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds the browser or installs it.
pub(super) fn ensure(search_path: &OsString) -> Result<Browser, Error> {
    let mut found = find(search_path);
    step::step("chromium and chromedriver", || {
        if found.is_some() {
            return Ok("found".to_owned());
        }
        install(search_path)?;
        found = find(search_path);
        Ok::<_, Error>("installed".to_owned())
    })?;
    found.ok_or_else(|| missing("the packages brought neither program onto PATH"))
}

fn find(search_path: &OsString) -> Option<Browser> {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
    let program = named("CHROMIUM")
        .or_else(|| BROWSERS.iter().find_map(|name| find_in(search_path, name)))?;
    let driver = named("CHROMEDRIVER").or_else(|| find_in(search_path, "chromedriver"))?;
    Some(Browser { program, driver })
}

fn install(search_path: &OsString) -> Result<(), Error> {
    if find_in(search_path, "apt-get").is_none() {
        return Err(missing("this system has no apt-get"));
    }
    let user = process::capture(Command::new("id").arg("-u"))?;
    if user.trim() != "0" {
        return Err(missing("packages need an administrator"));
    }
    step::announce("installing Chromium and its driver with apt-get");
    let mut update = Command::new("apt-get");
    update.args(["update", "--quiet=2"]);
    let mut install = Command::new("apt-get");
    install
        .args(["install", "--yes", "--quiet=2"])
        .args(PACKAGES);
    for command in [&mut update, &mut install] {
        command.env("DEBIAN_FRONTEND", "noninteractive");
        process::run(command).map_err(|error| missing(&error.to_string()))?;
    }
    Ok(())
}

fn missing(reason: &str) -> Error {
    Error::Missing {
        what: "Chromium with chromedriver".to_owned(),
        reason: reason.to_owned(),
        command: format!(
            "sudo apt-get update && sudo apt-get install {}\n(or set CHROMIUM and CHROMEDRIVER to the programs)",
            PACKAGES.join(" ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_browser_names_the_command() {
        let said = missing("no reason").to_string();
        assert!(said.contains("apt-get install chromium chromium-driver"));
        assert!(said.contains("CHROMEDRIVER"));
    }
}
