//! The audit: lines are added, read, and never changed.

use rusqlite::{Connection, params};

use super::row;
use crate::storage::{AuditLine, AuditRecord, StorageError};

pub(super) fn add(connection: &Connection, record: &AuditRecord) -> Result<(), StorageError> {
    connection
        .prepare_cached("INSERT INTO audit (at_ms, who, action, target) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            record.at.as_millisecond(),
            record.who,
            record.action,
            record.target
        ])?;
    Ok(())
}

/// A line's row: position, time, who, action, target.
type AuditRow = (i64, i64, String, String, String);

pub(super) fn list(
    connection: &Connection,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AuditLine>, StorageError> {
    let mut statement = connection.prepare_cached(
        "SELECT position, at_ms, who, action, target FROM audit
         WHERE position < ?1 ORDER BY position DESC LIMIT ?2",
    )?;
    let before = before.map_or(i64::MAX, row::stored);
    let rows = statement
        .query_map(params![before, limit], |row| AuditRow::try_from(row))?
        .collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(line).collect()
}

fn line((position, at_ms, who, action, target): AuditRow) -> Result<AuditLine, StorageError> {
    Ok(AuditLine {
        position: row::count(position)?,
        record: AuditRecord {
            at: row::time(at_ms)?,
            who,
            action,
            target,
        },
    })
}
