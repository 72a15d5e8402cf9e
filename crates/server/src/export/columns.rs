//! The columns of one download: the fixed ones, and those that the survey and the answers add.
//!
//! Owns: their order, how many there may be, and what the dictionary says of each.
//! Must not own: how cells are written.
//! Invariant: header, cells and dictionary come from one list, so they cannot differ; a sheet can
//! hold all of them, and no tag and no answer is left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use kiosk_wire::event::{Choice, Event, Survey, Text};

use super::{
    ExportError,
    audience::Audience,
    cell::{Cell, Row, flag, json, text},
    column_table::{Fixed, LEADING, TRAILING, Unit},
    dictionary::{ColumnEntry, ValueEntry},
    turn_table::{TURNS, TurnColumn},
};
use crate::storage::{AnswerColumns, StoredEntry};

/// The most a sheet can have.
const MOST_COLUMNS: usize = 16_384;

/// Where a column's cells come from.
#[derive(Clone)]
enum Source {
    Fixed(fn(&Row<'_>) -> Cell),
    Tag(String),
    Answer(String),
    /// Those that have no column of their own.
    OtherTags(Arc<BTreeSet<String>>),
    OtherAnswers(Arc<BTreeSet<String>>),
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
        let mut tags = in_order(survey.tags.iter().map(|tag| &tag.id), &found.tags);
        let mut answers = in_order(survey.questions.iter().map(|q| &q.id), &found.answers);
        let room = MOST_COLUMNS - LEADING.len() - TRAILING.len();
        let (other_tags, other_answers) = surplus(&mut tags, &mut answers, room);
        let list = LEADING
            .iter()
            .map(fixed)
            .chain(tags.into_iter().map(|tag| Column::tag(tag, survey)))
            .chain(other_tags.map(Column::other_tags))
            .chain(answers.into_iter().map(|key| Column::answer(key, survey)))
            .chain(other_answers.map(Column::other_answers))
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
            Source::OtherTags(others) => {
                let tags = row.entry.tags.iter();
                json(&tags.filter(|tag| others.contains(*tag)).collect::<Vec<_>>())
            }
            Source::OtherAnswers(others) => {
                let answers = row.entry.answers.iter();
                json(
                    &answers
                        .filter(|(key, _)| others.contains(*key))
                        .collect::<BTreeMap<_, _>>(),
                )
            }
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

    fn other_tags(others: BTreeSet<String>) -> Self {
        let label = words(("그 밖의 태그", "Other tags"));
        let meaning = words((
            "한 시트에 열을 더 둘 수 없어 제 열이 없는 태그들이에요. JSON 목록이에요.",
            "Tags without a column of their own, as a sheet holds no more: a JSON list.",
        ));
        Self {
            entry: ColumnEntry::new(
                "other_tags".to_owned(),
                label,
                meaning,
                Unit::Text,
                Vec::new(),
            ),
            unit: Unit::Text,
            source: Source::OtherTags(Arc::new(others)),
        }
    }

    fn other_answers(others: BTreeSet<String>) -> Self {
        let label = words(("그 밖의 답", "Other answers"));
        let meaning = words((
            "한 시트에 열을 더 둘 수 없어 제 열이 없는 질문과 답이에요. JSON 객체예요.",
            "Questions without a column of their own, as a sheet holds no more, and what was \
             answered: a JSON object.",
        ));
        Self {
            entry: ColumnEntry::new(
                "other_answers".to_owned(),
                label,
                meaning,
                Unit::Text,
                Vec::new(),
            ),
            unit: Unit::Text,
            source: Source::OtherAnswers(Arc::new(others)),
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
    found: &'a BTreeSet<String>,
) -> Vec<String> {
    let known: Vec<&String> = known.collect();
    let first: BTreeSet<&String> = known.iter().copied().collect();
    let others = found.iter().filter(|name| !first.contains(name));
    known.into_iter().chain(others).cloned().collect()
}

/// Takes away what does not fit: from those of which there are more than half of the room, so that
/// neither tags nor answers push the others out.
fn surplus(
    tags: &mut Vec<String>,
    answers: &mut Vec<String>,
    room: usize,
) -> (Option<BTreeSet<String>>, Option<BTreeSet<String>>) {
    if tags.len() + answers.len() <= room {
        return (None, None);
    }
    // One column each for what is taken away.
    let room = room.saturating_sub(2);
    let most_tags = (room / 2).max(room.saturating_sub(answers.len()));
    let other_tags = beyond(tags, most_tags);
    let other_answers = beyond(answers, room.saturating_sub(tags.len()));
    (other_tags, other_answers)
}

fn beyond(names: &mut Vec<String>, most: usize) -> Option<BTreeSet<String>> {
    let others: BTreeSet<String> = names.drain(most.min(names.len())..).collect();
    Some(others).filter(|others| !others.is_empty())
}

#[cfg(test)]
mod tests {
    use kiosk_wire::event::Event;
    use serde_json::json;

    use super::*;

    fn event() -> Event {
        let folder = crate::assets::built_in_event();
        kiosk_content::load(&folder).unwrap().event
    }

    fn numbered(prefix: &str, number: usize) -> BTreeSet<String> {
        (0..number).map(|n| format!("{prefix}{n:06}")).collect()
    }

    fn columns(tags: usize, answers: usize) -> Columns {
        let found = AnswerColumns {
            tags: numbered("t", tags),
            answers: numbered("a", answers),
        };
        Columns::new(&event(), &found, TimeZone::UTC, &Audience::Organiser)
    }

    /// The filled cells of an entry by the names of their columns.
    fn filled(columns: &Columns, tags: &[&str], answers: &[&str]) -> BTreeMap<String, String> {
        let answers: BTreeMap<_, _> = answers.iter().map(|key| (*key, "x")).collect();
        let stored = StoredEntry {
            position: 1,
            device_id: String::new(),
            received_at: jiff::Timestamp::UNIX_EPOCH,
            item: json!({
                "id": "", "seq": 1, "visit_id": "", "kind": "visit", "language": "ko",
                "created_at": "2025-12-30T14:31:05Z", "tags": tags, "answers": answers,
            }),
        };
        let row = columns.read(&stored).unwrap();
        let cells = columns.cells(&row).map(Cell::written);
        let named = columns.names().map(str::to_owned).zip(cells);
        let added = |name: &str| {
            ["tag_", "answer_", "other_"]
                .iter()
                .any(|start| name.starts_with(start))
        };
        named
            .filter(|(name, cell)| added(name) && !cell.is_empty() && cell != "0")
            .collect()
    }

    fn pairs(named: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, cell): &(&str, &str)| ((*name).to_owned(), (*cell).to_owned());
        named.iter().map(owned).collect()
    }

    #[test]
    fn what_a_sheet_holds_has_columns_of_its_own() {
        let survey = event().survey;
        let fixed = LEADING.len() + TRAILING.len() + survey.tags.len() + survey.questions.len();
        let most = columns(300, MOST_COLUMNS - fixed - 300);
        assert_eq!(most.list.len(), MOST_COLUMNS);
        assert!(!most.names().any(|name| name.starts_with("other_")));
        let over = columns(300, MOST_COLUMNS - fixed - 300 + 1);
        assert!(over.list.len() <= MOST_COLUMNS);
        let others: Vec<&str> = over
            .names()
            .filter(|name| name.starts_with("other_"))
            .collect();
        assert_eq!(others, ["other_answers"]);
    }

    #[test]
    fn what_no_sheet_holds_is_folded_and_not_lost() {
        let columns = columns(200_000, 200_000);
        assert!(columns.list.len() <= MOST_COLUMNS);
        let names: BTreeSet<&str> = columns.names().collect();
        assert_eq!(names.len(), columns.list.len(), "a name stands twice");
        let tags = ["t000001", "t199998", "t199999"];
        let answers = ["a000001", "a199998", "a199999"];
        let expected = pairs(&[
            ("tag_t000001", "1"),
            ("other_tags", r#"["t199998","t199999"]"#),
            ("answer_a000001", "x"),
            ("other_answers", r#"{"a199998":"x","a199999":"x"}"#),
        ]);
        assert_eq!(filled(&columns, &tags, &answers), expected);
        let few = filled(&columns, &tags[..1], &answers[..1]);
        assert_eq!(few, pairs(&[("answer_a000001", "x"), ("tag_t000001", "1")]));
    }
}
