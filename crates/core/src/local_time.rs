//! Times as people read them, from RFC 3339 and an offset.
//!
//! Owns: arithmetic and patterns. Must not own: time zones (the browser knows their offsets) or
//! sentences. Invariant: what cannot be read gives nothing, never a wrong time.

const DAY_SECS: i64 = 86_400;

/// Unix time in milliseconds of an RFC 3339 time.
#[must_use]
pub fn parse_millis(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut date = date.split('-').map(number);
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    if date.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut clock = clock.split(':').map(number);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if clock.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let day = days_from_civil(year, month, day);
    let secs = day * DAY_SECS + hour * 3600 + minute * 60 + second - offset(zone)?;
    Some(secs * 1000 + millis(fraction)?)
}

/// Digits and nothing else.
fn number(text: &str) -> Option<i64> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn millis(fraction: &str) -> Option<i64> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    digits.parse().ok()
}

fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let secs = number(hours)? * 3600 + number(minutes)? * 60;
    Some(if zone.starts_with('-') { -secs } else { secs })
}

/// Days since 1970-01-01 (Howard Hinnant's algorithm: years begin in March, so that a leap day is
/// the last one).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// A time at this offset in a pattern of `{year}`, `{month}`, `{day}`, `{hour}`, `{minute}` and
/// `{second}`; all but the year have two digits.
#[must_use]
pub fn write(unix_millis: i64, offset_secs: i32, pattern: &str) -> String {
    let local = unix_millis.div_euclid(1000) + i64::from(offset_secs);
    let (year, month, day) = civil_from_days(local.div_euclid(DAY_SECS));
    let second = local.rem_euclid(DAY_SECS);
    let two = |number: i64| format!("{number:02}");
    pattern
        .replace("{year}", &year.to_string())
        .replace("{month}", &two(month))
        .replace("{day}", &two(day))
        .replace("{hour}", &two(second / 3600))
        .replace("{minute}", &two(second / 60 % 60))
        .replace("{second}", &two(second % 60))
}

/// The offset that makes a zone's civil time of this Unix time.
#[must_use]
pub fn offset_of(civil: [i64; 6], unix_millis: i64) -> Option<i32> {
    let [year, month, day, hour, minute, second] = civil;
    let local = days_from_civil(year, month, day) * DAY_SECS + hour * 3600 + minute * 60 + second;
    i32::try_from(local - unix_millis.div_euclid(1000)).ok()
}

/// Seconds from one time to another; never negative, for a clock may be ahead.
#[must_use]
pub fn secs_between(from: &str, to: &str) -> Option<u64> {
    let millis = parse_millis(to)? - parse_millis(from)?;
    u64::try_from(millis.max(0) / 1000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SEOUL: i32 = 9 * 3600;

    #[test]
    fn known_times_are_read() {
        assert_eq!(parse_millis("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(
            parse_millis("2025-12-30T14:31:05.120+09:00"),
            Some(1_767_072_665_120)
        );
        assert_eq!(
            parse_millis("2025-12-30T05:31:05.120456Z"),
            Some(1_767_072_665_120)
        );
        assert_eq!(
            parse_millis("2024-02-29T00:00:00Z"),
            Some(1_709_164_800_000)
        );
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "2025-12-30",
            "2025-13-01T00:00:00Z",
            "2025-12-30T24:00:00Z",
            "2025-12-30T14:31:05",
            "2025-12-30T14:31:05.1x0Z",
            "2025-+2-30T14:31:05Z",
            "어제",
        ] {
            assert_eq!(parse_millis(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_told_at_its_place() {
        let at = parse_millis("2025-12-30T20:05:09Z").unwrap_or_default();
        assert_eq!(
            write(
                at,
                SEOUL,
                "{year}. {month}. {day}. {hour}:{minute}:{second}"
            ),
            "2025. 12. 31. 05:05:09"
        );
    }

    #[test]
    fn a_zone_s_offset_follows_from_its_civil_time() {
        let at = parse_millis("2025-12-30T20:05:09.900Z").unwrap_or_default();
        assert_eq!(offset_of([2025, 12, 31, 5, 5, 9], at), Some(SEOUL));
    }

    #[test]
    fn a_clock_that_is_ahead_gives_no_time_below_zero() {
        let (early, late) = ("2025-12-30T14:00:00Z", "2025-12-30T14:01:05Z");
        assert_eq!(secs_between(early, late), Some(65));
        assert_eq!(secs_between(late, early), Some(0));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(
            millis in -60_000_000_000_i64..200_000_000_000_000,
            quarter_hours in -48_i32..=56,
        ) {
            let secs = millis.div_euclid(1000);
            let offset = quarter_hours * 900;
            let sign = if offset < 0 { '-' } else { '+' };
            let zone = format!("{sign}{:02}:{:02}", offset.abs() / 3600, offset.abs() / 60 % 60);
            let text = write(millis, offset, "{year}-{month}-{day}T{hour}:{minute}:{second}") + &zone;
            prop_assume!(text.find('-') == Some(4));
            prop_assert_eq!(parse_millis(&text), Some(secs * 1000));
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC*") {
            let _read = parse_millis(&text);
        }
    }
}
