//! Where the time comes from.
//!
//! Owns: the `Clock` port and its two adapters.
//! Must not own: time zones or formats.
//! Invariant: no other module of the server reads the system's wall clock.

use std::{
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long something has been going on, for waits and pauses: it never goes back or jumps, even
    /// if the clock on the wall is set.
    fn running(&self) -> Duration;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // What is stored and sent has milliseconds; finer times would not compare.
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn running(&self) -> Duration {
        static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
        FIRST.elapsed()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FakeClock(Mutex<Hands>);

#[derive(Debug, Clone, Copy)]
struct Hands {
    now: Timestamp,
    running: Duration,
}

impl FakeClock {
    /// A clock that shows this time.
    pub fn new(now: Timestamp) -> Self {
        let running = Duration::ZERO;
        Self(Mutex::new(Hands { now, running }))
    }

    /// Shows this time from now on, without any time having passed.
    pub fn set(&self, now: Timestamp) {
        self.hands().now = now;
    }

    /// Moves on by this many seconds.
    pub fn advance_secs(&self, secs: i64) {
        let mut hands = self.hands();
        hands.now = hands
            .now
            .saturating_add(SignedDuration::from_secs(secs))
            .unwrap_or(Timestamp::MAX);
        hands.running += Duration::from_secs(secs.unsigned_abs());
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        self.hands().now
    }

    fn running(&self) -> Duration {
        self.hands().running
    }
}
