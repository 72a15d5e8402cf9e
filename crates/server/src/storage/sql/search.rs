//! Lists of entries: pages of those that match.
//!
//! What was indexed is found by its terms, what was not yet by reading it. Both are compared with the
//! whole filter.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use kiosk_wire::event::Language;

use super::{
    Database, Row, index, row, terms,
    value::{Value, first, values},
};
use crate::storage::{EntryFilter, Page, StorageError, StoredEntry};

const HOUR_MS: i64 = 3_600_000;
const COLUMNS: &str = "SELECT position, device_id, received_ms, item FROM";

/// How many of the newest entries that are indexed are read all the same.
const READ_FIRST: i64 = 2_000;

/// Where entries of some hours stand, from the first to the last: two looks at each hour that there is.
const PLACES_OF_HOURS: &str = "
    WITH RECURSIVE hours (hour) AS (
        SELECT (SELECT created_ms / 3600000 FROM entries WHERE created_ms / 3600000 >= ?1
                ORDER BY created_ms / 3600000 LIMIT 1)
        UNION ALL
        SELECT (SELECT created_ms / 3600000 FROM entries WHERE created_ms / 3600000 > hour
                ORDER BY created_ms / 3600000 LIMIT 1)
        FROM hours WHERE hour < ?2
    )
    SELECT min((SELECT position FROM entries WHERE created_ms / 3600000 = hour
                ORDER BY position LIMIT 1)),
           max((SELECT position FROM entries WHERE created_ms / 3600000 = hour
                ORDER BY position DESC LIMIT 1))
    FROM hours WHERE hour <= ?2";

/// As many blocks are searched at once at most: whatever is found there is put in order.
const MOST_BLOCKS: i64 = 8;

/// Positions from one to another, both among them.
#[derive(Debug, Clone, Copy)]
struct Places {
    first: i64,
    last: i64,
}

pub(super) fn list(
    database: &dyn Database,
    filter: &EntryFilter,
    page: Page,
) -> Result<Vec<StoredEntry>, StorageError> {
    let Some(places) = places(database, filter)? else {
        return Ok(Vec::new());
    };
    match page {
        Page::Before { position, limit } => {
            let before = position.map_or(i64::MAX, row::stored);
            let last = places.last.min(before.saturating_sub(1));
            newest(database, filter, Places { last, ..places }, limit)
        }
        Page::After {
            position,
            last,
            limit,
        } => {
            let first = places.first.max(row::stored(position).saturating_add(1));
            let last = places.last.min(row::stored(last));
            Query::new(database, filter).read("entries", Places { first, last }, "ASC", limit)
        }
    }
}

/// Where entries stand that were made between the filter's times; `None`: nowhere.
fn places(database: &dyn Database, filter: &EntryFilter) -> Result<Option<Places>, StorageError> {
    let everywhere = Places {
        first: 0,
        last: i64::MAX,
    };
    if filter.from.is_none() && filter.before.is_none() {
        return Ok(Some(everywhere));
    }
    let hour = |time: Timestamp| time.as_millisecond() / HOUR_MS;
    let hours = (
        filter.from.map_or(i64::MIN / HOUR_MS, hour),
        filter.before.map_or(i64::MAX / HOUR_MS, hour),
    );
    let rows = database.query(PLACES_OF_HOURS, values![hours.0, hours.1])?;
    let ends = first(rows, |row| {
        Ok(row.maybe_number(0)?.zip(row.maybe_number(1)?))
    })?;
    Ok(ends.flatten().map(|(first, last)| Places { first, last }))
}

fn newest(
    database: &dyn Database,
    filter: &EntryFilter,
    places: Places,
    limit: u32,
) -> Result<Vec<StoredEntry>, StorageError> {
    let terms = terms::of_filter(filter);
    if terms.is_empty() {
        return Query::new(database, filter).read("entries", places, "DESC", limit);
    }
    // What is asked for mostly stands among the newest, where reading finds it sooner.
    let indexed = index::indexed(database)?;
    let newest = places.last.min(indexed).saturating_sub(READ_FIRST);
    let later = Places {
        first: places.first.max(newest.saturating_add(1)),
        ..places
    };
    let mut entries = Query::new(database, filter).read("entries", later, "DESC", limit)?;
    let found = u32::try_from(entries.len()).unwrap_or(limit);
    let earlier = Places {
        last: places.last.min(newest),
        ..places
    };
    by_terms(
        database,
        filter,
        &terms,
        earlier,
        limit - found,
        &mut entries,
    )?;
    Ok(entries)
}

/// Finds entries by their terms, the newest first.
fn by_terms(
    database: &dyn Database,
    filter: &EntryFilter,
    terms: &str,
    places: Places,
    limit: u32,
    entries: &mut Vec<StoredEntry>,
) -> Result<(), StorageError> {
    let mut wanted = limit;
    for step in steps(places, database.dialect().places_of_block) {
        if wanted == 0 {
            break;
        }
        let blocks = step.blocks.map(terms_of);
        let mut query = Query::new(database, filter);
        let tables = query.having(terms, blocks.as_deref());
        let found = query.read(&tables, step.places, "DESC", wanted)?;
        wanted -= u32::try_from(found.len()).unwrap_or(wanted);
        entries.extend(found);
    }
    Ok(())
}

/// A part of what is searched, and the blocks it lies in.
#[derive(Debug)]
struct Step {
    places: Places,
    blocks: Option<RangeInclusive<i64>>,
}

/// The last block of places, the two before it, the four before those, and so on: what is there mostly
/// stands near, and what is not is looked for a few times only.
fn steps(places: Places, block: Option<i64>) -> impl Iterator<Item = Step> {
    let (mut last, mut most) = (places.last, 1);
    std::iter::from_fn(move || {
        if last < places.first {
            return None;
        }
        let (blocks, start) = block
            .map(|size| {
                let first = (last / size + 1 - most).max(places.first / size);
                (first..=last / size, first * size)
            })
            .unzip();
        let first = places.first.max(start.unwrap_or(0));
        let places = Places { first, last };
        (last, most) = (first - 1, MOST_BLOCKS.min(most * 2));
        Some(Step { places, blocks })
    })
}

/// Every entry in these blocks has one of them.
fn terms_of(blocks: RangeInclusive<i64>) -> String {
    blocks.map(terms::of_block).collect::<Vec<_>>().join(" ")
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
struct Query<'a> {
    database: &'a dyn Database,
    /// The column that tells the position.
    position: &'static str,
    conditions: Vec<String>,
    values: Vec<Value<'a>>,
}

impl<'a> Query<'a> {
    /// Of every entry that the filter lets pass.
    fn new(database: &'a dyn Database, filter: &'a EntryFilter) -> Self {
        let mut query = Self {
            database,
            position: "position",
            conditions: Vec::new(),
            values: Vec::new(),
        };
        query.filter(filter);
        query
    }

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

    fn filter(&mut self, filter: &'a EntryFilter) {
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
            let place_of = self.database.dialect().place_of;
            self.conditions
                .push(format!("{place_of}(search_text, {number}) > 0"));
        }
    }

    /// Only those that were indexed with all of `terms`, and with one of `blocks` if there are any;
    /// answers the tables to read from.
    fn having(&mut self, terms: &'a str, blocks: Option<&'a str>) -> String {
        let number = self.number(Value::Text(terms.into()));
        let mut found = self.database.dialect().found.replace("?terms", &number);
        if let Some(blocks) = blocks {
            let number = self.number(Value::Text(blocks.into()));
            found = found.replace("?blocks", &number);
        }
        self.conditions.push("position = place".to_owned());
        self.position = "place";
        format!("{found} CROSS JOIN entries")
    }

    fn read(
        mut self,
        tables: &str,
        places: Places,
        order: &str,
        limit: u32,
    ) -> Result<Vec<StoredEntry>, StorageError> {
        let position = self.position;
        let place = |place: i64| Some(Value::Number(place));
        self.add(&format!("{position} >="), place(places.first));
        self.add(&format!("{position} <="), place(places.last));
        let conditions = self.conditions.join(" AND ");
        let limit = self.number(Value::Number(limit.into()));
        let sql = format!(
            "{COLUMNS} {tables} WHERE {conditions} ORDER BY {position} {order} LIMIT {limit}"
        );
        let rows = self.database.query(&sql, &self.values)?;
        rows.into_iter().map(stored).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn steps_are_all_places_once_each_in_its_blocks(
            first in 0_i64..2_000, more in 0_i64..2_000, size in 1_i64..50
        ) {
            let places = Places { first, last: first + more };
            let mut expected = places.last;
            for step in steps(places, Some(size)) {
                prop_assert_eq!(step.places.last, expected);
                let blocks = step.blocks.unwrap();
                prop_assert_eq!(*blocks.end(), step.places.last / size);
                prop_assert_eq!(*blocks.start(), step.places.first / size);
                expected = step.places.first - 1;
            }
            prop_assert_eq!(expected, first - 1);
        }
    }

    #[test]
    fn steps_double_and_without_blocks_there_is_one() {
        let places = Places {
            first: 0,
            last: 3_099,
        };
        let blocks = |size| steps(places, size).map(|step| step.blocks.map(Iterator::count));
        let doubled = [1, 2, 4, 8, 8, 8].map(Some);
        assert_eq!(blocks(Some(100)).collect::<Vec<_>>(), doubled);
        assert_eq!(blocks(None).collect::<Vec<_>>(), [None]);
    }
}
