//! How long to wait before the next attempt.

use std::time::Duration;

use crate::ports::Random;

const FIRST_MILLIS: u64 = 1_000;
const LONGEST: Duration = Duration::from_secs(30);
/// A stray proxy may ask for hours; the queue has to drain within a minute of the server's return.
const LONGEST_RETRY_AFTER: Duration = Duration::from_mins(1);

/// Doubles from one second to the longest wait (thirty if not told otherwise), each shortened by up to half, so that tablets which lost the
/// server together do not come back together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
    longest_millis: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::up_to(LONGEST)
    }
}

impl Backoff {
    /// No wait is longer than this.
    #[must_use]
    pub fn up_to(longest: Duration) -> Self {
        Self {
            failures: 0,
            longest_millis: u64::try_from(longest.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// The next wait: at least what the server asked for, within reason.
    pub fn next(&mut self, at_least: Duration, random: &dyn Random) -> Duration {
        let full = FIRST_MILLIS
            .saturating_mul(1 << self.failures.min(16))
            .min(self.longest_millis);
        self.failures = self.failures.saturating_add(1);
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let jitter = u64::from_le_bytes(bytes) % (full / 2 + 1);
        Duration::from_millis(full - jitter).max(at_least.min(LONGEST_RETRY_AFTER))
    }

    /// Starts again from the shortest wait.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRandom;

    #[test]
    fn waits_double_up_to_thirty_seconds_and_are_jittered_by_half() {
        let random = SeededRandom::new(7);
        let mut backoff = Backoff::default();
        for full in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000] {
            let wait = backoff.next(Duration::ZERO, &random).as_millis();
            assert!((full / 2..=full).contains(&wait), "{wait} for {full}");
        }
        backoff.reset();
        assert!(backoff.next(Duration::ZERO, &random) <= Duration::from_secs(1));
    }

    #[test]
    fn a_shorter_longest_wait_holds() {
        let random = SeededRandom::new(7);
        let mut backoff = Backoff::up_to(Duration::from_secs(15));
        for full in [1_000, 2_000, 4_000, 8_000, 15_000, 15_000] {
            let wait = backoff.next(Duration::ZERO, &random).as_millis();
            assert!((full / 2..=full).contains(&wait), "{wait} for {full}");
        }
    }

    /// Draws the same every time.
    struct Drawn(u64);

    impl Random for Drawn {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0.to_le_bytes());
        }
    }

    #[test]
    fn a_wait_is_shortened_by_anything_from_nothing_to_exactly_half() {
        let first = |drawn| Backoff::default().next(Duration::ZERO, &Drawn(drawn));
        let millis = [0, 1, 500, 501].map(|drawn| first(drawn).as_millis());
        assert_eq!(millis, [1_000, 999, 500, 1_000]);
    }

    #[test]
    fn tablets_do_not_wait_alike() {
        let first = |seed| Backoff::default().next(Duration::ZERO, &SeededRandom::new(seed));
        assert!((1..20).any(|seed| first(seed) != first(0)));
    }

    #[test]
    fn it_outlasts_any_number_of_failures() {
        let random = SeededRandom::new(1);
        let mut backoff = Backoff {
            failures: u32::MAX,
            ..Backoff::default()
        };
        assert!(backoff.next(Duration::ZERO, &random) >= Duration::from_secs(15));
    }

    #[test]
    fn what_the_server_asks_for_is_honoured_within_a_minute() {
        let random = SeededRandom::new(1);
        let next = |secs| Backoff::default().next(Duration::from_secs(secs), &random);
        assert_eq!(next(9), Duration::from_secs(9));
        assert_eq!(next(3_600), Duration::from_mins(1));
        assert!(next(0) >= Duration::from_millis(500));
    }
}
