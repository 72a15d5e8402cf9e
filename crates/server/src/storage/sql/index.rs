//! The table of terms: filled in after entries are stored, so that no tablet waits for it.
//!
//! Invariant: what stands at or before the position `indexed` is in it, what stands after is not, and
//! what is erased is in it no longer.

use super::{
    Database, Row, credentials,
    terms::Findable,
    value::{Value, values},
};
use crate::storage::StorageError;

/// The newest position that is in it.
const INDEXED: &str = "indexed";
const FINDABLE: &str =
    "SELECT position, device_id, team, kind, language, rating, search_text FROM entries";

/// Up to where entries are found by their terms.
pub(super) fn indexed(database: &dyn Database) -> Result<i64, StorageError> {
    credentials::number(database, INDEXED)
}

/// Takes in the next entries, `most` of them; answers whether there may be more.
pub(super) fn advance(database: &dyn Database, most: u32) -> Result<bool, StorageError> {
    let after = indexed(database)?;
    let sql = format!("{FINDABLE} WHERE position > ?1 ORDER BY position LIMIT ?2");
    let rows = database.query(&sql, values![after, most])?;
    let is_full = u32::try_from(rows.len()).is_ok_and(|rows| rows == most);
    let pairs: Vec<(i64, String)> = rows.into_iter().map(found).collect::<Result<_, _>>()?;
    if let Some((last, _)) = pairs.last() {
        let json = serde_json::to_string(&pairs)
            .map_err(|error| StorageError::Unreadable(format!("terms: {error}")))?;
        database.execute(database.dialect().add_terms, values![json])?;
        credentials::put_setting(database, INDEXED, &last.to_string())?;
    }
    Ok(is_full)
}

/// Takes entries out that are about to be erased: those that fulfil a condition.
pub(super) fn forget(
    database: &dyn Database,
    condition: &str,
    given: &[Value<'_>],
) -> Result<(), StorageError> {
    let indexed = indexed(database)?;
    let rows = database.query(&format!("{FINDABLE} WHERE {condition}"), given)?;
    for row in rows {
        let (position, terms) = found(row)?;
        if position <= indexed {
            database.execute(database.dialect().drop_terms, values![position, terms])?;
        }
    }
    Ok(())
}

fn found(mut row: Row) -> Result<(i64, String), StorageError> {
    let position = row.number(0)?;
    let entry = Findable {
        device: row.text(1)?,
        team: row.maybe_text(2)?,
        kind: row.text(3)?,
        language: row.text(4)?,
        rating: row.maybe_number(5)?,
        text: row.text(6)?,
    };
    Ok((position, entry.terms()))
}
