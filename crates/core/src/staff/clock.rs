//! The server's clock as a tablet knows it: from the last answer, carried on by a clock that does not
//! jump.

use crate::local_time::parse_millis;

/// What time it was at the server when an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerClock {
    server_ms: i64,
    at_ms: u64,
}

impl ServerClock {
    /// Reads the server's time of an answer; half of the round trip has passed since it was told.
    /// The other times are monotonic.
    #[must_use]
    pub fn read(now: &str, asked_ms: u64, answered_ms: u64) -> Option<Self> {
        let way_back = answered_ms.saturating_sub(asked_ms) / 2;
        Some(Self {
            server_ms: parse_millis(now)?.saturating_add_unsigned(way_back),
            at_ms: answered_ms,
        })
    }

    /// Unix milliseconds at the server now.
    #[must_use]
    pub fn now(self, monotonic_ms: u64) -> i64 {
        let passed = monotonic_ms.saturating_sub(self.at_ms);
        self.server_ms.saturating_add_unsigned(passed)
    }

    /// How far the tablet's clock is ahead of the server's; negative: behind.
    #[must_use]
    pub fn offset_ms(self, tablet_ms: u64, monotonic_ms: u64) -> i64 {
        i64::try_from(tablet_ms)
            .unwrap_or(i64::MAX)
            .saturating_sub(self.now(monotonic_ms))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: &str = "2025-12-30T12:00:00Z";

    #[test]
    fn the_way_back_counts_by_half() {
        let noon = parse_millis(NOON).unwrap();
        let clock = ServerClock::read(NOON, 1_000, 1_200).unwrap();
        assert_eq!(clock.now(1_200), noon + 100);
        assert_eq!(clock.now(6_200), noon + 5_100);
        let tablet = u64::try_from(noon).unwrap();
        assert_eq!(clock.offset_ms(tablet + 5_000, 1_200), 4_900);
        assert_eq!(clock.offset_ms(tablet - 5_000, 1_200), -5_100);
    }

    #[test]
    fn what_is_no_time_is_no_clock() {
        assert_eq!(ServerClock::read("soon", 0, 0), None);
    }

    proptest! {
        #[test]
        fn a_tablet_s_clock_that_jumps_does_not_move_the_server_s(
            asked in 0_u64..1_000_000, trip in 0_u64..10_000, later in 0_u64..1_000_000,
            tablet in any::<u64>(),
        ) {
            let clock = ServerClock::read(NOON, asked, asked + trip).unwrap();
            let at = asked + trip + later;
            let expected = parse_millis(NOON).unwrap() + i64::try_from(trip / 2 + later).unwrap();
            prop_assert_eq!(clock.now(at), expected);
            let tablet_ms = i64::try_from(tablet).unwrap_or(i64::MAX);
            prop_assert_eq!(clock.offset_ms(tablet, at), tablet_ms.saturating_sub(expected));
        }
    }
}
