//! The columns of one download: the fixed ones, and those that the survey and the answers add.
//!
//! Owns: their order, and what the dictionary says of each.
//! Must not own: how cells are written.
//! Invariant: header, cells and dictionary come from one list, so they cannot differ.

use jiff::tz::TimeZone;
use kiosk_wire::event::{Choice, Event, Survey, Text};

use super::{
    ExportError,
    audience::Audience,
    cell::{Cell, Row, flag, text},
    column_table::{Fixed, LEADING, TRAILING, Unit},
    dictionary::{ColumnEntry, ValueEntry},
    turn_table::{TURNS, TurnColumn},
};
use crate::storage::{AnswerColumns, StoredEntry};

/// Where a column's cells come from.
#[derive(Clone)]
enum Source {
    Fixed(fn(&Row<'_>) -> Cell),
    Tag(String),
    Answer(String),
}

/// A column of one row an entry.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) entry: ColumnEntry,
    pub(super) unit: Unit,
    source: Source,
}

/// The columns of one download.
#[derive(Clone)]
pub struct Columns {
    pub(super) list: Vec<Column>,
    pub(super) turns: Vec<TurnSource>,
    zone: TimeZone,
}

/// A column of one row a turn.
#[derive(Clone)]
pub(super) struct TurnSource {
    pub(super) entry: ColumnEntry,
    pub(super) column: &'static TurnColumn,
}

impl Columns {
    /// The survey's tags and questions in its order, then whatever else was sent.
    pub fn new(event: &Event, found: &AnswerColumns, zone: TimeZone, audience: &Audience) -> Self {
        let survey = &event.survey;
        let fixed = |column: &Fixed| Column::fixed(column, event);
        let tags = in_order(survey.tags.iter().map(|tag| &tag.id), &found.tags);
        let answers = in_order(survey.questions.iter().map(|q| &q.id), &found.answers);
        let list = LEADING
            .iter()
            .map(fixed)
            .chain(tags.into_iter().map(|tag| Column::tag(tag, survey)))
            .chain(answers.into_iter().map(|key| Column::answer(key, survey)))
            .chain(TRAILING.iter().map(fixed))
            .filter(|column| !audience.hides(&column.entry.name))
            .collect();
        let turns = TURNS
            .iter()
            .filter(|turn| !audience.hides(turn.name))
            .map(|turn| TurnSource::new(turn, event))
            .collect();
        Self { list, turns, zone }
    }

    /// The machines' names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|column| column.entry.name.as_str())
    }

    /// An entry, readable for columns.
    pub(super) fn read<'a>(&'a self, stored: &'a StoredEntry) -> Result<Row<'a>, ExportError> {
        Ok(Row::new(stored, &self.zone)?)
    }

    /// The cells of an entry.
    pub(super) fn cells<'a>(&'a self, row: &'a Row<'a>) -> impl Iterator<Item = Cell> + 'a {
        self.list.iter().map(|column| match &column.source {
            Source::Fixed(fill) => fill(row),
            Source::Tag(tag) => flag(row.entry.tags.contains(tag)),
            Source::Answer(key) => text(row.entry.answers.get(key)),
        })
    }
}

impl TurnSource {
    fn new(column: &'static TurnColumn, event: &Event) -> Self {
        let (label, meaning) = (words(column.label), words(column.meaning));
        Self {
            entry: described(column.name, label, meaning, column.unit, event),
            column,
        }
    }
}

impl Column {
    fn fixed(fixed: &Fixed, event: &Event) -> Self {
        let (label, meaning) = (words(fixed.label), words(fixed.meaning));
        Self {
            entry: described(fixed.name, label, meaning, fixed.unit, event),
            unit: fixed.unit,
            source: Source::Fixed(fixed.fill),
        }
    }

    fn tag(tag: String, survey: &Survey) -> Self {
        let known = survey.tags.iter().find(|known| known.id == tag);
        let name = known.map_or_else(|| both(&tag), |known| known.text.clone());
        let label = prefixed(("태그: ", "Tag: "), &name);
        let meaning = prefixed(
            ("1이면 이 태그를 골랐어요: ", "1 if this tag was chosen: "),
            &name,
        );
        Self {
            entry: ColumnEntry::new(format!("tag_{tag}"), label, meaning, Unit::Flag, Vec::new()),
            unit: Unit::Flag,
            source: Source::Tag(tag),
        }
    }

    fn answer(key: String, survey: &Survey) -> Self {
        let known = survey.questions.iter().find(|question| question.id == key);
        let asked = known.map_or_else(|| both(&key), |question| question.text.clone());
        let label = prefixed(("답: ", "Answer: "), &asked);
        let meaning = prefixed(
            ("이 질문에서 고른 답이에요: ", "What was chosen for: "),
            &asked,
        );
        let choices = known.map_or(&[][..], |question| &question.choices);
        let values = choices.iter().map(value_of_choice).collect();
        Self {
            entry: ColumnEntry::new(format!("answer_{key}"), label, meaning, Unit::Text, values),
            unit: Unit::Text,
            source: Source::Answer(key),
        }
    }
}

fn described(name: &str, label: Text, meaning: Text, unit: Unit, event: &Event) -> ColumnEntry {
    let values = match unit {
        Unit::Code(codes) => codes
            .iter()
            .map(|(code, meaning)| value(*code, words(*meaning)))
            .collect(),
        Unit::Team => event
            .teams
            .iter()
            .map(|team| value(&team.id, team.name.clone()))
            .collect(),
        Unit::Rating => (1_u8..)
            .zip(&event.survey.ratings)
            .map(|(rating, word)| value(rating.to_string(), word.clone()))
            .collect(),
        _ => Vec::new(),
    };
    ColumnEntry::new(name.to_owned(), label, meaning, unit, values)
}

fn value(value: impl Into<String>, text: Text) -> ValueEntry {
    let value = value.into();
    ValueEntry { value, text }
}

fn value_of_choice(choice: &Choice) -> ValueEntry {
    value(&choice.id, choice.text.clone())
}

fn words((ko, en): (&str, &str)) -> Text {
    Text {
        ko: ko.to_owned(),
        en: en.to_owned(),
    }
}

fn both(text: &str) -> Text {
    words((text, text))
}

fn prefixed((ko, en): (&str, &str), text: &Text) -> Text {
    Text {
        ko: format!("{ko}{}", text.ko),
        en: format!("{en}{}", text.en),
    }
}

fn in_order<'a>(
    known: impl Iterator<Item = &'a String>,
    found: impl IntoIterator<Item = &'a String>,
) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in known.chain(found) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}
