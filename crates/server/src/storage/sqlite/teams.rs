//! Teams that staff have closed.

use kiosk_wire::event::Text;
use rusqlite::{Connection, params};

use super::audit;
use crate::storage::{AuditRecord, ClosedTeams, Opening, StorageError};

pub(super) fn set(
    connection: &Connection,
    team: &str,
    opening: &Opening,
    audit: &AuditRecord,
) -> Result<(), StorageError> {
    audit::add(connection, audit)?;
    match opening {
        Opening::Open => open(connection, team),
        Opening::Closed { reason } => close(connection, team, reason.as_ref()),
    }
}

fn open(connection: &Connection, team: &str) -> Result<(), StorageError> {
    connection
        .prepare_cached("DELETE FROM closed_teams WHERE team = ?1")?
        .execute([team])?;
    Ok(())
}

fn close(connection: &Connection, team: &str, reason: Option<&Text>) -> Result<(), StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO closed_teams (team, reason_ko, reason_en) VALUES (?1, ?2, ?3)
             ON CONFLICT (team) DO UPDATE
             SET reason_ko = excluded.reason_ko, reason_en = excluded.reason_en",
        )?
        .execute(params![
            team,
            reason.map(|text| &text.ko),
            reason.map(|text| &text.en)
        ])?;
    Ok(())
}

pub(super) fn closed(connection: &Connection) -> Result<ClosedTeams, StorageError> {
    let mut statement =
        connection.prepare_cached("SELECT team, reason_ko, reason_en FROM closed_teams")?;
    let rows = statement.query_map([], |row| {
        let (ko, en): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, ko.zip(en).map(|(ko, en)| Text { ko, en })))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
