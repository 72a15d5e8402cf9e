//! The part of the port that staff and organisers write, on tables.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{SqlStorage, audit, commands, people, teams};
use crate::storage::{
    AuditLine, AuditRecord, ClosedTeams, CommandRecord, ControlStorage, NewCommand, Opening,
    Person, StorageError,
};

#[async_trait]
impl ControlStorage for SqlStorage {
    async fn add_command(
        &self,
        command: NewCommand,
        audit: Option<AuditRecord>,
    ) -> Result<bool, StorageError> {
        self.writer
            .run(move |database| commands::add(database, &command, audit.as_ref()))
            .await
    }

    async fn waiting_commands(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<CommandRecord>>, StorageError> {
        let hash = token_hash.to_owned();
        self.readers
            .run(move |database| commands::waiting(database, &hash, now))
            .await
    }

    async fn people(&self) -> Result<Vec<Person>, StorageError> {
        self.readers.run(people::list).await
    }

    async fn add_person(&self, person: Person, audit: AuditRecord) -> Result<bool, StorageError> {
        self.writer
            .run(move |database| people::add(database, &person, &audit))
            .await
    }

    async fn remove_person(&self, name: &str, audit: AuditRecord) -> Result<bool, StorageError> {
        let name = name.to_owned();
        self.writer
            .run(move |database| people::remove(database, &name, &audit))
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
            .run(move |database| teams::set(database, &team, &opening, &audit))
            .await
    }

    async fn closed_teams(&self) -> Result<ClosedTeams, StorageError> {
        self.readers.run(teams::closed).await
    }

    async fn add_audit(&self, record: AuditRecord) -> Result<(), StorageError> {
        self.writer
            .run(move |database| audit::add(database, &record))
            .await
    }

    async fn audit(&self, before: Option<u64>, limit: u32) -> Result<Vec<AuditLine>, StorageError> {
        self.readers
            .run(move |database| audit::list(database, before, limit))
            .await
    }
}
