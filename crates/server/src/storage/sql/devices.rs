//! Tablets: registration, tokens, heartbeats, pairing codes.

use jiff::Timestamp;

use super::{
    Database, Row, audit, commands, row,
    value::{first, values},
};
use crate::storage::{
    AuditRecord, DeviceRecord, MAX_MISSING_LISTED, NewDevice, SignOfLife, StorageError,
};

pub(super) fn register(
    database: &dyn Database,
    device: &NewDevice,
    at: Timestamp,
    audit: &AuditRecord,
) -> Result<(), StorageError> {
    audit::add(database, audit)?;
    database.execute(
        "INSERT INTO devices (id, name, registered_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, registered_ms = excluded.registered_ms, revoked_ms = NULL",
        values![device.id, device.name, at.as_millisecond()],
    )?;
    end_tokens(database, &device.id)?;
    database.execute(
        "INSERT INTO device_tokens (hash, device_id) VALUES (?1, ?2)",
        values![&device.token_hash, &device.id],
    )?;
    Ok(())
}

fn end_tokens(database: &dyn Database, device: &str) -> Result<(), StorageError> {
    database.execute(
        "DELETE FROM device_tokens WHERE device_id = ?1",
        values![device],
    )?;
    Ok(())
}

pub(super) fn by_token(
    database: &dyn Database,
    hash: &str,
) -> Result<Option<String>, StorageError> {
    let rows = database.query(
        "SELECT device_id FROM device_tokens WHERE hash = ?1",
        values![hash],
    )?;
    first(rows, |row| row.text(0))
}

pub(super) fn heartbeat(database: &dyn Database, sign: &SignOfLife) -> Result<u64, StorageError> {
    database.execute(
        "UPDATE devices SET last_seen_ms = ?2, heartbeat = ?3,
                 announced = CASE WHEN announced < ?4 THEN ?4 ELSE announced END
             WHERE id = ?1",
        values![
            sign.device,
            sign.at.as_millisecond(),
            sign.heartbeat.to_string(),
            row::stored(sign.announced.unwrap_or(0))
        ],
    )?;
    commands::acknowledge(database, &sign.device, &sign.acked, sign.at)?;
    last_seq(database, &sign.device)
}

fn last_seq(database: &dyn Database, device: &str) -> Result<u64, StorageError> {
    let rows = database.query(
        "SELECT max(seq) FROM (
             SELECT max(seq) AS seq FROM entries WHERE device_id = ?1
             UNION ALL SELECT max(seq) FROM conflicts WHERE device_id = ?1
             UNION ALL SELECT max(seq) FROM erased_numbers WHERE device_id = ?1
         ) AS highest",
        values![device],
    )?;
    let last = first(rows, |row| row.maybe_number(0))?.flatten();
    row::count(last.unwrap_or(0))
}

pub(super) fn list(database: &dyn Database) -> Result<Vec<DeviceRecord>, StorageError> {
    let rows = database.query(
        "SELECT id, name, registered_ms, revoked_ms, last_seen_ms, heartbeat, announced, duplicates
         FROM devices ORDER BY name, id",
        &[],
    )?;
    rows.into_iter().map(|row| record(database, row)).collect()
}

fn record(database: &dyn Database, mut row: Row) -> Result<DeviceRecord, StorageError> {
    let id = row.text(0)?;
    let announced = row::count(row.number(6)?)?;
    let last_seq = last_seq(database, &id)?;
    Ok(DeviceRecord {
        name: row.text(1)?,
        registered_at: row::time(row.number(2)?)?,
        revoked: row.maybe_number(3)?.is_some(),
        last_seen_at: row.maybe_number(4)?.map(row::time).transpose()?,
        heartbeat: row.maybe_text(5)?.as_deref().map(row::json).transpose()?,
        announced,
        last_seq,
        stored: stored(database, &id)?,
        duplicates: row::count(row.number(7)?)?,
        missing: missing(database, &id, last_seq, announced)?,
        id,
    })
}

fn stored(database: &dyn Database, device: &str) -> Result<u64, StorageError> {
    let rows = database.query(
        "SELECT count(*) FROM entries WHERE device_id = ?1",
        values![device],
    )?;
    row::count(first(rows, |row| row.number(0))?.unwrap_or(0))
}

/// The first numbers up to the announced one that neither arrived nor were erased. What arrived at odds
/// with an entry did arrive.
fn missing(
    database: &dyn Database,
    device: &str,
    last_seq: u64,
    announced: u64,
) -> Result<Vec<u64>, StorageError> {
    // Each gap misses a number at least.
    let most_gaps = i64::try_from(MAX_MISSING_LISTED).unwrap_or(i64::MAX);
    // Each number that does not follow another, with the one before it: an end of a gap.
    let rows = database.query(
        "SELECT before, seq FROM (
             SELECT seq, lag(seq, 1, CAST(0 AS BIGINT)) OVER (ORDER BY seq) AS before FROM (
                 SELECT seq FROM entries WHERE device_id = ?1
                 UNION SELECT seq FROM conflicts WHERE device_id = ?1
                 UNION SELECT seq FROM erased_numbers WHERE device_id = ?1
             ) AS numbers
         ) AS steps
         WHERE seq > before + 1 ORDER BY seq LIMIT ?2",
        values![device, most_gaps],
    )?;
    let mut missing = Vec::new();
    for mut row in rows {
        let (before, seq) = (row::count(row.number(0)?)?, row::count(row.number(1)?)?);
        let gap = before.saturating_add(1)..seq;
        missing.extend(gap.take(MAX_MISSING_LISTED - missing.len()));
    }
    // The tail: announced by the tablet, not here yet.
    let tail = last_seq.saturating_add(1)..announced.saturating_add(1);
    missing.extend(tail.take(MAX_MISSING_LISTED - missing.len()));
    Ok(missing)
}

pub(super) fn revoke(
    database: &dyn Database,
    device: &str,
    at: Timestamp,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    let known = database.execute(
        "UPDATE devices SET revoked_ms = ?2 WHERE id = ?1",
        values![device, at.as_millisecond()],
    )? > 0;
    if known {
        end_tokens(database, device)?;
        commands::forget(database, device)?;
        audit::add(database, audit)?;
    }
    Ok(known)
}

pub(super) fn add_pairing_code(
    database: &dyn Database,
    hash: &str,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    database.execute(
        "INSERT INTO pairing_codes (hash, expires_ms) VALUES (?1, ?2)",
        values![hash, expires_at.as_millisecond()],
    )?;
    Ok(())
}

pub(super) fn use_pairing_code(
    database: &dyn Database,
    hash: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    database.execute(
        "DELETE FROM pairing_codes WHERE expires_ms <= ?1",
        values![now.as_millisecond()],
    )?;
    let used = database.execute("DELETE FROM pairing_codes WHERE hash = ?1", values![hash])?;
    Ok(used > 0)
}
