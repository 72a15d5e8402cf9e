//! Sparing a service that fails: for a while it is not asked, then by one first.
//!
//! Owns: failures in a row, and whether a service may be asked now.
//! Must not own: what counts as a failure, or who answers instead.
//! Invariant: after the last allowed failure nobody asks until the pause is over, and then one at a time
//! until somebody was answered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// While another one tries.
const PROBE_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant },
    Probing,
}

impl State {
    fn wait(&self) -> Option<Duration> {
        match self {
            Self::Closed { .. } => None,
            Self::Open { until } => {
                Some(until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
            }
            Self::Probing => Some(PROBE_WAIT),
        }
    }
}

/// One service's breaker.
#[derive(Debug)]
pub struct Breaker {
    /// 0: it never opens.
    failures: u32,
    pause: Duration,
    state: Mutex<State>,
}

impl Breaker {
    /// One that opens for this long after so many failures in a row; 0 is never.
    pub fn new(failures: u32, pause: Duration) -> Arc<Self> {
        Arc::new(Self {
            failures,
            pause,
            state: Mutex::new(State::Closed { failures: 0 }),
        })
    }

    /// Leave to ask once, or how long it will take until somebody gets it. Somebody who gets it after
    /// a pause is the only one.
    pub fn ask(self: &Arc<Self>) -> Result<Leave, Duration> {
        let mut state = self.state();
        if let Some(wait) = state.wait() {
            return Err(wait);
        }
        let probes = matches!(*state, State::Open { .. });
        if probes {
            *state = State::Probing;
        }
        Ok(Leave {
            breaker: Arc::clone(self),
            probes,
        })
    }

    /// How long nobody may ask; `None` if somebody may.
    pub fn wait(&self) -> Option<Duration> {
        self.state().wait()
    }

    /// Whether nobody has been answered since it opened.
    pub fn is_open(&self) -> bool {
        !matches!(*self.state(), State::Closed { .. })
    }

    /// For metrics: 0 closed, 1 open, 2 while one tries.
    pub fn number(&self) -> u32 {
        match *self.state() {
            State::Closed { .. } => 0,
            State::Open { .. } => 1,
            State::Probing => 2,
        }
    }

    fn open(&self) -> State {
        State::Open {
            until: Instant::now() + self.pause,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leave to ask once. Dropped without a word, it says nothing about the service.
#[derive(Debug)]
pub struct Leave {
    breaker: Arc<Breaker>,
    probes: bool,
}

impl Leave {
    /// Whether this decides for everybody else, so that there is one try and no other.
    pub fn probes(&self) -> bool {
        self.probes
    }

    /// The service answers.
    pub fn answered(mut self) {
        let mut state = self.breaker.state();
        // Those who were asking when it opened do not close it: it was slow with them, not well.
        if self.probes || matches!(*state, State::Closed { .. }) {
            *state = State::Closed { failures: 0 };
        }
        drop(state);
        self.probes = false;
    }

    /// The service is away, broken or silent; answers whether it is spared from now on.
    pub fn failed(mut self) -> bool {
        let mut state = self.breaker.state();
        match &mut *state {
            State::Closed { failures } => *failures = failures.saturating_add(1),
            State::Probing if self.probes => {}
            State::Open { .. } | State::Probing => return false,
        }
        let most = self.breaker.failures;
        let opens = match *state {
            State::Closed { failures } => most > 0 && failures >= most,
            State::Open { .. } | State::Probing => true,
        };
        if opens {
            *state = self.breaker.open();
        }
        drop(state);
        self.probes = false;
        opens
    }
}

impl Drop for Leave {
    /// The visitor left half-way: the next one may try at once.
    fn drop(&mut self) {
        if self.probes {
            *self.breaker.state() = State::Open {
                until: Instant::now(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(15);

    fn fail(breaker: &Arc<Breaker>, times: u32) {
        for _ in 0..times {
            breaker.ask().unwrap().failed();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_only() {
        let breaker = Breaker::new(5, PAUSE);
        fail(&breaker, 4);
        breaker.ask().unwrap().answered();
        fail(&breaker, 4);
        assert!(!breaker.is_open());
        drop(breaker.ask().unwrap());
        fail(&breaker, 1);
        assert!(breaker.is_open());
        assert_eq!(breaker.ask().err(), Some(PAUSE));
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(breaker.wait(), Some(Duration::from_secs(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_pause_one_of_many_decides() {
        let breaker = Breaker::new(1, PAUSE);
        fail(&breaker, 1);
        tokio::time::advance(PAUSE).await;
        assert!(breaker.is_open() && breaker.wait().is_none());
        let probe = breaker.ask().unwrap();
        assert!(probe.probes());
        assert_eq!(breaker.ask().err(), Some(PROBE_WAIT));
        probe.failed();
        assert_eq!(breaker.ask().err(), Some(PAUSE));
        tokio::time::advance(PAUSE).await;
        // Whoever leaves half-way decides nothing.
        drop(breaker.ask().unwrap());
        assert!(breaker.is_open());
        breaker.ask().unwrap().answered();
        assert!(!breaker.is_open() && !breaker.ask().unwrap().probes());
    }

    #[tokio::test(start_paused = true)]
    async fn who_asked_before_it_opened_changes_nothing() {
        let breaker = Breaker::new(1, PAUSE);
        let (slow, slower) = (breaker.ask().unwrap(), breaker.ask().unwrap());
        fail(&breaker, 1);
        tokio::time::advance(PAUSE / 2).await;
        slow.answered();
        slower.failed();
        assert_eq!(breaker.wait(), Some(PAUSE / 2));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_number_it_never_opens() {
        let breaker = Breaker::new(0, PAUSE);
        fail(&breaker, 100);
        assert!(!breaker.is_open());
    }
}
