//! What is kept, as one trait that every database implements alike.
//!
//! Owns: the vocabulary of stored things and the `Storage` port.
//! Must not own: SQL, HTTP, or the judgement whether an entry is valid.
//! Invariant: when a method that writes returns `Ok`, its effect is committed to disk.

mod budget;
mod control;
mod entry;
pub mod postgres;
mod retention;
mod review;
mod sql;
pub mod sqlite;

use async_trait::async_trait;
use jiff::Timestamp;

pub use budget::{BudgetStorage, TokenHold};
pub use control::{
    AuditLine, AuditRecord, ClosedTeams, CommandRecipient, CommandRecord, ControlStorage,
    NewCommand, Opening,
};
pub use entry::{AnswerColumns, EntryFilter, Ingested, NewEntry, Page, StoredEntry};
pub use retention::{ErasurePlan, RetentionStorage};
pub use review::{ConflictRecord, Erased, RescuedDevice, ReviewStorage};

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database cannot take it now.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// What was read is not what was written.
    #[error("stored data cannot be read: {0}")]
    Unreadable(String),
}

/// A tablet to register; one with this id that exists already is renamed and loses its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// Lower-case UUID.
    pub id: String,
    /// What staff read.
    pub name: String,
    /// SHA-256 of its token.
    pub token_hash: String,
}

/// A tablet as the fleet list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceRecord {
    /// Lower-case UUID.
    pub id: String,
    /// What staff read.
    pub name: String,
    /// When it was last registered.
    pub registered_at: Timestamp,
    /// Whether its token was taken away.
    pub revoked: bool,
    /// The last heartbeat's time by the server's clock.
    pub last_seen_at: Option<Timestamp>,
    /// The last heartbeat, as JSON.
    pub heartbeat: Option<serde_json::Value>,
    /// The highest sequence number it said to have given out.
    pub announced: u64,
    /// The highest sequence number that is stored, lies beside an entry as a conflict, or was erased.
    pub last_seq: u64,
    /// How many of its entries are stored.
    pub stored: u64,
    /// How often it sent an entry again.
    pub duplicates: u64,
    /// The first sequence numbers that never arrived, at most [`MAX_MISSING_LISTED`].
    pub missing: Vec<u64>,
}

/// Most missing numbers that are listed for one device.
pub const MAX_MISSING_LISTED: usize = 100;

/// A sign of life to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct SignOfLife {
    /// The device.
    pub device: String,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The heartbeat as JSON.
    pub heartbeat: serde_json::Value,
    /// The highest sequence number it has given out, if it said so.
    pub announced: Option<u64>,
    /// Ids of commands that have reached it.
    pub acked: Vec<String>,
}

/// The group of people a secret signs in to; names are unique within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Realm {
    /// Staff and leads.
    Staff,
    /// Organisers.
    Organiser,
    /// People of a team.
    Team,
}

impl Realm {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Organiser => "organiser",
            Self::Team => "team",
        }
    }
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Which secrets it is among.
    pub realm: Realm,
    /// Unique in its realm.
    pub name: String,
    /// `staff`, `lead`, `organiser` or `team:{id}`.
    pub role: String,
    /// Argon2id hash of PIN or password.
    pub secret_hash: String,
}

/// A sign-in that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// SHA-256 of the cookie.
    pub token_hash: String,
    /// Who signed in.
    pub name: String,
    /// With which role.
    pub role: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The database.
#[async_trait]
pub trait Storage: BudgetStorage + ControlStorage + ReviewStorage + RetentionStorage {
    /// Fails unless a batch of feedback could be written now, and would be there after a restart.
    async fn check_writable(&self) -> Result<(), StorageError>;

    /// Takes in entries of one device, in order, and tells what became of each.
    async fn ingest(
        &self,
        device: &str,
        received_at: Timestamp,
        entries: Vec<NewEntry>,
    ) -> Result<Vec<Ingested>, StorageError>;

    /// Entries that match, in the order of the page.
    async fn entries(
        &self,
        filter: &EntryFilter,
        page: Page,
    ) -> Result<Vec<StoredEntry>, StorageError>;

    /// The position of the newest entry; 0 while there is none.
    async fn newest_position(&self) -> Result<u64, StorageError>;

    /// Every tag and every answer key that any entry has.
    async fn answer_columns(&self) -> Result<AnswerColumns, StorageError>;

    /// Registers a tablet; its older tokens end.
    async fn register_device(
        &self,
        device: NewDevice,
        at: Timestamp,
        audit: AuditRecord,
    ) -> Result<(), StorageError>;

    /// The id of the device this token hash belongs to.
    async fn device_by_token(&self, token_hash: &str) -> Result<Option<String>, StorageError>;

    /// Keeps a heartbeat, and forgets the commands it acknowledges; answers the highest stored
    /// sequence number.
    async fn record_heartbeat(&self, sign: SignOfLife) -> Result<u64, StorageError>;

    /// The fleet, by name.
    async fn devices(&self) -> Result<Vec<DeviceRecord>, StorageError>;

    /// Ends a device's tokens and forgets its commands; `false` if there is no such device.
    async fn revoke_device(
        &self,
        device: &str,
        at: Timestamp,
        audit: AuditRecord,
    ) -> Result<bool, StorageError>;

    /// Keeps a pairing code's hash until it is used or expired.
    async fn add_pairing_code(
        &self,
        code_hash: &str,
        expires_at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Uses up a pairing code; `false` if it is wrong, used or expired.
    async fn use_pairing_code(&self, code_hash: &str, now: Timestamp)
    -> Result<bool, StorageError>;

    /// Keeps the mark of the key that entries are hashed with, if there is none yet; `false` if another
    /// one is kept.
    async fn agree_on_hash_key(&self, mark: &str) -> Result<bool, StorageError>;

    /// Keeps people and the panel's verifier, all or nothing; what exists already is replaced, and
    /// sign-ins end with the secret or the role they were made with.
    async fn put_credentials(
        &self,
        people: Vec<Person>,
        panel_verifier: Option<String>,
    ) -> Result<(), StorageError>;

    /// The person of this name.
    async fn person(&self, realm: Realm, name: &str) -> Result<Option<Person>, StorageError>;

    /// The verifier of the staff panel's code.
    async fn panel_verifier(&self) -> Result<Option<String>, StorageError>;

    /// Keeps a sign-in, and forgets those that ended before `now`; `false` if nobody of this name
    /// and role can sign in any more.
    async fn start_session(
        &self,
        session: SessionRecord,
        now: Timestamp,
        audit: AuditRecord,
    ) -> Result<bool, StorageError>;

    /// The sign-in of this token hash, if it still holds.
    async fn session(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<SessionRecord>, StorageError>;

    /// Ends a sign-in.
    async fn end_session(&self, token_hash: &str) -> Result<(), StorageError>;

    /// Finishes what waits and closes the database; later calls fail.
    async fn close(&self);
}
