//! What is told of entries beside their table, the terms they are found by and the names they hold:
//! filled in after entries are stored, so that no tablet waits for it.
//!
//! Invariant: what stands at or before the position `indexed` is told of, what stands after is not, and
//! what is erased is told of no longer.

use super::{
    Database, Row, credentials,
    names::Names,
    terms::{self, Findable},
    value::{Value, values},
};
use crate::storage::{AnswerColumns, StorageError};

/// The newest position that is told of.
const INDEXED: &str = "indexed";
const FINDABLE: &str =
    "SELECT position, device_id, team, kind, language, rating, search_text, item FROM entries";
/// Items in memory at once.
const ITEMS: u32 = 100;

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
    let (mut places, mut names) = (Vec::new(), Names::default());
    for row in rows {
        let entry = Indexed::read(database, row)?;
        names.count(&entry.item)?;
        places.push((entry.position, entry.terms));
    }
    if let Some((last, _)) = places.last() {
        let json = serde_json::to_string(&places)
            .map_err(|error| StorageError::Unreadable(format!("terms: {error}")))?;
        database.execute(database.dialect().add_terms, values![json])?;
        names.add(database)?;
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
    let mut names = Names::default();
    for row in rows {
        let entry = Indexed::read(database, row)?;
        if entry.position <= indexed {
            names.count(&entry.item)?;
            let values = values![entry.position, entry.terms];
            database.execute(database.dialect().drop_terms, values)?;
        }
    }
    names.take_away(database)
}

/// Every tag and every answer key that entries have.
pub(super) fn answer_columns(database: &dyn Database) -> Result<AnswerColumns, StorageError> {
    // First: what is taken in meanwhile is then told of twice and not never.
    let mut position = indexed(database)?;
    let mut names = Names::default();
    loop {
        let rows = database.query(
            "SELECT position, item FROM entries WHERE position > ?1 ORDER BY position LIMIT ?2",
            values![position, ITEMS],
        )?;
        if rows.is_empty() {
            return names.read(database);
        }
        for mut row in rows {
            position = row.number(0)?;
            names.count(&row.text(1)?)?;
        }
    }
}

/// What of an entry is taken in.
struct Indexed {
    position: i64,
    terms: String,
    item: String,
}

impl Indexed {
    fn read(database: &dyn Database, mut row: Row) -> Result<Self, StorageError> {
        let position = row.number(0)?;
        let entry = Findable {
            device: row.text(1)?,
            team: row.maybe_text(2)?,
            kind: row.text(3)?,
            language: row.text(4)?,
            rating: row.maybe_number(5)?,
            text: row.text(6)?,
        };
        let block = database.dialect().places_of_block;
        let block = block.map(|places| terms::of_block(position / places));
        let terms = [entry.terms()].into_iter().chain(block);
        Ok(Self {
            position,
            terms: terms.collect::<Vec<_>>().join(" "),
            item: row.text(7)?,
        })
    }
}
