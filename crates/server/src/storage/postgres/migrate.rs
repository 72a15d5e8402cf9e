//! Forward-only, numbered migrations; the table `schema_version` holds the number of the last one.

use super::OpenError;
use crate::storage::{
    StorageError,
    sql::{Database, Value, first},
};

/// In order; the first one makes schema 1.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_search.sql"),
    include_str!("migrations/0003_token_holds.sql"),
    include_str!("migrations/0004_names.sql"),
];

/// Several servers may start at once: one of them migrates. Any number that nobody else uses will do.
const LOCK: &str = "BEGIN; SELECT pg_advisory_xact_lock(7210251230)";

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The database's schema; 0 where there is none.
pub(super) fn version(database: &dyn Database) -> Result<i64, StorageError> {
    // `to_regclass` may answer from before the lock was had.
    let tables = database.query(
        "SELECT tablename::text FROM pg_catalog.pg_tables
         WHERE tablename = 'schema_version' AND schemaname = ANY (current_schemas(false))",
        &[],
    )?;
    if tables.is_empty() {
        return Ok(0);
    }
    let version = database.query("SELECT version FROM schema_version", &[])?;
    Ok(first(version, |row| row.number(0))?.unwrap_or(0))
}

/// Refuses a schema of the future.
pub(super) fn check(place: &str, found: i64) -> Result<(), OpenError> {
    if found <= known() {
        return Ok(());
    }
    Err(OpenError::NewerSchema {
        place: place.to_owned(),
        found,
        known: known(),
    })
}

/// Brings the database up to date, all steps or none.
pub(super) fn run(database: &dyn Database) -> Result<(), StorageError> {
    database.run(LOCK)?;
    let migrated = steps(database);
    let end = if migrated.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    database.run(end)?;
    migrated
}

fn steps(database: &dyn Database) -> Result<(), StorageError> {
    for (number, migration) in (1_i64..).zip(MIGRATIONS) {
        if version(database)? < number {
            database.run(migration)?;
            let set = "UPDATE schema_version SET version = ?1";
            database.execute(set, &[Value::Number(number)])?;
        }
    }
    Ok(())
}
