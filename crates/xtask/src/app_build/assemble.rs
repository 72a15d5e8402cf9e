//! Puts what was built in separate folders together in `dist/`.
//!
//! Owns the copying. Invariant: afterwards `dist/` holds these files and nothing else, and a file
//! that was right already keeps its time, so that the server is not built again for nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, failed, write};

/// Files by their place below the folder, with forward slashes.
pub(super) type Files = BTreeMap<String, PathBuf>;

/// Makes `folder` hold exactly these files; answers how many of them changed.
pub(super) fn assemble(folder: &Path, files: &Files) -> Result<usize, Error> {
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    let mut changed = remove_others(folder, "", files)?;
    for (place, source) in files {
        let bytes = fs::read(source).map_err(|error| failed(source, error))?;
        let target = folder.join(place);
        if fs::read(&target).is_ok_and(|present| present == bytes) {
            continue;
        }
        write(&target, &bytes)?;
        changed += 1;
    }
    Ok(changed)
}

/// Removes every file that is not among these, and every folder that none of these needs.
fn remove_others(folder: &Path, place: &str, files: &Files) -> Result<usize, Error> {
    let mut removed = 0;
    for entry in fs::read_dir(folder).map_err(|source| failed(folder, source))? {
        let entry = entry.map_err(|source| failed(folder, source))?;
        let path = entry.path();
        let place = format!("{place}{}", entry.file_name().to_string_lossy());
        let below = format!("{place}/");
        let outcome = if !path.is_dir() {
            if files.contains_key(&place) {
                continue;
            }
            fs::remove_file(&path)
        } else if files.keys().any(|file| file.starts_with(&below)) {
            removed += remove_others(&path, &below, files)?;
            continue;
        } else {
            fs::remove_dir_all(&path)
        };
        outcome.map_err(|source| failed(&path, source))?;
        removed += 1;
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_ends_up_with_these_files_alone() {
        let root = std::env::temp_dir().join(format!("xtask-assemble-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        for (path, text) in [
            (from.join("a"), "a"),
            (from.join("b"), "b"),
            (to.join("index.html"), "a"),
            (to.join("old.js"), "x"),
            (to.join("console/old.js"), "x"),
            (to.join("gone/deep/old.js"), "x"),
        ] {
            write(&path, text.as_bytes()).unwrap();
        }
        let files = Files::from([
            ("index.html".to_owned(), from.join("a")),
            ("console/index.html".to_owned(), from.join("b")),
        ]);
        let first = assemble(&to, &files).unwrap();
        let again = assemble(&to, &files).unwrap();
        let left = (
            fs::read_to_string(to.join("index.html")).unwrap(),
            fs::read_to_string(to.join("console/index.html")).unwrap(),
            fs::read_dir(&to).unwrap().count(),
            fs::read_dir(to.join("console")).unwrap().count(),
        );
        fs::remove_dir_all(&root).unwrap();
        assert_eq!((first, again), (4, 0));
        assert_eq!(left, ("a".to_owned(), "b".to_owned(), 2, 1));
    }
}
