//! Which tags were chosen and which questions were answered, and by how many entries: a download needs
//! a column for each before its first row.
//!
//! Owns: what an entry's item is counted under.
//! Must not own: which entries are counted: those of the index.
//! Invariant: what no entry has any more is not told of.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Database, value::values};
use crate::storage::{AnswerColumns, StorageError};

const TAG: &str = "tag";
const ANSWER: &str = "answer";

/// How many entries have each.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<(&'static str, String), i64>);

/// What of an item is looked at.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    tags: Json,
    #[serde(default)]
    answers: Json,
}

impl Names {
    /// Counts an entry, by its item.
    pub(super) fn count(&mut self, item: &str) -> Result<(), StorageError> {
        let named: Named = serde_json::from_str(item)
            .map_err(|error| StorageError::Unreadable(format!("an entry: {error}")))?;
        let tags = named.tags.as_array().into_iter().flatten();
        let answers = named.answers.as_object().into_iter().flatten();
        let tags = tags.filter_map(Json::as_str).map(|tag| (TAG, tag));
        let answers = answers.map(|(key, _)| (ANSWER, key.as_str()));
        for (kind, name) in tags.chain(answers).collect::<BTreeSet<_>>() {
            *self.0.entry((kind, name.to_owned())).or_default() += 1;
        }
        Ok(())
    }

    /// Adds what was counted to what the database tells.
    pub(super) fn add(&self, database: &dyn Database) -> Result<(), StorageError> {
        for ((kind, name), entries) in &self.0 {
            change(database, kind, name, *entries)?;
        }
        Ok(())
    }

    /// Takes what was counted away again.
    pub(super) fn take_away(&self, database: &dyn Database) -> Result<(), StorageError> {
        for ((kind, name), entries) in &self.0 {
            change(database, kind, name, -entries)?;
        }
        database.execute("DELETE FROM entry_names WHERE entries <= 0", &[])?;
        Ok(())
    }

    /// Adds every name that the database tells of to what was counted.
    pub(super) fn read(mut self, database: &dyn Database) -> Result<AnswerColumns, StorageError> {
        for mut row in database.query("SELECT kind, name FROM entry_names", &[])? {
            let kind = if row.text(0)? == TAG { TAG } else { ANSWER };
            self.0.entry((kind, row.text(1)?)).or_default();
        }
        let mut columns = AnswerColumns::default();
        for ((kind, name), _) in self.0 {
            let of = if kind == TAG {
                &mut columns.tags
            } else {
                &mut columns.answers
            };
            of.insert(name);
        }
        Ok(columns)
    }
}

fn change(
    database: &dyn Database,
    kind: &str,
    name: &str,
    entries: i64,
) -> Result<(), StorageError> {
    database.execute(
        "INSERT INTO entry_names (kind, name, entries) VALUES (?1, ?2, ?3)
             ON CONFLICT (kind, name) DO UPDATE SET entries = entry_names.entries + excluded.entries",
        values![kind, name, entries],
    )?;
    Ok(())
}
