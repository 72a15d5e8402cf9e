//! The database in one `SQLite` file.
//!
//! Owns: the file, its schema, and connections to it.
//! Must not own: what is asked of it.
//! Invariant: a commit is on the disk (`synchronous=FULL`), in the file that lies at the path.

mod connection;
pub mod copy;
mod files;
mod log;
mod migrate;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::{
    StorageError,
    sql::{self, Database, Ground, READERS, SqlStorage},
};
use connection::FileConnection;
use files::OpenFiles;
use log::Log;

/// How long a lock of another program on the file is waited for.
const BUSY: Duration = Duration::from_secs(5);
/// Versions before this can lose committed pages in WAL mode with several connections.
const OLDEST_SAFE_SQLITE: i32 = 3_051_003;

/// Why a database file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer server wrote it.
    #[error(
        "the database {file} has schema {found} and this server knows {known}: use the newer server"
    )]
    NewerSchema {
        /// The file.
        file: String,
        /// Its schema.
        found: u32,
        /// The newest schema this build knows.
        known: u32,
    },
    /// Somebody has it open.
    #[error("the database {0} is in use: stop the server first")]
    InUse(String),
    /// The library is too old to be trusted.
    #[error("SQLite {0} can lose committed data, at least 3.51.3 is needed")]
    UnsafeLibrary(&'static str),
    /// `SQLite` refuses.
    #[error("the database {file} cannot be opened: {reason}")]
    Refused {
        /// The file.
        file: String,
        /// What `SQLite` said.
        reason: String,
    },
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Unreadable(error.to_string()),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// What lies around the file.
struct Surroundings {
    folder: PathBuf,
    log: Arc<Log>,
}

impl Ground for Surroundings {
    fn check_room(&self) -> Result<(), StorageError> {
        files::check_room(&self.folder)
            .map_err(|error| StorageError::Unavailable(format!("no room: {error}")))
    }

    fn holds_erased(&self) -> bool {
        self.log.holds_erased()
    }
}

/// Refuses a file that [`open`] would refuse, without touching it.
pub fn inspect(path: &Path) -> Result<(), OpenError> {
    if rusqlite::version_number() < OLDEST_SAFE_SQLITE {
        return Err(OpenError::UnsafeLibrary(rusqlite::version()));
    }
    if !path.exists() {
        return Ok(());
    }
    let refused = |error: rusqlite::Error| refused(path, &error);
    let connection = look(path).map_err(refused)?;
    let found = migrate::version(&connection).map_err(refused)?;
    migrate::check(path, found)
}

/// Whether the file holds feedback; looks without changing it.
pub fn holds_entries(path: &Path) -> Result<bool, OpenError> {
    let holds = || {
        let connection = look(path)?;
        // Before the first schema there is no table to ask.
        if migrate::version(&connection)? == 0 {
            return Ok(false);
        }
        sql::holds_entries(&FileConnection::reading(connection))
    };
    if path.exists() {
        holds().map_err(|error: StorageError| OpenError::Refused {
            file: path.display().to_string(),
            reason: error.to_string(),
        })
    } else {
        Ok(false)
    }
}

/// Opens or creates the file and brings its schema up to date.
pub fn open(path: &Path) -> Result<SqlStorage, OpenError> {
    inspect(path)?;
    let unusable = |error: std::io::Error| OpenError::Refused {
        file: path.display().to_string(),
        reason: error.to_string(),
    };
    let refused = |error: rusqlite::Error| refused(path, &error);
    files::make(path).map_err(unusable)?;
    let mut connection = connect(path).map_err(refused)?;
    migrate::check(path, migrate::version(&connection).map_err(refused)?)?;
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .map_err(refused)?;
    connection
        .pragma_update(None, "synchronous", "FULL")
        .map_err(refused)?;
    migrate::run(&mut connection).map_err(refused)?;
    // An earlier server may have ended between an erasure and this.
    let log = Arc::new(Log::default());
    log.must_be_emptied();
    log.empty_if_due(&connection);
    let readers = (0..READERS)
        .map(|_| {
            let reader = connect(path)?;
            reader.pragma_update(None, "query_only", true)?;
            Ok(Box::new(FileConnection::reading(reader)) as Box<dyn Database>)
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(refused)?;
    let files = OpenFiles::of(path).map_err(unusable)?;
    let folder = files.folder().to_owned();
    let writer = FileConnection::writing(connection, files, Arc::clone(&log));
    let surroundings = Surroundings { folder, log };
    SqlStorage::new(Box::new(writer), readers, Arc::new(surroundings)).map_err(unusable)
}

fn refused(path: &Path, error: &rusqlite::Error) -> OpenError {
    OpenError::Refused {
        file: path.display().to_string(),
        reason: error.to_string(),
    }
}

fn look(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is erased is overwritten, not just unlinked.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
