//! Entries: taking them in once, and finding them again.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter, types::Value as Sql};

use super::row;
use crate::storage::{
    AnswerColumns, EntryFilter, Ingested, NewEntry, Page, StorageError, StoredEntry,
};

pub(super) fn ingest(
    connection: &Connection,
    device: &str,
    received_at: Timestamp,
    entries: &[NewEntry],
) -> Result<Vec<Ingested>, StorageError> {
    entries
        .iter()
        .map(|entry| ingest_one(connection, device, received_at, entry))
        .collect()
}

fn ingest_one(
    connection: &Connection,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<Ingested, StorageError> {
    if is_erased(connection, &entry.receipt)? {
        connection
            .prepare_cached(
                "INSERT INTO erased_numbers (device_id, seq) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![device, row::stored(entry.seq)])?;
        return Ok(Ingested::Erased);
    }
    let held: Option<String> = connection
        .prepare_cached("SELECT keyed_hash FROM entries WHERE id = ?1")?
        .query_row([&entry.id], |row| row.get(0))
        .optional()?;
    match held {
        None => insert(connection, device, received_at, entry),
        Some(hash) if hash == entry.keyed_hash => {
            connection
                .prepare_cached("UPDATE devices SET duplicates = duplicates + 1 WHERE id = ?1")?
                .execute([device])?;
            Ok(Ingested::Duplicate)
        }
        Some(_) => keep_conflict(connection, device, received_at, entry),
    }
}

fn is_erased(connection: &Connection, receipt: &str) -> Result<bool, StorageError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM erased_visits WHERE receipt = ?1")?
        .exists([receipt])?)
}

fn insert(
    connection: &Connection,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<Ingested, StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO entries (id, device_id, seq, visit_id, receipt, team, kind, language,
                 rating, created_ms, received_ms, item, search_text, keyed_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
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
        ])?;
    Ok(Ingested::Stored)
}

fn keep_conflict(
    connection: &Connection,
    device: &str,
    received_at: Timestamp,
    entry: &NewEntry,
) -> Result<Ingested, StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO conflicts (id, keyed_hash, device_id, seq, receipt, received_ms, item)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            entry.id,
            entry.keyed_hash,
            device,
            row::stored(entry.seq),
            entry.receipt,
            received_at.as_millisecond(),
            entry.item.to_string(),
        ])?;
    Ok(Ingested::Conflict)
}

pub(super) fn any(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM entries)", [], |row| {
        row.get(0)
    })
}

pub(super) fn newest_position(connection: &Connection) -> Result<u64, StorageError> {
    let newest: Option<i64> = connection
        .prepare_cached("SELECT max(position) FROM entries")?
        .query_row([], |row| row.get(0))?;
    row::count(newest.unwrap_or(0))
}

pub(super) fn answer_columns(connection: &Connection) -> Result<AnswerColumns, StorageError> {
    let mut columns = AnswerColumns::default();
    let mut tags = connection.prepare_cached(
        "SELECT DISTINCT tag.value FROM entries, json_each(entries.item, '$.tags') AS tag
         WHERE tag.type = 'text'",
    )?;
    for tag in tags.query_map([], |row| row.get(0))? {
        columns.tags.insert(tag?);
    }
    let mut answers = connection.prepare_cached(
        "SELECT DISTINCT answer.key FROM entries, json_each(entries.item, '$.answers') AS answer
         WHERE answer.key IS NOT NULL",
    )?;
    for answer in answers.query_map([], |row| row.get(0))? {
        columns.answers.insert(answer?);
    }
    Ok(columns)
}

pub(super) fn list(
    connection: &Connection,
    filter: &EntryFilter,
    page: Page,
) -> Result<Vec<StoredEntry>, StorageError> {
    let mut query = Query::default();
    query.filter(filter);
    let sql = query.finish(page);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(query.values), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    rows.map(|row| {
        let (position, device_id, received_ms, item): (i64, String, i64, String) = row?;
        Ok(StoredEntry {
            position: row::count(position)?,
            device_id,
            received_at: row::time(received_ms)?,
            item: row::json(&item)?,
        })
    })
    .collect()
}

/// A query in the making: conditions and their values, in step.
#[derive(Default)]
struct Query {
    conditions: Vec<&'static str>,
    values: Vec<Sql>,
}

impl Query {
    fn add(&mut self, condition: &'static str, value: Option<Sql>) {
        if let Some(value) = value {
            self.conditions.push(condition);
            self.values.push(value);
        }
    }

    fn filter(&mut self, filter: &EntryFilter) {
        let time = |time: &Timestamp| Sql::Integer(time.as_millisecond());
        let rating = |rating: u8| Sql::Integer(rating.into());
        self.add("team = ?", filter.team.clone().map(Sql::Text));
        self.add(
            "kind = ?",
            filter.kind.map(|kind| Sql::Text(row::code(kind))),
        );
        self.add("rating >= ?", filter.rating_min.map(rating));
        self.add("rating <= ?", filter.rating_max.map(rating));
        self.add(
            "language = ?",
            filter.language.map(|l| Sql::Text(l.code().to_owned())),
        );
        self.add("device_id = ?", filter.device.clone().map(Sql::Text));
        self.add("created_ms >= ?", filter.from.as_ref().map(time));
        self.add("created_ms < ?", filter.before.as_ref().map(time));
        let search = filter
            .search
            .as_ref()
            .map(|text| Sql::Text(text.to_lowercase()));
        self.add("instr(search_text, ?) > 0", search);
    }

    fn finish(&mut self, page: Page) -> String {
        let position = |position: u64| Some(Sql::Integer(row::stored(position)));
        let (order, limit) = match page {
            Page::Before {
                position: before,
                limit,
            } => {
                self.add("position < ?", before.and_then(position));
                ("DESC", limit)
            }
            Page::After {
                position: after,
                last,
                limit,
            } => {
                self.add("position > ?", position(after));
                self.add("position <= ?", position(last));
                ("ASC", limit)
            }
        };
        let condition = if self.conditions.is_empty() {
            "TRUE".to_owned()
        } else {
            self.conditions.join(" AND ")
        };
        self.values.push(Sql::Integer(limit.into()));
        format!(
            "SELECT position, device_id, received_ms, item FROM entries
             WHERE {condition} ORDER BY position {order} LIMIT ?"
        )
    }
}
