//! The database in one `SQLite` file.
//!
//! Owns: the file, its schema, one writer thread and a few readers.
//! Must not own: what entries mean.
//! Invariant: only the writer writes, and it answers after `COMMIT` with `synchronous=FULL`.

mod audit;
mod commands;
mod control;
pub mod copy;
mod credentials;
mod devices;
mod entries;
mod files;
mod log;
mod migrate;
mod people;
mod readers;
mod retention;
mod review;
mod row;
mod teams;
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::{
    AnswerColumns, AuditRecord, DeviceRecord, EntryFilter, Ingested, NewDevice, NewEntry, Page,
    Person, Realm, SessionRecord, SignOfLife, Storage, StorageError, StoredEntry,
};
use files::OpenFiles;
use log::Log;
use readers::Readers;
use writer::Writer;

/// How many queries run side by side.
const READERS: usize = 4;
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

/// An open `SQLite` database.
pub struct SqliteStorage {
    writer: Arc<Writer>,
    readers: Readers,
    log: Arc<Log>,
    folder: PathBuf,
    /// One look at a time: each takes room on the disk while it lasts.
    looks_for_room: tokio::sync::Mutex<()>,
}

impl SqliteStorage {
    /// Refuses a file that [`SqliteStorage::open`] would refuse, without touching it.
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
            Ok(migrate::version(&connection)? > 0 && entries::any(&connection)?)
        };
        if path.exists() {
            holds().map_err(|error| refused(path, &error))
        } else {
            Ok(false)
        }
    }

    /// Opens or creates the file and brings its schema up to date.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::inspect(path)?;
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
                Ok(reader)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(refused)?;
        let files = OpenFiles::of(path).map_err(unusable)?;
        let folder = files.folder().to_owned();
        Ok(Self {
            writer: Arc::new(Writer::start(connection, files, Arc::clone(&log)).map_err(unusable)?),
            readers: Readers::new(readers),
            log,
            folder,
            looks_for_room: tokio::sync::Mutex::default(),
        })
    }
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

#[async_trait]
impl Storage for SqliteStorage {
    async fn check_writable(&self) -> Result<(), StorageError> {
        let looking = self.looks_for_room.lock().await;
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || files::check_room(&folder))
            .await
            .map_err(|error| StorageError::Unavailable(error.to_string()))?
            .map_err(|error| StorageError::Unavailable(format!("no room: {error}")))?;
        drop(looking);
        self.writer.run(credentials::touch).await
    }

    async fn ingest(
        &self,
        device: &str,
        received_at: Timestamp,
        entries: Vec<NewEntry>,
    ) -> Result<Vec<Ingested>, StorageError> {
        let device = device.to_owned();
        self.writer
            .run(move |connection| entries::ingest(connection, &device, received_at, &entries))
            .await
    }

    async fn entries(
        &self,
        filter: &EntryFilter,
        page: Page,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let filter = filter.clone();
        self.readers
            .run(move |connection| entries::list(connection, &filter, page))
            .await
    }

    async fn newest_position(&self) -> Result<u64, StorageError> {
        self.readers.run(entries::newest_position).await
    }

    async fn answer_columns(&self) -> Result<AnswerColumns, StorageError> {
        self.readers.run(entries::answer_columns).await
    }

    async fn register_device(
        &self,
        device: NewDevice,
        at: Timestamp,
        audit: AuditRecord,
    ) -> Result<(), StorageError> {
        self.writer
            .run(move |connection| devices::register(connection, &device, at, &audit))
            .await
    }

    async fn device_by_token(&self, token_hash: &str) -> Result<Option<String>, StorageError> {
        let hash = token_hash.to_owned();
        self.readers
            .run(move |connection| devices::by_token(connection, &hash))
            .await
    }

    async fn record_heartbeat(&self, sign: SignOfLife) -> Result<u64, StorageError> {
        self.writer
            .run(move |connection| devices::heartbeat(connection, &sign))
            .await
    }

    async fn devices(&self) -> Result<Vec<DeviceRecord>, StorageError> {
        self.readers.run(devices::list).await
    }

    async fn revoke_device(
        &self,
        device: &str,
        at: Timestamp,
        audit: AuditRecord,
    ) -> Result<bool, StorageError> {
        let device = device.to_owned();
        self.writer
            .run(move |connection| devices::revoke(connection, &device, at, &audit))
            .await
    }

    async fn add_pairing_code(
        &self,
        code_hash: &str,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        let hash = code_hash.to_owned();
        self.writer
            .run(move |connection| devices::add_pairing_code(connection, &hash, expires_at))
            .await
    }

    async fn use_pairing_code(
        &self,
        code_hash: &str,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let hash = code_hash.to_owned();
        self.writer
            .run(move |connection| devices::use_pairing_code(connection, &hash, now))
            .await
    }

    async fn put_credentials(
        &self,
        people: Vec<Person>,
        panel_verifier: Option<String>,
    ) -> Result<(), StorageError> {
        self.writer
            .run(move |connection| credentials::put(connection, &people, panel_verifier.as_deref()))
            .await
    }

    async fn person(&self, realm: Realm, name: &str) -> Result<Option<Person>, StorageError> {
        let name = name.to_owned();
        self.readers
            .run(move |connection| credentials::person(connection, realm, &name))
            .await
    }

    async fn panel_verifier(&self) -> Result<Option<String>, StorageError> {
        self.readers.run(credentials::panel_verifier).await
    }

    async fn start_session(
        &self,
        session: SessionRecord,
        now: Timestamp,
        audit: AuditRecord,
    ) -> Result<bool, StorageError> {
        self.writer
            .run(move |connection| credentials::start_session(connection, &session, now, &audit))
            .await
    }

    async fn session(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<SessionRecord>, StorageError> {
        let hash = token_hash.to_owned();
        self.readers
            .run(move |connection| credentials::session(connection, &hash, now))
            .await
    }

    async fn end_session(&self, token_hash: &str) -> Result<(), StorageError> {
        let hash = token_hash.to_owned();
        self.writer
            .run(move |connection| credentials::end_session(connection, &hash))
            .await
    }

    async fn tokens_used(&self, team: &str, day: &str) -> Result<u64, StorageError> {
        let (team, day) = (team.to_owned(), day.to_owned());
        self.readers
            .run(move |connection| credentials::tokens_used(connection, &team, &day))
            .await
    }

    async fn add_tokens(&self, team: &str, day: &str, tokens: u64) -> Result<(), StorageError> {
        let (team, day) = (team.to_owned(), day.to_owned());
        self.writer
            .run(move |connection| credentials::add_tokens(connection, &team, &day, tokens))
            .await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
