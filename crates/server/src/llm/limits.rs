//! How often a device may ask.
//!
//! Owns: the times of each device's requests within the last minute.
//! Must not own: a clock; callers say what time it is.
//! Invariant: within any 60 seconds a device is let through at most `per_minute` times.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Above this many devices, those that were quiet for a minute are forgotten at the next request.
const SWEEP_ABOVE: usize = 1_000;

/// A device asked too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; the next one is taken in {retry_after_secs} s")]
pub struct TooOften {
    /// Seconds until one more is let through, at least 1.
    pub retry_after_secs: u64,
}

/// A sliding window per device.
#[derive(Debug)]
pub struct RateLimiter {
    per_minute: usize,
    seen: Mutex<HashMap<String, VecDeque<Timestamp>>>,
}

impl RateLimiter {
    /// Lets `per_minute` requests of a device through within a minute.
    pub fn new(per_minute: u32) -> Self {
        let per_minute = usize::try_from(per_minute).unwrap_or(usize::MAX);
        Self {
            per_minute,
            seen: Mutex::default(),
        }
    }

    /// Counts a request of this device, unless it is one too many.
    pub fn take(&self, device: &str, now: Timestamp) -> Result<(), TooOften> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > SWEEP_ABOVE {
            seen.retain(|_, times| times.back().is_some_and(|last| !expired(*last, now)));
        }
        let times = seen.entry(device.to_owned()).or_default();
        while times.front().is_some_and(|first| expired(*first, now)) {
            times.pop_front();
        }
        if times.len() < self.per_minute {
            times.push_back(now);
            return Ok(());
        }
        let left = times
            .front()
            .map_or(WINDOW, |first| WINDOW - now.duration_since(*first));
        // Rounded up: a client that waits exactly this long is let through.
        let retry_after_secs = u64::try_from(left.as_millis())
            .unwrap_or(0)
            .div_ceil(1_000)
            .max(1);
        Err(TooOften { retry_after_secs })
    }
}

/// A time in the future counts as expired too: the clock was set back.
fn expired(seen: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(seen);
    age >= WINDOW || age < SignedDuration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_767_060_000_000 + millis).unwrap()
    }

    #[test]
    fn the_window_slides() {
        let limiter = RateLimiter::new(2);
        assert_eq!(limiter.take("a", at(0)), Ok(()));
        assert_eq!(limiter.take("a", at(30_000)), Ok(()));
        assert_eq!(
            limiter.take("a", at(30_100)),
            Err(TooOften {
                retry_after_secs: 30
            })
        );
        assert_eq!(
            limiter.take("a", at(59_999)),
            Err(TooOften {
                retry_after_secs: 1
            })
        );
        assert_eq!(limiter.take("a", at(60_000)), Ok(()));
        assert_eq!(
            limiter.take("a", at(60_001)),
            Err(TooOften {
                retry_after_secs: 30
            })
        );
    }

    #[test]
    fn devices_do_not_count_for_each_other() {
        let limiter = RateLimiter::new(1);
        assert_eq!(limiter.take("a", at(0)), Ok(()));
        assert_eq!(limiter.take("b", at(0)), Ok(()));
        assert!(limiter.take("a", at(1)).is_err());
    }

    #[test]
    fn a_clock_set_back_does_not_lock_a_device_out() {
        let limiter = RateLimiter::new(1);
        assert_eq!(limiter.take("a", at(3_600_000)), Ok(()));
        assert_eq!(limiter.take("a", at(0)), Ok(()));
    }

    #[test]
    fn quiet_devices_are_forgotten() {
        let limiter = RateLimiter::new(1);
        for device in 0..=SWEEP_ABOVE {
            limiter.take(&device.to_string(), at(0)).unwrap();
        }
        limiter.take("late", at(60_000)).unwrap();
        assert_eq!(limiter.seen.lock().unwrap().len(), 1);
    }
}
