//! RFC 4180 with BOM and CRLF.

use bytes::Bytes;
use csv::{Terminator, Writer, WriterBuilder};

use super::{ExportError, guard::guard};

const BOM: &str = "\u{feff}";

/// BOM and header row.
pub(super) fn head(names: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Bytes, ExportError> {
    let mut writer = writer(BOM.as_bytes().to_vec());
    write(&mut writer, names)?;
    finish(writer)
}

/// Rows.
pub(super) fn rows(
    rows: impl Iterator<Item = Result<Vec<String>, ExportError>>,
) -> Result<Bytes, ExportError> {
    let mut writer = writer(Vec::new());
    for row in rows {
        write(&mut writer, row?)?;
    }
    finish(writer)
}

fn writer(start: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(start)
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    cells: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<(), ExportError> {
    let cells = cells.into_iter();
    writer
        .write_record(cells.map(|cell| guard(cell.as_ref()).into_owned()))
        .map_err(|error| ExportError::Unwritable(error.to_string()))
}

fn finish(writer: Writer<Vec<u8>>) -> Result<Bytes, ExportError> {
    let bytes = writer
        .into_inner()
        .map_err(|error| ExportError::Unwritable(error.to_string()))?;
    Ok(Bytes::from(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_back(bytes: &[u8]) -> Vec<Vec<String>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes)
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn the_head_has_a_bom_and_ends_with_crlf() {
        let head = head(["id", "=cmd"]).unwrap();
        assert_eq!(&head[..], "\u{feff}id,'=cmd\r\n".as_bytes());
    }

    proptest! {
        #[test]
        fn cells_come_back_and_none_starts_a_formula(
            cells in proptest::collection::vec("[=+\\-@\t\r\n\",＝＋－＠가a']{0,6}", 2..5),
        ) {
            let bytes = rows([Ok(cells.clone())].into_iter()).unwrap();
            prop_assert!(bytes.ends_with(b"\r\n"));
            let read = read_back(&bytes);
            prop_assert_eq!(read.len(), 1);
            for (cell, read) in cells.iter().zip(&read[0]) {
                prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']));
                let bare = read.strip_prefix('\'').filter(|bare| *bare == cell).unwrap_or(read);
                prop_assert_eq!(bare, cell);
            }
        }
    }
}
