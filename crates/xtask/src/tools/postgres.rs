//! `PostgreSQL`, for the tests that start a cluster of their own.
//!
//! Owns how its programs are found: `POSTGRES_BIN`, then the distribution's packages. Invariant: those
//! tests never run without it; there is no skipping.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, packages};
use crate::step;

const PACKAGES: [&str; 1] = ["postgresql"];
/// One folder a version.
const USUAL: &str = "/usr/lib/postgresql";

/// Answers the folder of its programs, and installs it if there is none.
pub(super) fn ensure(search_path: &OsString) -> Result<PathBuf, Error> {
    let given = env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let mut found = given.or_else(|| newest_below(Path::new(USUAL)));
    step::step("PostgreSQL", || {
        if found.is_some() {
            return Ok("found".to_owned());
        }
        packages::install("PostgreSQL", &PACKAGES, search_path)
            .map_err(|reason| missing(&reason))?;
        found = newest_below(Path::new(USUAL));
        Ok::<_, Error>("installed".to_owned())
    })?;
    found.ok_or_else(|| missing("the packages did not bring initdb"))
}

fn newest_below(folder: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(folder).ok()?.flatten();
    let programs = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let programs = version.path().join("bin");
        programs
            .join("initdb")
            .is_file()
            .then_some((number, programs))
    });
    programs.max().map(|(_, programs)| programs)
}

fn missing(reason: &str) -> Error {
    Error::Missing {
        what: "PostgreSQL".to_owned(),
        reason: reason.to_owned(),
        command: format!(
            "{}\n(or set POSTGRES_BIN to the folder of its programs)",
            packages::command(&PACKAGES)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_with_its_programs_is_taken() {
        let root = env::temp_dir().join(format!("xtask-postgres-{}", std::process::id()));
        for version in ["9", "15", "17", "common"] {
            fs::create_dir_all(root.join(version).join("bin")).unwrap();
        }
        assert_eq!(newest_below(&root), None);
        for version in ["9", "15"] {
            fs::write(root.join(version).join("bin/initdb"), "").unwrap();
        }
        assert_eq!(newest_below(&root), Some(root.join("15/bin")));
        fs::remove_dir_all(&root).unwrap();
    }
}
