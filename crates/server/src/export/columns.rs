//! One row an entry: the columns and how each is filled.

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};
use kiosk_wire::{event::Survey, feedback::Entry, receipt};
use serde::Serialize;
use serde_json::Value;

use super::ExportError;
use crate::{
    feedback::{read, rfc3339},
    storage::{AnswerColumns, StoredEntry},
};

/// An entry with everything a column may ask for.
struct Row<'a> {
    stored: &'a StoredEntry,
    entry: Entry,
    local: Option<ZonedDateTime>,
}

type Fill = fn(&Row<'_>) -> String;

/// Columns before those of tags and answers.
const LEADING: [(&str, Fill); 17] = [
    ("id", |row| row.entry.id.clone()),
    ("device_id", |row| row.stored.device_id.clone()),
    ("seq", |row| row.entry.seq.to_string()),
    ("visit_id", |row| row.entry.visit_id.clone()),
    ("receipt", |row| {
        receipt::receipt(&row.entry.visit_id).unwrap_or_default()
    }),
    ("received_at", |row| row.stored.received_at.to_string()),
    ("created_at", |row| row.entry.created_at.clone()),
    ("local_date", |row| local(row, "%Y-%m-%d")),
    ("local_hour", |row| local(row, "%-H")),
    ("local_time", |row| local(row, "%H:%M:%S")),
    ("kind", |row| code(row.entry.kind)),
    ("team", |row| text(row.entry.team.as_ref())),
    ("demo", |row| text(row.entry.demo.as_ref())),
    ("language", |row| row.entry.language.code().to_owned()),
    ("rating", |row| number(row.entry.rating)),
    ("thumb", |row| row.entry.thumb.map(code).unwrap_or_default()),
    ("comment", |row| text(row.entry.comment.as_ref())),
];

/// Columns after them.
const TRAILING: [(&str, Fill); 28] = [
    ("consent", |row| code(row.entry.consent)),
    ("share_with_team", |row| flag(row.entry.share_with_team)),
    ("display_consent", |row| flag(row.entry.display_consent)),
    ("age_14_or_over", |row| flag(row.entry.age_14_or_over)),
    ("served_model", |row| row.entry.served.model.to_string()),
    ("served_guide", |row| row.entry.served.guide.to_string()),
    ("served_models", |row| row.entry.served.models.join(" ")),
    ("exchange_request_id", |row| {
        exchange(row, |e| text(e.request_id.as_ref()))
    }),
    ("exchange_team", |row| {
        exchange(row, |e| text(e.team.as_ref()))
    }),
    ("exchange_demo", |row| {
        exchange(row, |e| text(e.demo.as_ref()))
    }),
    ("exchange_model", |row| {
        exchange(row, |e| text(e.model.as_ref()))
    }),
    ("exchange_served_by", |row| {
        exchange(row, |e| e.served_by.map(code).unwrap_or_default())
    }),
    ("exchange_prompt", |row| exchange(row, |e| e.prompt.clone())),
    ("exchange_answer", |row| exchange(row, |e| e.answer.clone())),
    ("exchange_first_token_ms", |row| {
        exchange(row, |e| number(e.first_token_ms))
    }),
    ("exchange_total_ms", |row| {
        exchange(row, |e| number(e.total_ms))
    }),
    ("exchange_finish_reason", |row| {
        exchange(row, |e| text(e.finish_reason.as_ref()))
    }),
    ("conversation", conversation),
    ("conversation_turns", |row| {
        row.entry
            .conversation
            .as_ref()
            .map_or(0, Vec::len)
            .to_string()
    }),
    ("truncated", |row| flag(row.entry.truncated)),
    ("outcome_ended_by", |row| outcome(row, |o| code(o.ended_by))),
    ("outcome_turns", |row| outcome(row, |o| o.turns.to_string())),
    ("outcome_teams", |row| outcome(row, |o| o.teams.join(" "))),
    ("outcome_secs", |row| outcome(row, |o| o.secs.to_string())),
    ("origin", |row| code(row.entry.origin)),
    ("survey_version", |row| {
        text(row.entry.survey_version.as_ref())
    }),
    ("app_build", |row| text(row.entry.app_build.as_ref())),
    ("position", |row| row.stored.position.to_string()),
];

/// The columns of one download.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    tags: Vec<String>,
    answers: Vec<String>,
    zone: TimeZone,
}

impl Columns {
    /// The survey's tags and questions in its order, then whatever else was sent.
    pub(super) fn new(survey: &Survey, found: &AnswerColumns, zone: TimeZone) -> Self {
        let tags = survey.tags.iter().map(|tag| &tag.id);
        let questions = survey.questions.iter().map(|question| &question.id);
        Self {
            tags: in_order(tags, found.tags.iter()),
            answers: in_order(questions, found.answers.iter()),
            zone,
        }
    }

    pub(super) fn header(&self) -> Vec<String> {
        let leading = LEADING.iter().map(|(name, _)| (*name).to_owned());
        let tags = self.tags.iter().map(|tag| format!("tag_{tag}"));
        let answers = self.answers.iter().map(|answer| format!("answer_{answer}"));
        let trailing = TRAILING.iter().map(|(name, _)| (*name).to_owned());
        leading.chain(tags).chain(answers).chain(trailing).collect()
    }

    pub(super) fn row(&self, stored: &StoredEntry) -> Result<Vec<String>, ExportError> {
        let entry = read(&stored.item)?;
        let made = rfc3339(&entry.created_at);
        let zoned = |at: Timestamp| at.to_zoned_datetime(self.zone.clone());
        let row = Row {
            stored,
            local: made.map(zoned),
            entry,
        };
        let leading = LEADING.iter().map(|(_, fill)| fill(&row));
        let tags = self
            .tags
            .iter()
            .map(|tag| flag(row.entry.tags.contains(tag)));
        let answers = self
            .answers
            .iter()
            .map(|answer| text(row.entry.answers.get(answer)));
        let trailing = TRAILING.iter().map(|(_, fill)| fill(&row));
        Ok(leading.chain(tags).chain(answers).chain(trailing).collect())
    }
}

fn in_order<'a>(
    known: impl Iterator<Item = &'a String>,
    found: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for name in known.chain(found) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}

fn local(row: &Row<'_>, format: &str) -> String {
    row.local
        .as_ref()
        .map(|local| local.strftime(format).to_string())
        .unwrap_or_default()
}

fn flag(on: bool) -> String {
    u8::from(on).to_string()
}

fn number<T: ToString>(number: Option<T>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn text(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    }
}

fn exchange(row: &Row<'_>, fill: fn(&kiosk_wire::feedback::Exchange) -> String) -> String {
    row.entry.exchange.as_ref().map(fill).unwrap_or_default()
}

fn outcome(row: &Row<'_>, fill: fn(&kiosk_wire::feedback::Outcome) -> String) -> String {
    row.entry.outcome.as_ref().map(fill).unwrap_or_default()
}

/// The turns, one below the other, each after its role.
fn conversation(row: &Row<'_>) -> String {
    let turns = row.entry.conversation.iter().flatten();
    turns
        .map(|turn| format!("{}: {}", code(turn.role), turn.text))
        .collect::<Vec<_>>()
        .join("\n")
}
