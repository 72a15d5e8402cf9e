//! The database as one file of its own: to carry away, and to put back.
//!
//! Owns: copying, checking a copy, and taking a database out of the way that nobody has open.
//! Must not own: where copies lie, or what else belongs to one.
//! Invariant: a copy stands under its name only once it is whole and on the disk.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

use super::{OpenError, connect, files, look, migrate, refused};

/// Copies what is committed now into a new file and answers how many entries that are. Whoever has the
/// database open may go on writing.
pub fn copy(from: &Path, to: &Path) -> Result<u64, OpenError> {
    let partial = beside(to, "partial");
    let copied =
        copy_whole(from, &partial).and_then(|entries| publish(&partial, to).map(|()| entries));
    if copied.is_err() {
        // What it holds is no copy.
        fs::remove_file(&partial).ok();
    }
    copied
}

/// Moves the database elsewhere; fails while a server has it open.
pub fn set_aside(path: &Path, aside: &Path) -> Result<(), OpenError> {
    let claimed = claim(path).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            OpenError::InUse(path.display().to_string())
        }
        _ => refused(path, &error),
    })?;
    fs::rename(path, aside).map_err(|error| unusable(path, &error))?;
    // Closed only now: nobody can have opened it in between.
    drop(claimed);
    Ok(())
}

/// The same path with another ending.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn copy_whole(from: &Path, to: &Path) -> Result<u64, OpenError> {
    let at_source = |error| refused(from, &error);
    let source = look(from).map_err(at_source)?;
    source.busy_timeout(super::BUSY).map_err(at_source)?;
    migrate::check(from, migrate::version(&source).map_err(at_source)?)?;
    // An earlier copy may have been broken off.
    fs::remove_file(to).ok();
    files::make(to).map_err(|error| unusable(to, &error))?;
    let name = to.display().to_string();
    source
        .execute("VACUUM INTO ?1", [&name])
        .map_err(at_source)?;
    let (found, entries) = look_through(to).map_err(|error| refused(to, &error))?;
    if found != "ok" {
        return Err(OpenError::Refused {
            file: from.display().to_string(),
            reason: format!("it is damaged: {found}"),
        });
    }
    Ok(entries)
}

/// What is wrong with a copy, or `ok`, and how many entries it has.
fn look_through(path: &Path) -> rusqlite::Result<(String, u64)> {
    let copy = look(path)?;
    let found = copy.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    let count: i64 = copy.query_row("SELECT count(*) FROM entries", [], |row| row.get(0))?;
    Ok((found, u64::try_from(count).unwrap_or_default()))
}

fn publish(partial: &Path, to: &Path) -> Result<(), OpenError> {
    let publish = || {
        File::open(partial)?.sync_all()?;
        fs::rename(partial, to)?;
        files::sync_folder(to)
    };
    publish().map_err(|error| unusable(to, &error))
}

/// The only connection there is, with the log written back.
fn claim(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path)?;
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(connection)
}

fn unusable(path: &Path, error: &std::io::Error) -> OpenError {
    OpenError::Refused {
        file: path.display().to_string(),
        reason: error.to_string(),
    }
}
