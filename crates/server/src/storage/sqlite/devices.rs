//! Tablets: registration, tokens, heartbeats, pairing codes.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{audit, commands, row};
use crate::storage::{
    AuditRecord, DeviceRecord, MAX_MISSING_LISTED, NewDevice, SignOfLife, StorageError,
};

pub(super) fn register(
    connection: &Connection,
    device: &NewDevice,
    at: Timestamp,
    audit: &AuditRecord,
) -> Result<(), StorageError> {
    audit::add(connection, audit)?;
    connection
        .prepare_cached(
            "INSERT INTO devices (id, name, registered_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, registered_ms = excluded.registered_ms, revoked_ms = NULL",
        )?
        .execute(params![device.id, device.name, at.as_millisecond()])?;
    end_tokens(connection, &device.id)?;
    connection
        .prepare_cached("INSERT INTO device_tokens (hash, device_id) VALUES (?1, ?2)")?
        .execute([&device.token_hash, &device.id])?;
    Ok(())
}

fn end_tokens(connection: &Connection, device: &str) -> Result<(), StorageError> {
    connection
        .prepare_cached("DELETE FROM device_tokens WHERE device_id = ?1")?
        .execute([device])?;
    Ok(())
}

pub(super) fn by_token(
    connection: &Connection,
    hash: &str,
) -> Result<Option<String>, StorageError> {
    Ok(connection
        .prepare_cached("SELECT device_id FROM device_tokens WHERE hash = ?1")?
        .query_row([hash], |row| row.get(0))
        .optional()?)
}

pub(super) fn heartbeat(connection: &Connection, sign: &SignOfLife) -> Result<u64, StorageError> {
    connection
        .prepare_cached(
            "UPDATE devices SET last_seen_ms = ?2, heartbeat = ?3, announced = max(announced, ?4)
             WHERE id = ?1",
        )?
        .execute(params![
            sign.device,
            sign.at.as_millisecond(),
            sign.heartbeat.to_string(),
            row::stored(sign.announced.unwrap_or(0))
        ])?;
    commands::acknowledge(connection, &sign.device, &sign.acked, sign.at)?;
    last_seq(connection, &sign.device)
}

fn last_seq(connection: &Connection, device: &str) -> Result<u64, StorageError> {
    let last: Option<i64> = connection
        .prepare_cached(
            "SELECT max(seq) FROM (
                 SELECT max(seq) AS seq FROM entries WHERE device_id = ?1
                 UNION ALL SELECT max(seq) FROM conflicts WHERE device_id = ?1
                 UNION ALL SELECT max(seq) FROM erased_numbers WHERE device_id = ?1
             )",
        )?
        .query_row([device], |row| row.get(0))?;
    row::count(last.unwrap_or(0))
}

/// A device's row: id, name, registered, revoked, last seen, heartbeat, announced, duplicates.
type DeviceRow = (
    String,
    String,
    i64,
    Option<i64>,
    Option<i64>,
    Option<String>,
    i64,
    i64,
);

pub(super) fn list(connection: &Connection) -> Result<Vec<DeviceRecord>, StorageError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, registered_ms, revoked_ms, last_seen_ms, heartbeat, announced, duplicates
         FROM devices ORDER BY name, id",
    )?;
    let rows = statement
        .query_map([], |row| DeviceRow::try_from(row))?
        .collect::<Result<Vec<_>, _>>()?;
    rows.into_iter()
        .map(|row| record(connection, row))
        .collect()
}

fn record(connection: &Connection, row: DeviceRow) -> Result<DeviceRecord, StorageError> {
    let (id, name, registered, revoked, last_seen, heartbeat, announced, duplicates) = row;
    let announced = row::count(announced)?;
    let last_seq = last_seq(connection, &id)?;
    Ok(DeviceRecord {
        registered_at: row::time(registered)?,
        revoked: revoked.is_some(),
        last_seen_at: last_seen.map(row::time).transpose()?,
        heartbeat: heartbeat.as_deref().map(row::json).transpose()?,
        announced,
        last_seq,
        stored: stored(connection, &id)?,
        duplicates: row::count(duplicates)?,
        missing: missing(connection, &id, announced.max(last_seq))?,
        id,
        name,
    })
}

fn stored(connection: &Connection, device: &str) -> Result<u64, StorageError> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM entries WHERE device_id = ?1")?
        .query_row([device], |row| row.get(0))?;
    row::count(count)
}

/// The first numbers up to `highest` that neither arrived nor were erased. What arrived at odds with
/// an entry did arrive.
fn missing(connection: &Connection, device: &str, highest: u64) -> Result<Vec<u64>, StorageError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq FROM entries WHERE device_id = ?1
         UNION SELECT seq FROM conflicts WHERE device_id = ?1
         UNION SELECT seq FROM erased_numbers WHERE device_id = ?1
         ORDER BY seq",
    )?;
    let mut missing = Vec::new();
    let mut expected = 1;
    for seq in statement.query_map([device], |row| row.get::<_, i64>(0))? {
        let seq = row::count(seq?)?;
        missing.extend((expected..seq).take(MAX_MISSING_LISTED - missing.len()));
        if missing.len() == MAX_MISSING_LISTED {
            break;
        }
        expected = seq.saturating_add(1);
    }
    // The tail: announced by the tablet, not here yet.
    let tail = expected..highest.saturating_add(1);
    missing.extend(tail.take(MAX_MISSING_LISTED - missing.len()));
    Ok(missing)
}

pub(super) fn revoke(
    connection: &Connection,
    device: &str,
    at: Timestamp,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    let known = connection
        .prepare_cached("UPDATE devices SET revoked_ms = ?2 WHERE id = ?1")?
        .execute(params![device, at.as_millisecond()])?
        > 0;
    if known {
        end_tokens(connection, device)?;
        commands::forget(connection, device)?;
        audit::add(connection, audit)?;
    }
    Ok(known)
}

pub(super) fn add_pairing_code(
    connection: &Connection,
    hash: &str,
    expires_at: Timestamp,
) -> Result<(), StorageError> {
    connection
        .prepare_cached("INSERT INTO pairing_codes (hash, expires_ms) VALUES (?1, ?2)")?
        .execute(params![hash, expires_at.as_millisecond()])?;
    Ok(())
}

pub(super) fn use_pairing_code(
    connection: &Connection,
    hash: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    connection
        .prepare_cached("DELETE FROM pairing_codes WHERE expires_ms <= ?1")?
        .execute([now.as_millisecond()])?;
    let used = connection
        .prepare_cached("DELETE FROM pairing_codes WHERE hash = ?1")?
        .execute([hash])?;
    Ok(used > 0)
}
