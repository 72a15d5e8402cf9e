//! The audit: lines are added, read, and never changed.

use super::{Database, Row, row, value::values};
use crate::storage::{AuditLine, AuditRecord, StorageError};

pub(super) fn add(database: &dyn Database, record: &AuditRecord) -> Result<(), StorageError> {
    database.execute(
        "INSERT INTO audit (at_ms, who, action, target) VALUES (?1, ?2, ?3, ?4)",
        values![
            record.at.as_millisecond(),
            record.who,
            record.action,
            record.target
        ],
    )?;
    Ok(())
}

pub(super) fn list(
    database: &dyn Database,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AuditLine>, StorageError> {
    let before = before.map_or(i64::MAX, row::stored);
    let rows = database.query(
        "SELECT position, at_ms, who, action, target FROM audit
         WHERE position < ?1 ORDER BY position DESC LIMIT ?2",
        values![before, limit],
    )?;
    rows.into_iter().map(line).collect()
}

fn line(mut row: Row) -> Result<AuditLine, StorageError> {
    Ok(AuditLine {
        position: row::count(row.number(0)?)?,
        record: AuditRecord {
            at: row::time(row.number(1)?)?,
            who: row.text(2)?,
            action: row.text(3)?,
            target: row.text(4)?,
        },
    })
}
