//! Teams that staff have closed.

use kiosk_wire::event::Text;

use super::{Database, audit, value::values};
use crate::storage::{AuditRecord, ClosedTeams, Opening, StorageError};

pub(super) fn set(
    database: &dyn Database,
    team: &str,
    opening: &Opening,
    audit: &AuditRecord,
) -> Result<(), StorageError> {
    audit::add(database, audit)?;
    match opening {
        Opening::Open => open(database, team),
        Opening::Closed { reason } => close(database, team, reason.as_ref()),
    }
}

fn open(database: &dyn Database, team: &str) -> Result<(), StorageError> {
    database.execute("DELETE FROM closed_teams WHERE team = ?1", values![team])?;
    Ok(())
}

fn close(database: &dyn Database, team: &str, reason: Option<&Text>) -> Result<(), StorageError> {
    database.execute(
        "INSERT INTO closed_teams (team, reason_ko, reason_en) VALUES (?1, ?2, ?3)
             ON CONFLICT (team) DO UPDATE
             SET reason_ko = excluded.reason_ko, reason_en = excluded.reason_en",
        values![
            team,
            reason.map(|text| &text.ko),
            reason.map(|text| &text.en)
        ],
    )?;
    Ok(())
}

pub(super) fn closed(database: &dyn Database) -> Result<ClosedTeams, StorageError> {
    let rows = database.query("SELECT team, reason_ko, reason_en FROM closed_teams", &[])?;
    rows.into_iter()
        .map(|mut row| {
            let (ko, en) = (row.maybe_text(1)?, row.maybe_text(2)?);
            Ok((row.text(0)?, ko.zip(en).map(|(ko, en)| Text { ko, en })))
        })
        .collect()
}
