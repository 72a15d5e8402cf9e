//! The database as tables, asked in the SQL that `SQLite` and `PostgreSQL` both speak.
//!
//! Owns: every statement, one writer and a few readers, and the port on top of them.
//! Must not own: how a database is reached, made ready and kept safe; that is each database's own.
//! Invariant: one transaction writes at a time, also among several servers, so that positions are
//! committed in their order and nothing is judged by what is about to change.

mod audit;
mod budget;
mod commands;
mod control;
mod credentials;
mod devices;
mod entries;
mod index;
mod indexer;
mod names;
mod people;
mod readers;
mod retention;
mod review;
mod row;
mod search;
mod teams;
mod terms;
mod value;
mod writer;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    AnswerColumns, AuditRecord, DeviceRecord, EntryFilter, Ingested, NewDevice, NewEntry, Page,
    Person, Realm, SessionRecord, SignOfLife, Storage, StorageError, StoredEntry,
};
use indexer::Indexer;
use readers::Readers;
use writer::Writer;

pub(super) use value::{Row, Value, first};

/// How many queries run side by side.
pub(super) const READERS: usize = 4;

/// What the two databases say differently.
#[derive(Debug)]
pub(super) struct Dialect {
    /// A function that answers where its second text is in its first, from 1, and 0 for nowhere.
    pub(super) place_of: &'static str,
    /// Writes terms: `?1` is a JSON list of pairs of position and terms.
    pub(super) add_terms: &'static str,
    /// Takes the terms `?2` of the entry at `?1` out again.
    pub(super) drop_terms: &'static str,
    /// A table `found` with the column `place`: where entries stand that have all of `?terms` and, where
    /// there are blocks, one of `?blocks`.
    pub(super) found: &'static str,
    /// How many places a block has, if a search is to go through blocks, the newest first. Then an entry has
    /// the term of its block too.
    pub(super) places_of_block: Option<i64>,
}

/// A connection. Values are numbered `?1`, `?2` in the SQL.
pub(super) trait Database: Send {
    fn dialect(&self) -> &'static Dialect;

    /// Makes sure that it can be used: one that was lost is made anew.
    fn prepare(&self) -> Result<(), StorageError>;

    /// Changes rows; answers how many.
    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StorageError>;

    /// Reads rows.
    fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StorageError>;

    /// Begins the one transaction that may write.
    fn begin(&self) -> Result<(), StorageError>;

    /// Whether that still lasts: a full disk or a lost connection ends it.
    fn is_in_transaction(&self) -> bool;

    /// Puts it on the disk, or undoes it and fails.
    fn commit(&self) -> Result<(), StorageError>;

    /// Statements without values.
    fn run(&self, sql: &'static str) -> Result<(), StorageError>;

    /// What the transaction erases must not stay beside the tables either.
    fn must_leave_no_trace(&self) {}

    /// After a commit; fails if what was committed is not where the next start looks for it.
    fn settle(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

/// What a database has around its connections.
pub(super) trait Ground: Send + Sync {
    /// Fails where a large batch would find no room. May take a while.
    fn check_room(&self) -> Result<(), StorageError> {
        Ok(())
    }

    /// Whether something that was erased may still be beside the tables, until a later commit.
    fn holds_erased(&self) -> bool {
        false
    }
}

/// A database of tables.
pub struct SqlStorage {
    writer: Arc<Writer>,
    readers: Readers,
    indexer: Indexer,
    ground: Arc<dyn Ground>,
    /// One look at a time: each takes room on the disk while it lasts.
    looks_for_room: tokio::sync::Mutex<()>,
}

impl SqlStorage {
    /// Takes connections over: one to write, the others to read.
    pub(super) fn new(
        writer: Box<dyn Database>,
        readers: Vec<Box<dyn Database>>,
        ground: Arc<dyn Ground>,
    ) -> std::io::Result<Self> {
        let writer = Arc::new(Writer::start(writer)?);
        Ok(Self {
            indexer: Indexer::new(&writer),
            writer,
            readers: Readers::new(readers),
            ground,
            looks_for_room: tokio::sync::Mutex::default(),
        })
    }
}

/// Whether there is feedback.
pub(super) fn holds_entries(database: &dyn Database) -> Result<bool, StorageError> {
    entries::any(database)
}

#[async_trait]
impl Storage for SqlStorage {
    async fn check_writable(&self) -> Result<(), StorageError> {
        let looking = self.looks_for_room.lock().await;
        let ground = Arc::clone(&self.ground);
        tokio::task::spawn_blocking(move || ground.check_room())
            .await
            .map_err(|error| StorageError::Unavailable(error.to_string()))??;
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
        let ingested = self
            .writer
            .run(move |database| entries::ingest(database, &device, received_at, &entries))
            .await?;
        self.indexer.wake();
        Ok(ingested)
    }

    async fn entries(
        &self,
        filter: &EntryFilter,
        page: Page,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let filter = filter.clone();
        if filter.search.is_some() {
            // An earlier server may have left something to do.
            self.indexer.wake();
        }
        self.readers
            .run(move |database| search::list(database, &filter, page))
            .await
    }

    async fn newest_position(&self) -> Result<u64, StorageError> {
        self.readers.run(entries::newest_position).await
    }

    async fn answer_columns(&self) -> Result<AnswerColumns, StorageError> {
        self.readers.run(index::answer_columns).await
    }

    async fn register_device(
        &self,
        device: NewDevice,
        at: Timestamp,
        audit: AuditRecord,
    ) -> Result<(), StorageError> {
        self.writer
            .run(move |database| devices::register(database, &device, at, &audit))
            .await
    }

    async fn device_by_token(&self, token_hash: &str) -> Result<Option<String>, StorageError> {
        let hash = token_hash.to_owned();
        self.readers
            .run(move |database| devices::by_token(database, &hash))
            .await
    }

    async fn record_heartbeat(&self, sign: SignOfLife) -> Result<u64, StorageError> {
        self.writer
            .run(move |database| devices::heartbeat(database, &sign))
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
            .run(move |database| devices::revoke(database, &device, at, &audit))
            .await
    }

    async fn add_pairing_code(
        &self,
        code_hash: &str,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        let hash = code_hash.to_owned();
        self.writer
            .run(move |database| devices::add_pairing_code(database, &hash, expires_at))
            .await
    }

    async fn use_pairing_code(
        &self,
        code_hash: &str,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let hash = code_hash.to_owned();
        self.writer
            .run(move |database| devices::use_pairing_code(database, &hash, now))
            .await
    }

    async fn agree_on_hash_key(&self, mark: &str) -> Result<bool, StorageError> {
        let mark = mark.to_owned();
        self.writer
            .run(move |database| credentials::agree_on_hash_key(database, &mark))
            .await
    }

    async fn put_credentials(
        &self,
        people: Vec<Person>,
        panel_verifier: Option<String>,
    ) -> Result<(), StorageError> {
        self.writer
            .run(move |database| credentials::put(database, &people, panel_verifier.as_deref()))
            .await
    }

    async fn person(&self, realm: Realm, name: &str) -> Result<Option<Person>, StorageError> {
        let name = name.to_owned();
        self.readers
            .run(move |database| credentials::person(database, realm, &name))
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
            .run(move |database| credentials::start_session(database, &session, now, &audit))
            .await
    }

    async fn session(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<SessionRecord>, StorageError> {
        let hash = token_hash.to_owned();
        self.readers
            .run(move |database| credentials::session(database, &hash, now))
            .await
    }

    async fn end_session(&self, token_hash: &str) -> Result<(), StorageError> {
        let hash = token_hash.to_owned();
        self.writer
            .run(move |database| credentials::end_session(database, &hash))
            .await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
