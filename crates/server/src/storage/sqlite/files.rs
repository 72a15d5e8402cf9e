//! The files of the database on the disk: that they are private, that they are still the open ones,
//! that there is room for more.
//!
//! Owns: what is asked of the file system beside `SQLite`.
//! Must not own: what is in the files.

use std::{
    fs::{self, Metadata, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A batch of feedback at its largest takes about this much in the log and in the database.
const ROOM: usize = 4 * 1024 * 1024;

/// Makes the file, for nobody else to read, if there is none; `SQLite` gives its log the same rights.
pub(super) fn make(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Makes sure that a file that was made, renamed or removed stays so.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Elsewhere a folder cannot be opened, nor needs to be.
    if cfg!(unix) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Which files are open: the database and its log, as they were found at their paths.
#[derive(Debug, Clone)]
pub(super) struct OpenFiles(Vec<(PathBuf, Identity)>);

impl OpenFiles {
    /// The files that were just opened.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        // The log lies beside the file itself, wherever a link to it lies.
        let mut log = path.canonicalize()?.into_os_string();
        log.push("-wal");
        [path.to_owned(), log.into()]
            .into_iter()
            .map(|path| {
                let identity = identity(&fs::metadata(&path)?);
                Ok((path, identity))
            })
            .collect::<io::Result<_>>()
            .map(Self)
    }

    /// Where they lie.
    pub(super) fn folder(&self) -> &Path {
        let log = self.0.last().and_then(|(log, _)| log.parent());
        log.unwrap_or(Path::new("."))
    }

    /// Fails once a path leads elsewhere: what is committed then is gone when the server ends.
    pub(super) fn check(&self) -> Result<(), String> {
        for (path, opened) in &self.0 {
            let shown = path.display();
            let found = fs::metadata(path).map_err(|error| format!("{shown}: {error}"))?;
            if identity(&found) != *opened {
                return Err(format!("{shown} is no longer the file that is open"));
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
type Identity = (u64, u64);
/// Open files cannot be replaced there.
#[cfg(not(unix))]
type Identity = ();

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Identity {}

/// Fails where a large batch would find no room. A small row proves nothing: it fits where the log
/// has been before.
pub(super) fn check_room(folder: &Path) -> io::Result<()> {
    let mut probe = tempfile::tempfile_in(folder)?;
    for _ in 0..ROOM / PIECE.len() {
        probe.write_all(&PIECE)?;
    }
    Ok(())
}

/// Not zeros, which some file systems keep for free.
static PIECE: [u8; 64 * 1024] = [0x5a; 64 * 1024];

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_the_place_of_another_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.sqlite3");
        let log = folder.path().join("b.sqlite3-wal");
        fs::write(&path, "").unwrap();
        fs::write(&log, "").unwrap();
        let open = OpenFiles::of(&path).unwrap();
        assert_eq!(open.check(), Ok(()));
        for gone in [&path, &log] {
            let aside = folder.path().join("aside");
            fs::rename(gone, &aside).unwrap();
            assert!(open.check().is_err());
            fs::write(gone, "").unwrap();
            assert!(open.check().is_err());
            fs::rename(&aside, gone).unwrap();
            assert_eq!(open.check(), Ok(()));
        }
    }

    #[test]
    fn there_is_no_room_in_a_folder_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_room(folder.path()).is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(check_room(&folder.path().join("gone")).is_err());
    }
}
