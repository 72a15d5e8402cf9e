//! The workbook: entries, turns of conversations, and what the columns mean.
//!
//! Owns: which sheets there are and what goes where.
//! Must not own: columns, or how a sheet is written.
//! Invariant: rows go to disk as they come, so its size does not matter; it names no author.

mod sheet;

use std::io::Write;

use jiff::{Timestamp, tz::TimeZone};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::{
    Columns, Dictionary, ExportError, cell::Cell, column_table::Unit, dictionary, pages::Selection,
    workshop::Workshop,
};
use sheet::{Heading, Sheet};

impl From<XlsxError> for ExportError {
    fn from(error: XlsxError) -> Self {
        Self::Unwritable(error.to_string())
    }
}

/// Writes the workbook of these entries.
pub fn write(
    workshop: &Workshop<'_>,
    columns: &Columns,
    selection: &Selection,
    now: Timestamp,
    out: impl Write + Send,
) -> Result<(), ExportError> {
    let mut book = Workbook::new();
    book.set_tempdir(workshop.folder())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&excel_utc(now)?));
    let headings = columns.list.iter();
    let headings = headings.map(|column| Heading::new(&column.entry.label.ko, width(column.unit)));
    let mut entries = Sheet::start(&mut book, "피드백", headings.collect())?;
    let headings = columns.turns.iter();
    let headings = headings.map(|turn| Heading::new(&turn.entry.label.ko, width(turn.column.unit)));
    let mut turns = Sheet::start(&mut book, "대화", headings.collect())?;
    workshop.each_page(selection.pages(), |page| {
        for stored in page {
            let row = columns.read(stored)?;
            entries.add(&mut book, columns.cells(&row))?;
            for (number, turn) in (1..).zip(row.turns()) {
                let cells = columns.turns.iter();
                let cells = cells.map(|source| (source.column.fill)(&row, number, turn));
                turns.add(&mut book, cells)?;
            }
        }
        Ok(())
    })?;
    let headings = dictionary::HEADER.map(|(_, label)| Heading::new(label, width(Unit::Text)));
    let mut meanings = Sheet::start(&mut book, "열 설명", headings.into())?;
    for row in Dictionary::new(columns).rows() {
        meanings.add(&mut book, row.into_iter().map(Cell::Text))?;
    }
    entries.finish(&mut book)?;
    turns.finish(&mut book)?;
    meanings.finish(&mut book)?;
    Ok(book.save_to_writer(out)?)
}

/// In characters.
fn width(unit: Unit) -> u8 {
    match unit {
        Unit::Text => 30,
        Unit::Code(_) | Unit::Team => 16,
        Unit::Moment => 20,
        Unit::Date | Unit::Time => 12,
        Unit::Rating | Unit::Count | Unit::Millis | Unit::Secs | Unit::Flag => 10,
    }
}

fn excel_utc(now: Timestamp) -> Result<ExcelDateTime, ExportError> {
    let utc = now.to_zoned_datetime(TimeZone::UTC).datetime();
    sheet::excel(utc)
        .ok_or_else(|| ExportError::Unwritable("the clock is beyond Excel's years".to_owned()))
}
