//! What each column means: as JSON, and as rows for CSV and XLSX.

use bytes::Bytes;
use kiosk_wire::event::Text;
use serde::Serialize;

use super::{ExportError, column_table::Unit, columns::Columns, csv};

/// Everything there is to know about the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dictionary {
    columns: Vec<ColumnEntry>,
    /// Of the XLSX sheet with one row a turn.
    conversation_columns: Vec<ColumnEntry>,
}

/// What is to know about one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ColumnEntry {
    pub(super) name: String,
    pub(super) label: Text,
    meaning: Text,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<ValueEntry>,
}

/// One of the values a column can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ValueEntry {
    pub(super) value: String,
    pub(super) text: Text,
}

/// The header of the dictionary's own table, as machines and as people read it.
pub(super) const HEADER: [(&str, &str); 9] = [
    ("sheet", "시트"),
    ("name", "열"),
    ("label_ko", "이름"),
    ("label_en", "이름(영어)"),
    ("meaning_ko", "뜻"),
    ("meaning_en", "뜻(영어)"),
    ("type", "형식"),
    ("unit", "단위"),
    ("values", "값"),
];

impl Dictionary {
    /// The dictionary of these columns.
    pub fn new(columns: &Columns) -> Self {
        Self {
            columns: columns.list.iter().map(|it| it.entry.clone()).collect(),
            conversation_columns: columns.turns.iter().map(|it| it.entry.clone()).collect(),
        }
    }

    /// One row a column, under [`HEADER`].
    pub(super) fn rows(&self) -> impl Iterator<Item = [String; HEADER.len()]> {
        let of_entries = self.columns.iter().map(|column| ("entries", column));
        let of_turns = self
            .conversation_columns
            .iter()
            .map(|column| ("conversations", column));
        of_entries
            .chain(of_turns)
            .map(|(sheet, column)| column.row(sheet))
    }

    /// The dictionary as CSV.
    pub(super) fn csv(&self) -> Result<Bytes, ExportError> {
        let header = HEADER.map(|(name, _)| name.to_owned());
        let mut bytes = csv::head(header)?.to_vec();
        let rows = self.rows().map(|row| Ok(row.to_vec()));
        bytes.extend_from_slice(&csv::rows(rows)?);
        Ok(bytes.into())
    }
}

impl ColumnEntry {
    pub(super) fn new(
        name: String,
        label: Text,
        meaning: Text,
        unit: Unit,
        values: Vec<ValueEntry>,
    ) -> Self {
        let (r#type, unit) = type_and_unit(unit);
        Self {
            name,
            label,
            meaning,
            r#type,
            unit,
            values,
        }
    }

    fn row(&self, sheet: &str) -> [String; HEADER.len()] {
        let values = self.values.iter();
        let values: Vec<String> = values
            .map(|value| format!("{} = {} / {}", value.value, value.text.ko, value.text.en))
            .collect();
        [
            sheet.to_owned(),
            self.name.clone(),
            self.label.ko.clone(),
            self.label.en.clone(),
            self.meaning.ko.clone(),
            self.meaning.en.clone(),
            self.r#type.to_owned(),
            self.unit.unwrap_or_default().to_owned(),
            values.join("\n"),
        ]
    }
}

fn type_and_unit(unit: Unit) -> (&'static str, Option<&'static str>) {
    match unit {
        Unit::Text => ("text", None),
        Unit::Code(_) | Unit::Team => ("code", None),
        Unit::Rating | Unit::Count => ("integer", None),
        Unit::Millis => ("integer", Some("ms")),
        Unit::Secs => ("integer", Some("s")),
        Unit::Flag => ("flag", None),
        Unit::Moment => ("datetime", None),
        Unit::Date => ("date", None),
        Unit::Time => ("time", None),
    }
}
