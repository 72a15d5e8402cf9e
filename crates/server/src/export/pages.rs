//! Entries a page at a time, for one audience.
//!
//! Owns: where reading has got to.
//! Must not own: what is made of the entries.
//! Invariant: what is stored after the first page was asked for is not seen, so that everything
//! made of one set of pages tells of the same entries.

use std::sync::Arc;

use serde_json::Value;

use super::audience::Audience;
use crate::storage::{AnswerColumns, EntryFilter, Page, Storage, StorageError, StoredEntry};

/// Entries read at once, of which two pages are held. Each may hold half a mebibyte of conversation.
const PAGE: u32 = 50;

/// Which entries a download is made of.
#[derive(Clone)]
pub struct Selection {
    storage: Arc<dyn Storage>,
    filter: EntryFilter,
    audience: Audience,
    last: u64,
}

impl Selection {
    /// What is stored now and matches.
    pub async fn now(
        storage: Arc<dyn Storage>,
        filter: EntryFilter,
        audience: Audience,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            filter: audience.narrow(filter),
            last: storage.newest_position().await?,
            storage,
            audience,
        })
    }

    /// Who it is for.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// Every tag and every answer key they may have. A team must not read of those of others.
    pub async fn answer_columns(&self) -> Result<AnswerColumns, StorageError> {
        if self.audience.team().is_none() {
            return self.storage.answer_columns().await;
        }
        let mut columns = AnswerColumns::default();
        let mut pages = self.pages();
        while let Some(entries) = pages.next().await? {
            for entry in entries {
                let tags = entry.item.get("tags").and_then(Value::as_array);
                let tags = tags.into_iter().flatten().filter_map(Value::as_str);
                columns.tags.extend(tags.map(str::to_owned));
                let answers = entry.item.get("answers").and_then(Value::as_object);
                columns
                    .answers
                    .extend(answers.into_iter().flatten().map(|(key, _)| key.clone()));
            }
        }
        Ok(columns)
    }

    /// The position of the newest entry there may be.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// The entries from the oldest on.
    pub fn pages(&self) -> Pages {
        self.pages_after(0)
    }

    /// The entries after a position.
    pub fn pages_after(&self, position: u64) -> Pages {
        Pages {
            selection: self.clone(),
            position,
        }
    }
}

/// Reads one page after the other.
pub struct Pages {
    selection: Selection,
    position: u64,
}

impl Pages {
    /// The next page; `None` at the end. A page may be empty.
    pub async fn next(&mut self) -> Result<Option<Vec<StoredEntry>>, StorageError> {
        let selection = &self.selection;
        if self.position >= selection.last {
            return Ok(None);
        }
        let page = Page::After {
            position: self.position,
            last: selection.last,
            limit: PAGE,
        };
        let entries = selection.storage.entries(&selection.filter, page).await?;
        let Some(end) = entries.last() else {
            return Ok(None);
        };
        self.position = end.position;
        let seen = entries.into_iter();
        Ok(Some(
            seen.filter_map(|entry| selection.audience.sees(entry))
                .collect(),
        ))
    }
}
