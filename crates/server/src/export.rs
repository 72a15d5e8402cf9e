//! Downloads: entries as CSV or JSON lines.
//!
//! Owns: the columns, how a cell is written, the guard against formulas.
//! Must not own: which entries are wanted or how they are read.
//! Invariant: rows are made a page at a time, and no cell can start a formula.

mod columns;
mod csv;
mod guard;
pub mod jsonl;

use bytes::Bytes;
use jiff::tz::TimeZone;
use kiosk_wire::event::Survey;

use crate::storage::{AnswerColumns, StorageError, StoredEntry};
use columns::Columns;

/// A form of download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

impl Format {
    /// The file name's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// `Content-Type`.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
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
    /// A row cannot be written.
    #[error("a row cannot be written: {0}")]
    Row(String),
}

/// A download in the making.
#[derive(Debug, Clone)]
pub struct Sheet {
    format: Format,
    columns: Columns,
}

impl Sheet {
    /// A sheet with the survey's columns and those that any entry has.
    pub fn new(format: Format, survey: &Survey, found: &AnswerColumns, zone: TimeZone) -> Self {
        Self {
            format,
            columns: Columns::new(survey, found, zone),
        }
    }

    /// What comes before the first row.
    pub fn head(&self) -> Result<Bytes, ExportError> {
        match self.format {
            Format::Csv => csv::head(&self.columns.header()),
            Format::Jsonl => Ok(Bytes::new()),
        }
    }

    /// One row an entry.
    pub fn rows(&self, entries: &[StoredEntry]) -> Result<Bytes, ExportError> {
        match self.format {
            Format::Csv => {
                let rows = entries.iter().map(|entry| self.columns.row(entry));
                csv::rows(rows)
            }
            Format::Jsonl => Ok(jsonl::lines(entries)),
        }
    }
}
