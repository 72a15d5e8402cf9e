//! The part of the port that staff and organisers write, on one `SQLite` file.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{SqliteStorage, audit, commands, people, teams};
use crate::storage::{
    AuditLine, AuditRecord, ClosedTeams, CommandRecord, ControlStorage, NewCommand, Opening,
    Person, StorageError,
};

#[async_trait]
impl ControlStorage for SqliteStorage {
    async fn add_command(
        &self,
        command: NewCommand,
        audit: Option<AuditRecord>,
    ) -> Result<bool, StorageError> {
        self.writer
            .run(move |connection| commands::add(connection, &command, audit.as_ref()))
            .await
    }

    async fn waiting_commands(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<CommandRecord>>, StorageError> {
        let hash = token_hash.to_owned();
        self.readers
            .run(move |connection| commands::waiting(connection, &hash, now))
            .await
    }

    async fn people(&self) -> Result<Vec<Person>, StorageError> {
        self.readers.run(people::list).await
    }

    async fn add_person(&self, person: Person, audit: AuditRecord) -> Result<bool, StorageError> {
        self.writer
            .run(move |connection| people::add(connection, &person, &audit))
            .await
    }

    async fn remove_person(&self, name: &str, audit: AuditRecord) -> Result<bool, StorageError> {
        let name = name.to_owned();
        self.writer
            .run(move |connection| people::remove(connection, &name, &audit))
            .await
    }

    async fn set_opening(
        &self,
        team: &str,
        opening: Opening,
        audit: AuditRecord,
    ) -> Result<(), StorageError> {
        let team = team.to_owned();
        self.writer
            .run(move |connection| teams::set(connection, &team, &opening, &audit))
            .await
    }

    async fn closed_teams(&self) -> Result<ClosedTeams, StorageError> {
        self.readers.run(teams::closed).await
    }

    async fn add_audit(&self, record: AuditRecord) -> Result<(), StorageError> {
        self.writer
            .run(move |connection| audit::add(connection, &record))
            .await
    }

    async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, StorageError> {
        self.readers
            .run(move |connection| audit::list(connection, before, limit))
            .await
    }
}
