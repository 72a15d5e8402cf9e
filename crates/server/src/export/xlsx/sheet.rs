//! One sheet of the workbook, continued on another one where it is full.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::super::{cell::Cell, guard::guard};

/// The format's own limit.
const MOST_ROWS: u32 = 1_048_576;
/// Most UTF-16 units of a cell.
const MOST_UNITS: usize = 32_767;
/// Ends a text that was cut.
const CUT: &str = "…[cut]";

/// The head of a column.
#[derive(Clone)]
pub(super) struct Heading {
    label: String,
    width: u8,
}

impl Heading {
    pub(super) fn new(label: &str, width: u8) -> Self {
        Self {
            label: label.to_owned(),
            width,
        }
    }
}

/// A sheet in the making. Its rows are on disk, all but the last.
pub(super) struct Sheet {
    name: &'static str,
    headings: Vec<Heading>,
    formats: Formats,
    full: Vec<Worksheet>,
    open: Worksheet,
    rows: u32,
}

struct Formats {
    head: Format,
    moment: Format,
    date: Format,
    time: Format,
}

impl Sheet {
    /// An empty sheet with its header.
    pub(super) fn start(
        book: &mut Workbook,
        name: &'static str,
        headings: Vec<Heading>,
    ) -> Result<Self, XlsxError> {
        let number = |format| Format::new().set_num_format(format);
        let formats = Formats {
            head: Format::new().set_bold(),
            moment: number("yyyy-mm-dd hh:mm:ss"),
            date: number("yyyy-mm-dd"),
            time: number("hh:mm:ss;@"),
        };
        Ok(Self {
            open: begin(book, name, &headings, &formats)?,
            name,
            headings,
            formats,
            full: Vec::new(),
            rows: 1,
        })
    }

    /// One more row.
    pub(super) fn add(
        &mut self,
        book: &mut Workbook,
        cells: impl Iterator<Item = Cell>,
    ) -> Result<(), XlsxError> {
        if self.rows == MOST_ROWS {
            let name = format!("{} {}", self.name, self.full.len() + 2);
            let next = begin(book, &name, &self.headings, &self.formats)?;
            let mut full = std::mem::replace(&mut self.open, next);
            filter(&mut full, self.rows, &self.headings)?;
            self.full.push(full);
            self.rows = 1;
        }
        for (column, cell) in (0_u16..).zip(cells) {
            self.put(column, cell)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Puts the sheet after those that are in the workbook.
    pub(super) fn finish(mut self, book: &mut Workbook) -> Result<(), XlsxError> {
        filter(&mut self.open, self.rows, &self.headings)?;
        self.full.push(self.open);
        for sheet in self.full {
            book.push_worksheet(sheet);
        }
        Ok(())
    }

    fn put(&mut self, column: u16, cell: Cell) -> Result<(), XlsxError> {
        let (sheet, row) = (&mut self.open, self.rows);
        let timed = match &cell {
            Cell::Empty => return Ok(()),
            Cell::Number(number) => {
                sheet.write_number(row, column, exact(*number))?;
                return Ok(());
            }
            Cell::Text(_) => None,
            Cell::Moment { local, .. } => local.and_then(excel).zip(Some(&self.formats.moment)),
            Cell::Date(date) => excel_date(*date).zip(Some(&self.formats.date)),
            Cell::Time(time) => excel_time(*time).zip(Some(&self.formats.time)),
        };
        // Times beyond Excel's years stay readable.
        match timed {
            Some((at, format)) => sheet.write_datetime_with_format(row, column, at, format)?,
            None => sheet.write_string(row, column, plain(&cell.written()))?,
        };
        Ok(())
    }
}

fn begin(
    book: &mut Workbook,
    name: &str,
    headings: &[Heading],
    formats: &Formats,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.new_worksheet_with_constant_memory()?;
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0_u16..).zip(headings) {
        sheet.set_column_width(column, heading.width)?;
        sheet.write_string_with_format(0, column, plain(&heading.label), &formats.head)?;
    }
    Ok(sheet)
}

fn filter(sheet: &mut Worksheet, rows: u32, headings: &[Heading]) -> Result<(), XlsxError> {
    let last = u16::try_from(headings.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, rows - 1, last)?;
    Ok(())
}

/// A text that starts no formula and fits a cell.
fn plain(text: &str) -> String {
    cut(&guard(text)).into_owned()
}

fn cut(text: &str) -> Cow<'_, str> {
    if text.encode_utf16().count() <= MOST_UNITS {
        return Cow::Borrowed(text);
    }
    let mut left = MOST_UNITS - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let enough = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        enough
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(kept + CUT)
}

/// Cells hold floating point; whatever we count is exact there.
#[expect(
    clippy::cast_precision_loss,
    reason = "no number of ours is above 2^53"
)]
fn exact(number: u64) -> f64 {
    number as f64
}

/// To the second, as spreadsheets round what is finer.
pub(super) fn excel(at: DateTime) -> Option<ExcelDateTime> {
    let time = at.time();
    let [hour, minute, second] = parts(time)?;
    excel_date(at.date())?
        .and_hms(hour.into(), minute, second)
        .ok()
}

fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    ExcelDateTime::from_ymd(year, month, day).ok()
}

fn excel_time(time: Time) -> Option<ExcelDateTime> {
    let [hour, minute, second] = parts(time)?;
    ExcelDateTime::from_hms(hour.into(), minute, second).ok()
}

fn parts(time: Time) -> Option<[u8; 3]> {
    let part = |part: i8| u8::try_from(part).ok();
    Some([
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_fits_is_not_cut() {
        let most = "가".repeat(MOST_UNITS);
        assert_eq!(cut(&most), most);
        let over = cut(&(most + "나")).into_owned();
        assert!(over.ends_with("가…[cut]"), "{}", over.len());
        assert_eq!(over.encode_utf16().count(), MOST_UNITS);
    }

    #[test]
    fn excel_knows_the_years_from_1900() {
        assert!(excel_date("1899-12-30".parse().unwrap()).is_none());
        assert!(excel_date("1900-01-01".parse().unwrap()).is_some());
        assert!(excel_date("9999-12-31".parse().unwrap()).is_some());
    }

    proptest! {
        #[test]
        fn no_cell_is_too_long_and_no_character_is_halved(
            texts in proptest::collection::vec("[가a😀=]{1,9}", 1..4),
            times in 1_usize..12_000,
        ) {
            let text = texts.concat().repeat(times);
            let shown = plain(&text);
            prop_assert!(shown.encode_utf16().count() <= MOST_UNITS);
            prop_assert!(!shown.starts_with('='));
            let kept = shown.strip_suffix(CUT).unwrap_or(&shown);
            let kept = if text.starts_with('=') { &kept[1..] } else { kept };
            prop_assert!(text.starts_with(kept));
        }
    }
}
