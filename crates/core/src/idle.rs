//! The idle clock: when a visit that nobody continues is ended.
//!
//! Owns: the quiet time, the extra time for reading an answer, the countdown.
//! Must not own: timers or events of a browser; the shell tells it the time.
//! Invariant: a visit never expires without the full countdown having been shown.

use kiosk_wire::event::Limits;

/// Reading speed granted for an answer, in characters a second: slow on purpose.
const READING_CHARS_PER_SEC: u64 = 8;

/// What the clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdlePhase {
    /// Somebody is there.
    Active,
    /// Ask whether somebody is there; this many whole seconds are left.
    Warning {
        /// Seconds left, counting down to 1.
        left_secs: u32,
    },
    /// Nobody answered: end the visit.
    Expired,
}

/// The clock of one visit. Times are milliseconds of any clock that only moves forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleClock {
    idle_ms: u64,
    countdown_ms: u64,
    reading_cap_ms: u64,
    quiet_since_ms: u64,
    reading_ms: u64,
    warned_at_ms: Option<u64>,
    patience: u64,
}

/// How many times as long everything takes for a visitor who asked for more time.
pub const MORE_TIME: u32 = 3;

impl IdleClock {
    /// A clock that starts quiet now.
    #[must_use]
    pub fn new(limits: &Limits, now_ms: u64) -> Self {
        Self {
            idle_ms: u64::from(limits.idle_secs) * 1_000,
            countdown_ms: u64::from(limits.countdown_secs) * 1_000,
            reading_cap_ms: u64::from(limits.reading_cap_secs) * 1_000,
            quiet_since_ms: now_ms,
            reading_ms: 0,
            warned_at_ms: None,
            patience: 1,
        }
    }

    /// The visitor asked for more time, or does not need it any more.
    pub fn give_more_time(&mut self, is_wanted: bool) {
        self.patience = if is_wanted { MORE_TIME.into() } else { 1 };
    }

    /// The visitor did something, or an answer is still being written.
    pub fn touch(&mut self, now_ms: u64) {
        self.quiet_since_ms = now_ms;
        self.reading_ms = 0;
        self.warned_at_ms = None;
    }

    /// An answer of this many characters is there to be read: the visitor may be quiet for longer.
    pub fn answer_ended(&mut self, chars: usize, now_ms: u64) {
        self.touch(now_ms);
        let chars = u64::try_from(chars).unwrap_or(u64::MAX);
        self.reading_ms =
            (chars.saturating_mul(1_000) / READING_CHARS_PER_SEC).min(self.reading_cap_ms);
    }

    /// What the clock says now. The countdown starts when it is first seen,
    /// so a tablet that slept through it still shows all of it.
    pub fn phase(&mut self, now_ms: u64) -> IdlePhase {
        let quiet_ms = now_ms.saturating_sub(self.quiet_since_ms);
        if quiet_ms < (self.idle_ms + self.reading_ms) * self.patience {
            return IdlePhase::Active;
        }
        let warned_at_ms = *self.warned_at_ms.get_or_insert(now_ms);
        let shown_ms = now_ms.saturating_sub(warned_at_ms);
        match (self.countdown_ms * self.patience).checked_sub(shown_ms) {
            None | Some(0) => IdlePhase::Expired,
            Some(left_ms) => IdlePhase::Warning {
                left_secs: u32::try_from(left_ms.div_ceil(1_000)).unwrap_or(u32::MAX),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limits() -> Limits {
        Limits {
            max_input_chars: 4_000,
            max_turns: 30,
            idle_secs: 60,
            countdown_secs: 20,
            reading_cap_secs: 45,
        }
    }

    #[test]
    fn more_time_stretches_quiet_and_countdown() {
        let mut clock = IdleClock::new(&limits(), 0);
        clock.give_more_time(true);
        assert_eq!(clock.phase(60_000 * 3 - 1), IdlePhase::Active);
        assert_eq!(
            clock.phase(60_000 * 3),
            IdlePhase::Warning { left_secs: 60 }
        );
        clock.give_more_time(false);
        clock.touch(0);
        assert_eq!(clock.phase(60_000), IdlePhase::Warning { left_secs: 20 });
    }

    #[test]
    fn quiet_leads_to_a_countdown_and_then_to_the_end() {
        let mut clock = IdleClock::new(&limits(), 0);
        assert_eq!(clock.phase(59_999), IdlePhase::Active);
        assert_eq!(clock.phase(60_000), IdlePhase::Warning { left_secs: 20 });
        assert_eq!(clock.phase(60_001), IdlePhase::Warning { left_secs: 20 });
        assert_eq!(clock.phase(79_001), IdlePhase::Warning { left_secs: 1 });
        assert_eq!(clock.phase(80_000), IdlePhase::Expired);
    }

    #[test]
    fn a_touch_during_the_countdown_continues() {
        let mut clock = IdleClock::new(&limits(), 0);
        assert_eq!(clock.phase(70_000), IdlePhase::Warning { left_secs: 20 });
        clock.touch(75_000);
        assert_eq!(clock.phase(134_999), IdlePhase::Active);
    }

    #[test]
    fn a_long_answer_may_be_read_but_not_for_ever() {
        let mut clock = IdleClock::new(&limits(), 0);
        clock.answer_ended(80, 0);
        assert_eq!(clock.phase(69_999), IdlePhase::Active);
        assert_ne!(clock.phase(70_000), IdlePhase::Active);
        clock.answer_ended(1_000_000, 100_000);
        assert_eq!(clock.phase(204_999), IdlePhase::Active);
        assert_ne!(clock.phase(205_000), IdlePhase::Active);
    }

    #[test]
    fn a_tablet_that_slept_still_shows_the_whole_countdown() {
        let mut clock = IdleClock::new(&limits(), 0);
        assert_eq!(clock.phase(3_600_000), IdlePhase::Warning { left_secs: 20 });
    }

    proptest! {
        #[test]
        fn it_never_expires_without_a_full_countdown(steps in prop::collection::vec((0_u64..90_000, any::<bool>()), 1..60)) {
            let mut clock = IdleClock::new(&limits(), 0);
            let mut now = 0;
            let mut warned: Option<u64> = None;
            for (step, touched) in steps {
                now += step;
                if touched {
                    clock.touch(now);
                }
                match clock.phase(now) {
                    IdlePhase::Active => warned = None,
                    IdlePhase::Warning { left_secs } => {
                        prop_assert!((1..=20).contains(&left_secs));
                        warned.get_or_insert(now);
                    }
                    IdlePhase::Expired => prop_assert!(warned.is_some_and(|at| now - at >= 20_000)),
                }
            }
        }
    }
}
