//! Slows down whoever guesses: sign-ins with doubling delays, pairing codes by the minute.
//!
//! Owns: counts in memory, per name and address.
//! Must not own: what is being guessed.
//! Invariant: a try is counted before it is checked, so that tries side by side gain nothing. Times
//! are [`crate::clock::Clock::running`]: a clock that is set locks nobody out.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Wrong sign-ins that cost no time.
const FREE_TRIES: u32 = 5;
/// The first delay; each wrong try after it doubles the delay.
const FIRST_DELAY_SECS: u64 = 2;
/// The longest delay.
const LONGEST_DELAY_SECS: u64 = 60;
/// Wrong pairing codes an address may send in a minute.
const WRONG_CODES_PER_MINUTE: usize = 10;
const MINUTE: Duration = Duration::from_mins(1);
/// A name that nobody has tried for this long is forgotten.
const FORGET_AFTER: Duration = Duration::from_mins(15);
/// Above this many entries the forgotten ones are dropped.
const PRUNE_ABOVE: usize = 4_096;

/// Who is being guessed, from where.
type SignInKey = (String, IpAddr);

/// Too many tries; how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// Seconds until a try is looked at again.
    pub retry_after_secs: u64,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    last: Duration,
    blocked_until: Duration,
}

/// The counts.
#[derive(Debug, Default)]
pub struct Throttle {
    sign_ins: Mutex<HashMap<SignInKey, Tries>>,
    codes: Mutex<HashMap<IpAddr, Vec<Duration>>>,
}

impl Throttle {
    /// Counts a sign-in as wrong until [`Throttle::sign_in_right`] takes it back.
    pub fn sign_in(&self, name: &str, address: IpAddr, now: Duration) -> Result<(), TooMany> {
        let mut sign_ins = lock(&self.sign_ins);
        prune(&mut sign_ins, |tries| since(tries.last, now) < FORGET_AFTER);
        let tries = sign_ins.entry((name.to_owned(), address)).or_insert(Tries {
            wrong: 0,
            last: now,
            blocked_until: now,
        });
        if since(tries.last, now) >= FORGET_AFTER {
            tries.wrong = 0;
        }
        if now < tries.blocked_until {
            return Err(TooMany {
                retry_after_secs: whole_secs(now, tries.blocked_until),
            });
        }
        tries.wrong = tries.wrong.saturating_add(1);
        tries.last = now;
        tries.blocked_until = blocked_until(tries.wrong, now);
        Ok(())
    }

    /// The sign-in was wrong: its delay runs from now, not from when the check began.
    pub fn sign_in_wrong(&self, name: &str, address: IpAddr, now: Duration) {
        if let Some(tries) = lock(&self.sign_ins).get_mut(&(name.to_owned(), address)) {
            tries.last = now;
            tries.blocked_until = blocked_until(tries.wrong, now);
        }
    }

    /// The sign-in was right: the name starts afresh from this address.
    pub fn sign_in_right(&self, name: &str, address: IpAddr) {
        lock(&self.sign_ins).remove(&(name.to_owned(), address));
    }

    /// Counts a pairing code as wrong until [`Throttle::code_right`] takes it back.
    pub fn code(&self, address: IpAddr, now: Duration) -> Result<(), TooMany> {
        let mut codes = lock(&self.codes);
        prune(&mut codes, |times| {
            times.iter().any(|at| since(*at, now) < MINUTE)
        });
        let times = codes.entry(address).or_default();
        times.retain(|at| since(*at, now) < MINUTE);
        if times.len() >= WRONG_CODES_PER_MINUTE {
            let first = times.first().copied().unwrap_or(now);
            return Err(TooMany {
                retry_after_secs: whole_secs(now, first + MINUTE),
            });
        }
        times.push(now);
        Ok(())
    }

    /// The code was right.
    pub fn code_right(&self, address: IpAddr) {
        if let Some(times) = lock(&self.codes).get_mut(&address) {
            times.pop();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn prune<K: Hash + Eq, V>(map: &mut HashMap<K, V>, keep: impl Fn(&V) -> bool) {
    if map.len() > PRUNE_ABOVE {
        map.retain(|_, value| keep(value));
    }
}

fn since(earlier: Duration, now: Duration) -> Duration {
    now.saturating_sub(earlier)
}

fn whole_secs(now: Duration, until: Duration) -> u64 {
    let millis = until.saturating_sub(now).as_millis();
    u64::try_from(millis.div_ceil(1_000))
        .unwrap_or(u64::MAX)
        .max(1)
}

fn blocked_until(wrong: u32, now: Duration) -> Duration {
    let Some(beyond) = wrong.checked_sub(FREE_TRIES) else {
        return now;
    };
    let doubled = FIRST_DELAY_SECS
        .checked_shl(beyond.min(16))
        .unwrap_or(LONGEST_DELAY_SECS);
    now + Duration::from_secs(doubled.min(LONGEST_DELAY_SECS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn at(secs: u64) -> Duration {
        Duration::from_secs(1_000_000 + secs)
    }

    #[test]
    fn delays_double_up_to_a_minute() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.sign_in("first", HERE, at(0)), Ok(()));
        }
        let mut now = 0;
        for delay in [2, 4, 8, 16, 32, 60, 60] {
            let blocked = throttle.sign_in("first", HERE, at(now));
            assert_eq!(
                blocked,
                Err(TooMany {
                    retry_after_secs: delay
                })
            );
            now += delay;
            assert_eq!(throttle.sign_in("first", HERE, at(now)), Ok(()));
        }
    }

    #[test]
    fn names_and_addresses_are_apart_and_success_clears() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.sign_in("first", HERE, at(0)).unwrap();
        }
        assert!(throttle.sign_in("first", HERE, at(0)).is_err());
        assert_eq!(throttle.sign_in("other", HERE, at(0)), Ok(()));
        assert_eq!(
            throttle.sign_in("first", "10.0.0.1".parse().unwrap(), at(0)),
            Ok(())
        );
        throttle.sign_in_right("first", HERE);
        assert_eq!(throttle.sign_in("first", HERE, at(0)), Ok(()));
    }

    #[test]
    fn ten_wrong_codes_a_minute_are_too_many() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.code(HERE, at(0)).unwrap();
        }
        assert_eq!(
            throttle.code(HERE, at(20)),
            Err(TooMany {
                retry_after_secs: 40
            })
        );
        assert_eq!(throttle.code(HERE, at(60)), Ok(()));
    }
}
