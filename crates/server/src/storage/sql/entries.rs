//! Entries: taking them in once.

use jiff::Timestamp;

use super::{
    Database, row,
    value::{first, values},
};
use crate::storage::{Ingested, NewEntry, StorageError};

pub(super) fn ingest(
    database: &dyn Database,
    device: &str,
    received_at: Timestamp,
    entries: &[NewEntry],
) -> Result<Vec<Ingested>, StorageError> {
    entries
        .iter()
        .map(|entry| ingest_one(database, device, received_at, entry))
        .collect()
}

fn ingest_one(
    database: &dyn Database,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<Ingested, StorageError> {
    if is_erased(database, &entry.receipt)? {
        database.execute(
            "INSERT INTO erased_numbers (device_id, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            values![device, row::stored(entry.seq)],
        )?;
        return Ok(Ingested::Erased);
    }
    if insert(database, device, received_at, entry)? {
        return Ok(Ingested::Stored);
    }
    let held = database.query(
        "SELECT keyed_hash FROM entries WHERE id = ?1",
        values![&entry.id],
    )?;
    if first(held, |row| row.text(0))?.as_ref() == Some(&entry.keyed_hash) {
        database.execute(
            "UPDATE devices SET duplicates = duplicates + 1 WHERE id = ?1",
            values![device],
        )?;
        return Ok(Ingested::Duplicate);
    }
    keep_conflict(database, device, received_at, entry)
}

fn is_erased(database: &dyn Database, receipt: &str) -> Result<bool, StorageError> {
    let rows = database.query(
        "SELECT receipt FROM erased_visits WHERE receipt = ?1",
        values![receipt],
    )?;
    Ok(!rows.is_empty())
}

/// Whether its id was not taken yet.
fn insert(
    database: &dyn Database,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<bool, StorageError> {
    let inserted = database.execute(
        "INSERT INTO entries (id, device_id, seq, visit_id, receipt, team, kind, language,
                 rating, created_ms, received_ms, item, search_text, keyed_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO NOTHING",
        values![
            entry.id,
            device,
            row::stored(entry.seq),
            entry.visit_id,
            entry.receipt,
            entry.team,
            row::code(entry.kind),
            entry.language.code(),
            entry.rating,
            entry.created_at.as_millisecond(),
            received_at.as_millisecond(),
            entry.item,
            entry.search_text,
            entry.keyed_hash,
        ],
    )?;
    Ok(inserted > 0)
}

fn keep_conflict(
    database: &dyn Database,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<Ingested, StorageError> {
    database.execute(
        "INSERT INTO conflicts (id, keyed_hash, device_id, seq, receipt, received_ms, item)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        values![
            entry.id,
            entry.keyed_hash,
            device,
            row::stored(entry.seq),
            entry.receipt,
            received_at.as_millisecond(),
            entry.item,
        ],
    )?;
    Ok(Ingested::Conflict)
}

pub(super) fn any(database: &dyn Database) -> Result<bool, StorageError> {
    Ok(newest_position(database)? > 0)
}

pub(super) fn newest_position(database: &dyn Database) -> Result<u64, StorageError> {
    let rows = database.query("SELECT max(position) FROM entries", &[])?;
    let newest = first(rows, |row| row.maybe_number(0))?.flatten();
    row::count(newest.unwrap_or(0))
}
