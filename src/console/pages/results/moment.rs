//! Hours as places on a line, and the ends of a period as filters.
//!
//! Owns: reading and writing the two. Must not own: time zones; whoever calls knows the offset of
//! an instant. Invariant: hours one after another have numbers one after another.

use kiosk_core::local_time::{parse_millis, write};

const HOUR_MILLIS: i64 = 3_600_000;

/// The number of a local hour such as `2025-12-30T14`.
#[must_use]
pub fn hour_place(hour: &str) -> Option<i64> {
    Some(parse_millis(&format!("{hour}:00:00Z"))?.div_euclid(HOUR_MILLIS))
}

/// The local hour with this number, in a pattern.
#[must_use]
pub fn hour_label(place: i64, pattern: &str) -> String {
    write(place.saturating_mul(HOUR_MILLIS), 0, pattern)
}

/// One end of a period, as it is chosen: a day, and perhaps an hour of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// `2025-12-30`, or nothing.
    pub day: String,
    pub hour: Option<u8>,
}

impl End {
    /// Reads a filter's value. `offset_secs` tells the event's offset at an instant.
    #[must_use]
    pub fn read(value: &str, offset_secs: impl Fn(i64) -> Option<i32>) -> Self {
        let Some(at) = parse_millis(value) else {
            return Self {
                day: value.to_owned(),
                hour: None,
            };
        };
        let offset = offset_secs(at).unwrap_or(0);
        Self {
            day: write(at, offset, "{year}-{month}-{day}"),
            hour: write(at, offset, "{hour}").parse().ok(),
        }
    }

    /// Writes a filter's value: the day, or an instant where an hour is chosen.
    #[must_use]
    pub fn write(&self, offset_secs: impl Fn(i64) -> Option<i32>) -> String {
        let Some(hour) = self.hour.filter(|_| !self.day.is_empty()) else {
            return self.day.clone();
        };
        let local = format!("{}T{hour:02}:00:00", self.day);
        // Near enough: an event's clock does not change its offset within hours of being read.
        let offset = parse_millis(&format!("{local}Z")).and_then(offset_secs);
        let minutes = offset.unwrap_or(0) / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        format!("{local}{sign}{hours:02}:{minutes:02}")
    }
}

#[cfg(test)]
#[cfg(not(target_family = "wasm"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hours_are_told_by_number() {
        let place = hour_place("2025-12-30T23").unwrap();
        assert_eq!(hour_place("2025-12-31T00"), Some(place + 1));
        assert_eq!(hour_label(place + 1, "{month}-{day} {hour}"), "12-31 00");
        assert_eq!(hour_place("2025-12-30"), None);
    }

    #[test]
    fn a_day_stays_a_day_and_an_hour_carries_its_offset() {
        let seoul = |_| Some(9 * 3600);
        let day = End::read("2025-12-30", seoul);
        assert_eq!((day.hour, &*day.write(seoul)), (None, "2025-12-30"));
        let hour = End {
            hour: Some(18),
            ..day
        };
        assert_eq!(hour.write(seoul), "2025-12-30T18:00:00+09:00");
        let west = End::read("2025-12-30T01:30:00Z", |_| Some(-12_600));
        assert_eq!((&*west.day, west.hour), ("2025-12-29", Some(22)));
        assert_eq!(west.write(|_| Some(-12_600)), "2025-12-29T22:00:00-03:30");
        assert_eq!(End::default().write(seoul), "");
    }

    proptest! {
        #[test]
        fn what_is_chosen_is_read_back(day in 1_u8..=28, hour in 0_u8..24, quarters in -48_i32..=56) {
            let offset = |_| Some(quarters * 900);
            let chosen = End { day: format!("2025-12-{day:02}"), hour: Some(hour) };
            prop_assert_eq!(End::read(&chosen.write(offset), offset), chosen);
        }
    }
}
