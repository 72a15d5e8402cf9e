//! Commands that wait for tablets.

use jiff::Timestamp;
use kiosk_wire::command::CommandKind;
use serde_json::Value;

use super::{Database, Row, audit, devices, row, value::values};
use crate::storage::{AuditRecord, CommandRecipient, CommandRecord, NewCommand, StorageError};

/// A clock that is put right by no more than this makes no command void.
const SKEW_MS: i64 = 5_000;

pub(super) fn add(
    database: &dyn Database,
    command: &NewCommand,
    audit: Option<&AuditRecord>,
) -> Result<bool, StorageError> {
    drop_void(database, command.given_at)?;
    let devices = recipients(database, &command.recipient)?;
    if devices.is_empty() && command.recipient != CommandRecipient::All {
        return Ok(false);
    }
    for device in &devices {
        put(database, device, command)?;
    }
    if let Some(audit) = audit {
        audit::add(database, audit)?;
    }
    Ok(true)
}

/// Forgets what is over, and what was given in a future that the clock was set back from: kept, it
/// would hit a visitor once that time comes.
fn drop_void(database: &dyn Database, now: Timestamp) -> Result<(), StorageError> {
    database.execute(
        "DELETE FROM commands WHERE expires_ms <= ?1 OR given_ms > ?2",
        values![now.as_millisecond(), latest_giving(now)],
    )?;
    Ok(())
}

fn latest_giving(now: Timestamp) -> i64 {
    now.as_millisecond().saturating_add(SKEW_MS)
}

fn recipients(
    database: &dyn Database,
    recipient: &CommandRecipient,
) -> Result<Vec<String>, StorageError> {
    let only = match recipient {
        CommandRecipient::All => None,
        CommandRecipient::Device(id) => Some(id),
    };
    let rows = database.query(
        "SELECT id FROM devices
         WHERE revoked_ms IS NULL AND (CAST(?1 AS TEXT) IS NULL OR id = ?1) ORDER BY id",
        values![only],
    )?;
    rows.into_iter().map(|mut row| row.text(0)).collect()
}

fn put(database: &dyn Database, device: &str, command: &NewCommand) -> Result<(), StorageError> {
    for kind in command.replaces {
        database.execute(
            "DELETE FROM commands WHERE device_id = ?1 AND kind = ?2",
            values![device, row::code(kind)],
        )?;
    }
    database.execute(
        "INSERT INTO commands (id, device_id, kind, text, team, given_ms, expires_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        values![
            command.id,
            device,
            row::code(command.kind),
            command.text,
            command.team,
            command.given_at.as_millisecond(),
            command.expires_at.as_millisecond()
        ],
    )?;
    Ok(())
}

pub(super) fn waiting(
    database: &dyn Database,
    token_hash: &str,
    now: Timestamp,
) -> Result<Option<Vec<CommandRecord>>, StorageError> {
    let Some(device) = devices::by_token(database, token_hash)? else {
        return Ok(None);
    };
    let rows = database.query(
        "SELECT id, kind, text, team, expires_ms FROM commands
         WHERE device_id = ?1 AND expires_ms > ?2 AND given_ms <= ?3 ORDER BY position",
        values![device, now.as_millisecond(), latest_giving(now)],
    )?;
    let commands = rows.into_iter().map(record).collect::<Result<_, _>>()?;
    Ok(Some(commands))
}

fn record(mut row: Row) -> Result<CommandRecord, StorageError> {
    Ok(CommandRecord {
        id: row.text(0)?,
        kind: parse(row.text(1)?)?,
        text: row.maybe_text(2)?,
        team: row.maybe_text(3)?,
        expires_at: row::time(row.number(4)?)?,
    })
}

fn parse(kind: String) -> Result<CommandKind, StorageError> {
    serde_json::from_value(Value::String(kind))
        .map_err(|error| StorageError::Unreadable(format!("a command: {error}")))
}

/// What is acknowledged waits no longer; ids that do not are no error. What is void by now goes too.
pub(super) fn acknowledge(
    database: &dyn Database,
    device: &str,
    ids: &[String],
    now: Timestamp,
) -> Result<(), StorageError> {
    drop_void(database, now)?;
    for id in ids {
        database.execute(
            "DELETE FROM commands WHERE device_id = ?1 AND id = ?2",
            values![device, id],
        )?;
    }
    Ok(())
}

/// A tablet whose token was taken away is told nothing more, also if it comes back.
pub(super) fn forget(database: &dyn Database, device: &str) -> Result<(), StorageError> {
    database.execute("DELETE FROM commands WHERE device_id = ?1", values![device])?;
    Ok(())
}
