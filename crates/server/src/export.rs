//! Downloads: entries as CSV, XLSX or JSON lines, and all of it in a ZIP.
//!
//! Owns: the columns, the dictionary, how a cell is written, the guard against formulas, and what
//! a team may see.
//! Must not own: who is signed in, or how entries are stored.
//! Invariant: entries are read a page at a time, and no cell can start a formula.

pub mod audience;
mod cell;
mod column_table;
mod columns;
mod csv;
mod dictionary;
mod guard;
pub mod jsonl;
pub mod pack;
pub mod pages;
mod turn_table;
pub mod workshop;
pub mod xlsx;

use bytes::Bytes;

use crate::storage::{StorageError, StoredEntry};
use audience::Audience;
pub use columns::Columns;
pub use dictionary::Dictionary;

/// A form of download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180.
    Csv,
    /// A workbook.
    Xlsx,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// The format with this name, which is also the file name's ending.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx, Self::Jsonl]
            .into_iter()
            .find(|format| format.extension() == name)
    }

    /// The file name's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Jsonl => "jsonl",
        }
    }

    /// `Content-Type`.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jsonl => "application/x-ndjson; charset=utf-8",
        }
    }
}

/// Why a download breaks off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Entries cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A stored item is none of ours.
    #[error("a stored entry cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The format does not take it.
    #[error("it cannot be written: {0}")]
    Unwritable(String),
    /// A temporary file cannot be written or read.
    #[error("a temporary file cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// Whoever asked is gone.
    #[error("nobody waits for the download any more")]
    Abandoned,
}

/// The formats that are made of lines, which need no file before they can be sent.
#[derive(Clone)]
pub enum Lines {
    /// RFC 4180.
    Csv(Columns),
    /// One JSON object a line.
    Jsonl(Audience),
}

impl Lines {
    /// What comes before the first row.
    pub fn head(&self) -> Result<Bytes, ExportError> {
        match self {
            Self::Csv(columns) => csv::head(columns.names()),
            Self::Jsonl(_) => Ok(Bytes::new()),
        }
    }

    /// One row an entry.
    pub fn rows(&self, entries: &[StoredEntry]) -> Result<Bytes, ExportError> {
        match self {
            Self::Csv(columns) => csv::rows(entries.iter().map(|entry| {
                let row = columns.read(entry)?;
                Ok(columns.cells(&row).map(cell::Cell::written).collect())
            })),
            Self::Jsonl(audience) => Ok(jsonl::lines(entries, audience)?),
        }
    }
}
