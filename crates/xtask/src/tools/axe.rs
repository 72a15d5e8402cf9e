//! The accessibility checker that tests put into pages: one script, kept in the user's cache.
//!
//! Invariant: another version lies in another folder, and the script is there before a test runs.

use std::path::PathBuf;
use std::process::Command;

use super::{Error, cache_folder};
use crate::process;
use crate::step;

const VERSION: &str = "4.10.3";
const SCRIPT: &str = "node_modules/axe-core/axe.min.js";

/// Finds the script or installs it with npm.
pub(super) fn ensure() -> Result<PathBuf, Error> {
    let root = cache_folder()?.join(format!("axe-core-{VERSION}"));
    let script = root.join(SCRIPT);
    step::step(&format!("axe-core {VERSION}"), || {
        if script.is_file() {
            return Ok("kept in the cache".to_owned());
        }
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-fund", "--no-audit", "--prefix"])
            .arg(&root)
            .arg(format!("axe-core@{VERSION}"));
        process::run(&mut npm).map_err(|error| Error::Missing {
            what: format!("axe-core {VERSION}"),
            reason: error.to_string(),
            command: process::line(&npm),
        })?;
        Ok::<_, Error>("installed".to_owned())
    })?;
    Ok(script)
}
