//! Time and chance under the test's control.

use std::{cell::Cell, future::pending, time::Duration};

use crate::ports::{Clock, LocalFuture, Random, Timer};

/// A clock that moves only when somebody sleeps or turns it.
#[derive(Debug, Default)]
pub struct FakeClock {
    millis: Cell<u64>,
    held: Cell<bool>,
}

impl FakeClock {
    /// Sets Unix time in milliseconds, backwards too.
    pub fn set(&self, millis: u64) {
        self.millis.set(millis);
    }

    /// From now on a sleep does not end by itself.
    pub fn hold(&self) {
        self.held.set(true);
    }
}

impl Clock for FakeClock {
    fn now_millis(&self) -> u64 {
        self.millis.get()
    }

    fn now_rfc3339(&self) -> String {
        let millis = self.millis.get();
        let (secs, millis) = (millis / 1_000, millis % 1_000);
        let (hours, minutes, secs) = (secs / 3_600 % 24, secs / 60 % 60, secs % 60);
        format!("2025-12-30T{hours:02}:{minutes:02}:{secs:02}.{millis:03}+09:00")
    }
}

impl Timer for FakeClock {
    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        // Time passes only for who waits: a sleep that loses a race costs nothing.
        Box::pin(async move {
            if self.held.get() {
                return pending().await;
            }
            let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
            self.millis.set(self.millis.get().saturating_add(millis));
        })
    }
}

/// Bytes that look random and come again for the same seed (`SplitMix64`).
#[derive(Debug)]
pub struct SeededRandom {
    state: Cell<u64>,
}

impl SeededRandom {
    /// Starts the sequence of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            state: Cell::new(seed),
        }
    }

    /// A number below this one.
    ///
    /// # Panics
    ///
    /// If `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        self.next() % end
    }

    fn next(&self) -> u64 {
        let state = self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
