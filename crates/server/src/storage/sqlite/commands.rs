//! Commands that wait for tablets.

use jiff::Timestamp;
use kiosk_wire::command::CommandKind;
use rusqlite::{Connection, params};
use serde_json::Value;

use super::{audit, devices, row};
use crate::storage::{AuditRecord, CommandRecipient, CommandRecord, NewCommand, StorageError};

/// A clock that is put right by no more than this makes no command void.
const SKEW_MS: i64 = 5_000;

pub(super) fn add(
    connection: &Connection,
    command: &NewCommand,
    audit: Option<&AuditRecord>,
) -> Result<bool, StorageError> {
    drop_void(connection, command.given_at)?;
    let devices = recipients(connection, &command.recipient)?;
    if devices.is_empty() && command.recipient != CommandRecipient::All {
        return Ok(false);
    }
    for device in &devices {
        put(connection, device, command)?;
    }
    if let Some(audit) = audit {
        audit::add(connection, audit)?;
    }
    Ok(true)
}

/// Forgets what is over, and what was given in a future that the clock was set back from: kept, it
/// would hit a visitor once that time comes.
fn drop_void(connection: &Connection, now: Timestamp) -> Result<(), StorageError> {
    connection
        .prepare_cached("DELETE FROM commands WHERE expires_ms <= ?1 OR given_ms > ?2")?
        .execute(params![now.as_millisecond(), latest_giving(now)])?;
    Ok(())
}

fn latest_giving(now: Timestamp) -> i64 {
    now.as_millisecond().saturating_add(SKEW_MS)
}

fn recipients(
    connection: &Connection,
    recipient: &CommandRecipient,
) -> Result<Vec<String>, StorageError> {
    let only = match recipient {
        CommandRecipient::All => None,
        CommandRecipient::Device(id) => Some(id),
    };
    let mut statement = connection.prepare_cached(
        "SELECT id FROM devices WHERE revoked_ms IS NULL AND (?1 IS NULL OR id = ?1) ORDER BY id",
    )?;
    let ids = statement.query_map([only], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn put(connection: &Connection, device: &str, command: &NewCommand) -> Result<(), StorageError> {
    let mut replace =
        connection.prepare_cached("DELETE FROM commands WHERE device_id = ?1 AND kind = ?2")?;
    for kind in command.replaces {
        replace.execute(params![device, row::code(kind)])?;
    }
    connection
        .prepare_cached(
            "INSERT INTO commands (id, device_id, kind, text, team, given_ms, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            command.id,
            device,
            row::code(command.kind),
            command.text,
            command.team,
            command.given_at.as_millisecond(),
            command.expires_at.as_millisecond()
        ])?;
    Ok(())
}

/// A command's row: id, kind, text, team, end.
type CommandRow = (String, String, Option<String>, Option<String>, i64);

pub(super) fn waiting(
    connection: &Connection,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Vec<CommandRecord>>, StorageError> {
    let Some(device) = devices::by_token(connection, token_hash)? else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, text, team, expires_ms FROM commands
         WHERE device_id = ?1 AND expires_ms > ?2 AND given_ms <= ?3 ORDER BY position",
    )?;
    let rows = statement
        .query_map(
            params![device, now.as_millisecond(), latest_giving(now)],
            |row| CommandRow::try_from(row),
        )?
        .collect::<Result<Vec<_>, _>>()?;
    let commands = rows.into_iter().map(record).collect::<Result<_, _>>()?;
    Ok(Some(commands))
}

fn record((id, kind, text, team, expires_ms): CommandRow) -> Result<CommandRecord, StorageError> {
    Ok(CommandRecord {
        kind: parse(kind)?,
        expires_at: row::time(expires_ms)?,
        id,
        text,
        team,
    })
}

fn parse(kind: String) -> Result<CommandKind, StorageError> {
    serde_json::from_value(Value::String(kind))
        .map_err(|error| StorageError::Unreadable(format!("a command: {error}")))
}

/// What is acknowledged waits no longer; ids that do not are no error. What is void by now goes too.
pub(super) fn acknowledge(
    connection: &Connection,
    device: &str,
    ids: &[String],
    now: Timestamp,
) -> Result<(), StorageError> {
    drop_void(connection, now)?;
    let mut statement =
        connection.prepare_cached("DELETE FROM commands WHERE device_id = ?1 AND id = ?2")?;
    for id in ids {
        statement.execute([device, id])?;
    }
    Ok(())
}

/// A tablet whose token was taken away is told nothing more, also if it comes back.
pub(super) fn forget(connection: &Connection, device: &str) -> Result<(), StorageError> {
    connection
        .prepare_cached("DELETE FROM commands WHERE device_id = ?1")?
        .execute([device])?;
    Ok(())
}
