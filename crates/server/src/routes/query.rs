//! The filters of the feedback list and of exports, from the query string.

use std::{collections::BTreeMap, str::FromStr};

use axum::http::Uri;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kiosk_wire::id;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{error::ApiFailure, feedback::rfc3339, state::AppState, storage::EntryFilter};

const FILTERS: [&str; 9] = [
    "team",
    "kind",
    "rating_min",
    "rating_max",
    "language",
    "device",
    "from",
    "to",
    "q",
];
const MOST: u32 = 500;
const USUAL: u32 = 100;

/// The keys and values of a query string; an empty value counts as absent.
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads the query string; keys that are neither filters nor among `more` are refused.
    pub(super) fn parse(uri: &Uri, more: &[&str]) -> Result<Self, ApiFailure> {
        Self::read(uri, |key| FILTERS.contains(&key) || more.contains(&key))
    }

    /// Reads the query string of a list without filters.
    pub(super) fn parse_page(uri: &Uri) -> Result<Self, ApiFailure> {
        Self::read(uri, |key| matches!(key, "limit" | "cursor"))
    }

    /// Reads a query string that has no filters.
    pub(super) fn only(uri: &Uri, known: &[&str]) -> Result<Self, ApiFailure> {
        Self::read(uri, |key| known.contains(&key))
    }

    /// The value of one key, whatever else is there.
    pub(super) fn value(uri: &Uri, key: &str) -> Option<String> {
        let Self(mut values) = Self::read(uri, |_| true).ok()?;
        values.remove(key)
    }

    fn read(uri: &Uri, is_known: impl Fn(&str) -> bool) -> Result<Self, ApiFailure> {
        let mut values = BTreeMap::new();
        for (key, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        {
            if !is_known(&key) {
                return Err(ApiFailure::invalid(format!("There is no filter `{key}`.")));
            }
            if !value.is_empty() {
                values.insert(key.into_owned(), value.into_owned());
            }
        }
        Ok(Self(values))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The filter.
    pub(super) fn filter(&self, state: &AppState) -> Result<EntryFilter, ApiFailure> {
        let zone = TimeZone::get(&state.content.event.time_zone).map_err(ApiFailure::internal)?;
        let device = self.get("device");
        if device.is_some_and(|device| !id::is_uuid(device)) {
            return Err(bad("device", "a lower-case UUID"));
        }
        Ok(EntryFilter {
            team: self.team(state)?,
            kind: self.code("kind", "visit, answer, fact_error or outcome")?,
            rating_min: self.rating("rating_min")?,
            rating_max: self.rating("rating_max")?,
            language: self.code("language", "ko or en")?,
            device: device.map(str::to_owned),
            from: self.time("from", &zone, Bound::From)?,
            before: self.time("to", &zone, Bound::To)?,
            search: self.get("q").map(str::to_owned),
        })
    }

    /// A team of the event.
    pub(super) fn team(&self, state: &AppState) -> Result<Option<String>, ApiFailure> {
        let team = self.get("team");
        if team.is_some_and(|id| state.content.event.team(id).is_none()) {
            return Err(bad("team", "the id of a team"));
        }
        Ok(team.map(str::to_owned))
    }

    /// Whether something is asked for.
    pub(super) fn flag(&self, key: &str) -> Result<bool, ApiFailure> {
        match self.get(key) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(bad(key, "true or false")),
        }
    }

    /// How many entries are wanted at once.
    pub(super) fn limit(&self) -> Result<u32, ApiFailure> {
        let Some(written) = self.get("limit") else {
            return Ok(USUAL);
        };
        match digits(written) {
            Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            _ => Err(bad("limit", "a number from 1 to 500")),
        }
    }

    /// Where the last page ended.
    pub(super) fn cursor(&self) -> Result<Option<u64>, ApiFailure> {
        self.get("cursor")
            .map(|cursor| digits(cursor).ok_or_else(|| bad("cursor", "a next_cursor as answered")))
            .transpose()
    }

    fn code<T: DeserializeOwned>(&self, key: &str, wanted: &str) -> Result<Option<T>, ApiFailure> {
        self.get(key)
            .map(|code| {
                serde_json::from_value(Value::String(code.to_owned())).map_err(|_| bad(key, wanted))
            })
            .transpose()
    }

    fn rating(&self, key: &str) -> Result<Option<u8>, ApiFailure> {
        let Some(written) = self.get(key) else {
            return Ok(None);
        };
        match digits(written) {
            Some(rating) if (1..=5).contains(&rating) => Ok(Some(rating)),
            _ => Err(bad(key, "a number from 1 to 5")),
        }
    }

    /// A time, or a day in the event's zone, which is meant as a whole.
    fn time(
        &self,
        key: &str,
        zone: &TimeZone,
        bound: Bound,
    ) -> Result<Option<Timestamp>, ApiFailure> {
        let Some(written) = self.get(key) else {
            return Ok(None);
        };
        let found = rfc3339(written)
            .and_then(|time| bound.of_time(time))
            .or_else(|| {
                let day: Date = written.parse().ok().filter(|_| written.len() == 10)?;
                bound.of_day(day, zone)
            });
        found
            .map(Some)
            .ok_or_else(|| bad(key, "a day (2025-12-30) or an RFC 3339 time"))
    }
}

/// A number in digits alone: a sign would be one more way to write it.
fn digits<T: FromStr>(written: &str) -> Option<T> {
    let all = written.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| written.parse().ok())?
}

#[derive(Clone, Copy)]
enum Bound {
    From,
    To,
}

impl Bound {
    fn of_time(self, time: Timestamp) -> Option<Timestamp> {
        match self {
            Self::From => Some(time),
            // Times are kept in milliseconds, and `to` includes its own.
            Self::To => time.checked_add(jiff::SignedDuration::from_millis(1)).ok(),
        }
    }

    fn of_day(self, day: Date, zone: &TimeZone) -> Option<Timestamp> {
        let day = match self {
            Self::From => day,
            Self::To => day.tomorrow().ok()?,
        };
        Some(day.to_zoned_datetime(zone.clone()).ok()?.timestamp())
    }
}

fn bad(key: &str, wanted: &str) -> ApiFailure {
    ApiFailure::invalid(format!("`{key}` must be {wanted}."))
}
