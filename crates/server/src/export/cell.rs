//! One entry on its way into cells, and what a cell holds.
//!
//! Owns: the values a cell can have and how they are written as text.
//! Must not own: which columns there are, or the guard against formulas.
//! Invariant: no cell holds a negative number.

use jiff::{
    Timestamp, ZonedDateTime,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kiosk_wire::feedback::{Entry, Exchange, Outcome, Turn};
use serde::Serialize;
use serde_json::Value;

use crate::{
    feedback::{read, rfc3339},
    storage::StoredEntry,
};

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(u64),
    /// A time, as it was written and as the event's clocks showed it.
    Moment {
        /// RFC 3339.
        written: String,
        /// In the event's zone.
        local: Option<DateTime>,
    },
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
}

impl Cell {
    /// The cell as text.
    pub(super) fn written(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Moment { written: text, .. } => text,
            Self::Number(number) => number.to_string(),
            Self::Date(date) => date.strftime("%Y-%m-%d").to_string(),
            Self::Time(time) => time.strftime("%H:%M:%S").to_string(),
        }
    }
}

/// An entry with everything a column may ask for.
pub(super) struct Row<'a> {
    pub(super) stored: &'a StoredEntry,
    pub(super) entry: Entry,
    pub(super) made: Option<Timestamp>,
    zone: &'a TimeZone,
}

impl<'a> Row<'a> {
    pub(super) fn new(stored: &'a StoredEntry, zone: &'a TimeZone) -> serde_json::Result<Self> {
        let entry = read(&stored.item)?;
        Ok(Self {
            stored,
            made: rfc3339(&entry.created_at),
            entry,
            zone,
        })
    }

    /// When the entry was made, in the event's zone.
    pub(super) fn local(&self) -> Option<ZonedDateTime> {
        Some(self.made?.to_zoned_datetime(self.zone.clone()))
    }

    pub(super) fn moment(&self, written: String, at: Option<Timestamp>) -> Cell {
        let local = at.map(|at| at.to_zoned_datetime(self.zone.clone()).datetime());
        Cell::Moment { written, local }
    }

    pub(super) fn turns(&self) -> &[Turn] {
        self.entry.conversation.as_deref().unwrap_or_default()
    }

    /// The turns, one below the other, each after its role.
    pub(super) fn conversation(row: &Row<'_>) -> Cell {
        let turns = row.turns().iter();
        let lines: Vec<String> = turns
            .map(|turn| format!("{}: {}", code(turn.role).written(), turn.text))
            .collect();
        Cell::Text(lines.join("\n"))
    }
}

pub(super) fn flag(on: bool) -> Cell {
    Cell::Number(on.into())
}

pub(super) fn number(number: Option<impl Into<u64>>) -> Cell {
    number.map_or(Cell::Empty, |number| Cell::Number(number.into()))
}

pub(super) fn text(text: Option<&String>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Text(text.clone()))
}

pub(super) fn texts(texts: &[String]) -> Cell {
    Cell::Text(texts.join(" "))
}

/// A list or an object in JSON; nothing where it is empty.
pub(super) fn json(value: &impl Serialize) -> Cell {
    match serde_json::to_string(value) {
        Ok(json) if !matches!(json.as_str(), "[]" | "{}") => Cell::Text(json),
        _ => Cell::Empty,
    }
}

/// The name of an enum's variant, as it travels in JSON.
pub(super) fn code(value: impl Serialize) -> Cell {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => Cell::Text(code),
        _ => Cell::Empty,
    }
}

pub(super) fn exchange(row: &Row<'_>, fill: fn(&Exchange) -> Cell) -> Cell {
    row.entry.exchange.as_ref().map_or(Cell::Empty, fill)
}

pub(super) fn outcome(row: &Row<'_>, fill: fn(&Outcome) -> Cell) -> Cell {
    row.entry.outcome.as_ref().map_or(Cell::Empty, fill)
}
