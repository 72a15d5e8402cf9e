//! Entries: taking them in once, and finding them again.

use jiff::Timestamp;
use kiosk_wire::event::Language;

use super::{
    Database, Row, row,
    value::{Value, first, values},
};
use crate::storage::{
    AnswerColumns, EntryFilter, Ingested, NewEntry, Page, StorageError, StoredEntry,
};

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
    let held = database.query(
        "SELECT keyed_hash FROM entries WHERE id = ?1",
        values![&entry.id],
    )?;
    match first(held, |row| row.text(0))? {
        None => insert(database, device, received_at, entry),
        Some(hash) if hash == entry.keyed_hash => {
            database.execute(
                "UPDATE devices SET duplicates = duplicates + 1 WHERE id = ?1",
                values![device],
            )?;
            Ok(Ingested::Duplicate)
        }
        Some(_) => keep_conflict(database, device, received_at, entry),
    }
}

fn is_erased(database: &dyn Database, receipt: &str) -> Result<bool, StorageError> {
    let rows = database.query(
        "SELECT receipt FROM erased_visits WHERE receipt = ?1",
        values![receipt],
    )?;
    Ok(!rows.is_empty())
}

fn insert(
    database: &dyn Database,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<Ingested, StorageError> {
    database.execute(
        "INSERT INTO entries (id, device_id, seq, visit_id, receipt, team, kind, language,
                 rating, created_ms, received_ms, item, search_text, keyed_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
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
            entry.item.to_string(),
            entry.search_text,
            entry.keyed_hash,
        ],
    )?;
    Ok(Ingested::Stored)
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
            entry.item.to_string(),
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

pub(super) fn answer_columns(database: &dyn Database) -> Result<AnswerColumns, StorageError> {
    let names = |sql| -> Result<_, StorageError> {
        let rows = database.query(sql, &[])?;
        rows.into_iter().map(|mut row| row.text(0)).collect()
    };
    let dialect = database.dialect();
    Ok(AnswerColumns {
        tags: names(dialect.tags)?,
        answers: names(dialect.answers)?,
    })
}

pub(super) fn list(
    database: &dyn Database,
    filter: &EntryFilter,
    page: Page,
) -> Result<Vec<StoredEntry>, StorageError> {
    let mut query = Query::default();
    query.filter(filter, database.dialect().place_of);
    let sql = query.finish(page);
    let rows = database.query(&sql, &query.values)?;
    rows.into_iter().map(stored).collect()
}

fn stored(mut row: Row) -> Result<StoredEntry, StorageError> {
    Ok(StoredEntry {
        position: row::count(row.number(0)?)?,
        device_id: row.text(1)?,
        received_at: row::time(row.number(2)?)?,
        item: row::json(&row.text(3)?)?,
    })
}

/// A query in the making: conditions and their values, in step.
#[derive(Default)]
struct Query<'a> {
    conditions: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Query<'a> {
    /// A value's number in the statement.
    fn number(&mut self, value: Value<'a>) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// What stands before a value, if there is one to compare with.
    fn add(&mut self, comparison: &str, value: Option<Value<'a>>) {
        if let Some(value) = value {
            let number = self.number(value);
            self.conditions.push(format!("{comparison} {number}"));
        }
    }

    fn filter(&mut self, filter: &'a EntryFilter, place_of: &str) {
        let time = |time: Timestamp| Value::Number(time.as_millisecond());
        let rating = |rating: u8| Value::Number(rating.into());
        let text = |text: &'a String| Value::Text(text.into());
        self.add("team =", filter.team.as_ref().map(text));
        let kind = filter.kind.map(row::code);
        self.add("kind =", kind.map(|code| Value::Text(code.into())));
        self.add("rating >=", filter.rating_min.map(rating));
        self.add("rating <=", filter.rating_max.map(rating));
        let language = filter.language.map(Language::code);
        self.add("language =", language.map(|code| Value::Text(code.into())));
        self.add("device_id =", filter.device.as_ref().map(text));
        self.add("created_ms >=", filter.from.map(time));
        self.add("created_ms <", filter.before.map(time));
        if let Some(search) = &filter.search {
            let number = self.number(Value::Text(search.to_lowercase().into()));
            self.conditions
                .push(format!("{place_of}(search_text, {number}) > 0"));
        }
    }

    fn finish(&mut self, page: Page) -> String {
        let position = |position: u64| Some(Value::Number(row::stored(position)));
        let (order, limit) = match page {
            Page::Before {
                position: before,
                limit,
            } => {
                self.add("position <", before.and_then(position));
                ("DESC", limit)
            }
            Page::After {
                position: after,
                last,
                limit,
            } => {
                self.add("position >", position(after));
                self.add("position <=", position(last));
                ("ASC", limit)
            }
        };
        let condition = if self.conditions.is_empty() {
            "TRUE".to_owned()
        } else {
            self.conditions.join(" AND ")
        };
        let limit = self.number(Value::Number(limit.into()));
        format!(
            "SELECT position, device_id, received_ms, item FROM entries
             WHERE {condition} ORDER BY position {order} LIMIT {limit}"
        )
    }
}
