//! What staff and organisers leave behind: commands, people, closed teams, the audit.
//!
//! Owns: the vocabulary of these things and the part of the port that keeps them.
//! Must not own: SQL, HTTP, or who may do what.
//! Invariant: a command is listed for a tablet until it is acknowledged, replaced or expired, and
//! never while it was given later than now.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use kiosk_wire::{command::CommandKind, event::Text};

use super::{Person, StorageError};

/// A command to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommand {
    /// UUID, the same on every tablet it goes to.
    pub id: String,
    /// Who gets it.
    pub recipient: CommandRecipient,
    /// What to do.
    pub kind: CommandKind,
    /// Of a message.
    pub text: Option<String>,
    /// Of an assignment.
    pub team: Option<String>,
    /// Kinds this one makes void where they are not acknowledged yet, its own among them.
    pub replaces: &'static [CommandKind],
    /// When it was given.
    pub given_at: Timestamp,
    /// From when on it is void.
    pub expires_at: Timestamp,
}

/// Who gets a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandRecipient {
    /// Every tablet that is not revoked.
    All,
    /// The tablet with this id.
    Device(String),
}

/// A command that waits for a tablet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRecord {
    /// UUID.
    pub id: String,
    /// What to do.
    pub kind: CommandKind,
    /// Of a message.
    pub text: Option<String>,
    /// Of an assignment.
    pub team: Option<String>,
    /// From when on it is void.
    pub expires_at: Timestamp,
}

/// One thing somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Name and role, or the tablet.
    pub who: String,
    /// What, as a code.
    pub action: String,
    /// To what.
    pub target: String,
}

/// A line of the audit with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Counts up from 1.
    pub position: u64,
    /// What was done.
    pub record: AuditRecord,
}

/// Whether visitors are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// They are.
    Open,
    /// Nobody answers.
    Closed {
        /// What visitors read, if anything was said.
        reason: Option<Text>,
    },
}

/// Closed teams, with the reason visitors read where one was given.
pub type ClosedTeams = BTreeMap<String, Option<Text>>;

/// The part of the database that staff and organisers write. A line of the audit that is handed
/// over with a change is kept with it or not at all.
#[async_trait]
pub trait ControlStorage: Send + Sync {
    /// Keeps a command for whom it is meant; `false` if that is an unknown or revoked tablet.
    async fn add_command(
        &self,
        command: NewCommand,
        audit: Option<AuditRecord>,
    ) -> Result<bool, StorageError>;

    /// The commands that wait for the tablet with this token, in the order they were given;
    /// `None` if the token has ended.
    async fn waiting_commands(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<CommandRecord>>, StorageError>;

    /// Everybody who can sign in, by name.
    async fn people(&self) -> Result<Vec<Person>, StorageError>;

    /// Keeps a new person; `false` if the name is taken in any realm.
    async fn add_person(&self, person: Person, audit: AuditRecord) -> Result<bool, StorageError>;

    /// Takes a person's access away and ends the sign-ins; `false` if there is nobody of this name.
    async fn remove_person(&self, name: &str, audit: AuditRecord) -> Result<bool, StorageError>;

    /// Opens or closes a team.
    async fn set_opening(
        &self,
        team: &str,
        opening: Opening,
        audit: AuditRecord,
    ) -> Result<(), StorageError>;

    /// The teams that are closed.
    async fn closed_teams(&self) -> Result<ClosedTeams, StorageError>;

    /// Keeps a line of the audit on its own.
    async fn add_audit(&self, record: AuditRecord) -> Result<(), StorageError>;

    /// The newest lines before this position, newest first.
    async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, StorageError>;
}
