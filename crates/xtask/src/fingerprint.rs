//! A mark of files: equal marks mean equal contents.
//!
//! Owns how names and bytes go into the hash. Must not know what the files are for. File times
//! are left out on purpose: they change with every checkout.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use crate::project::Project;

/// Digits of a mark in a file's or a folder's name: enough that two builds never meet, and that the server
/// takes it for a name to keep.
pub(crate) const DIGITS_IN_NAMES: usize = 16;

#[derive(Debug, thiserror::Error)]
#[error("{path} could not be read: {source}")]
pub(crate) struct Error {
    path: PathBuf,
    source: io::Error,
}

/// The mark of these files and of a salt that must be the same too.
pub(crate) fn of(project: &Project, files: &[PathBuf], salt: &str) -> Result<String, Error> {
    let mut hash = Sha256::new();
    hash.update(salt);
    for file in files {
        let bytes = fs::read(file).map_err(|source| Error {
            path: file.clone(),
            source,
        })?;
        let name = project.relative(file);
        hash.update(name.len().to_le_bytes());
        hash.update(name);
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    }
    Ok(hex(&hash.finalize()))
}

/// SHA-256 of one piece of data, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_follows_content_and_salt() {
        let project = Project::locate().unwrap();
        let files = [project.path("Cargo.toml")];
        let one = of(&project, &files, "1").unwrap();
        assert_eq!(one, of(&project, &files, "1").unwrap());
        assert_ne!(one, of(&project, &files, "2").unwrap());
        assert_ne!(one, of(&project, &[], "1").unwrap());
    }

    #[test]
    fn the_hash_is_the_usual_one() {
        assert!(sha256(b"abc").starts_with("ba7816bf8f01cfea414140de5dae2223"));
    }
}
