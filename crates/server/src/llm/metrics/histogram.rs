//! Durations, counted by how long they were.
//!
//! Owns: bounds and counts.
//! Must not own: names.
//! Invariant: what is read at once adds up, also while others count.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// What OpenTelemetry advises for durations of models: each bound is twice the one before.
pub(super) static DURATIONS: [f64; 14] = [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
/// What it advises for the time of one token.
pub(super) static TOKEN_TIMES: [f64; 13] = [
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5,
];

/// Counts durations.
#[derive(Debug)]
pub(super) struct Histogram {
    bounds: &'static [f64],
    /// One for each bound, and one for what lies beyond.
    counts: Box<[AtomicU64]>,
    sum_micros: AtomicU64,
}

/// What a histogram held at one moment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    /// How many were at most as long as each bound.
    pub(super) buckets: Vec<(f64, u64)>,
    /// How many there were.
    pub(super) count: u64,
    /// How long all of them were together.
    pub(super) sum_secs: f64,
}

impl Histogram {
    /// An empty one with these bounds, in seconds and rising.
    pub(super) fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum_micros: AtomicU64::new(0),
        }
    }

    /// Counts one.
    pub(super) fn observe(&self, duration: Duration) {
        let secs = duration.as_secs_f64();
        let bucket = self.bounds.partition_point(|bound| *bound < secs);
        if let Some(count) = self.counts.get(bucket) {
            count.fetch_add(1, Relaxed);
        }
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.sum_micros.fetch_add(micros, Relaxed);
    }

    /// What it holds now.
    pub(super) fn read(&self) -> Seen {
        let counts: Vec<u64> = self
            .counts
            .iter()
            .map(|count| count.load(Relaxed))
            .collect();
        let mut count = 0;
        let buckets = self.bounds.iter().zip(&counts).map(|(bound, here)| {
            count += here;
            (*bound, count)
        });
        let buckets = buckets.collect();
        Seen {
            buckets,
            count: counts.iter().sum(),
            sum_secs: Duration::from_micros(self.sum_micros.load(Relaxed)).as_secs_f64(),
        }
    }
}
