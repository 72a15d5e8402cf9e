//! Forward-only, numbered migrations; the file's `user_version` is the number of the last one.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::OpenError;

/// In order; the first one makes schema 1.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_control.sql"),
    include_str!("migrations/0003_conflicts_by_device.sql"),
    include_str!("migrations/0004_command_given.sql"),
    include_str!("migrations/0005_entries_by_arrival.sql"),
    include_str!("migrations/0006_search.sql"),
    include_str!("migrations/0007_token_holds.sql"),
    include_str!("migrations/0008_names.sql"),
];

/// The newest schema this build knows.
pub(super) fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The file's schema.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Refuses a schema of the future.
pub(super) fn check(path: &Path, found: u32) -> Result<(), OpenError> {
    if found <= known() {
        return Ok(());
    }
    Err(OpenError::NewerSchema {
        file: path.display().to_string(),
        found,
        known: known(),
    })
}

/// Brings the file up to date, each step in a transaction of its own.
pub(super) fn run(connection: &mut Connection) -> rusqlite::Result<()> {
    for (at, migration) in (1_u32..).zip(MIGRATIONS) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read inside the transaction: another server may have migrated meanwhile.
        if version(&transaction)? < at {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", at)?;
        }
        transaction.commit()?;
    }
    Ok(())
}
