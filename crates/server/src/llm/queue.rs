//! The line in front of one service.
//!
//! Owns: who is being answered, who waits in which order, and how long one answer takes on average.
//! Must not own: what is asked; people in line are numbers, and the device they stand at.
//! Invariant: first come, first served; a device has one place, which its newest question takes over; never more than `max_concurrent` permits are out; whoever
//! leaves (a dropped [`Ticket`] or [`Permit`]) makes room at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kiosk_wire::chat::QueuePlace;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// Taken for one answer until a first one has been measured.
const FIRST_GUESS: Duration = Duration::from_secs(8);
/// Weight of the newest answer in the moving average, in percent.
const NEWEST_WEIGHT: u32 = 20;
/// A wait that is told once and then stands still is not believed.
const TELL_AGAIN: Duration = Duration::from_secs(5);

/// The line is as long as it may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is full")]
pub struct LineFull {
    /// Expected seconds until there is room, at least 1.
    pub retry_after_secs: u64,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    device: String,
}

#[derive(Debug)]
struct State {
    busy: u32,
    waiting: VecDeque<Waiting>,
    next_number: u64,
    average: Duration,
    /// When somebody's turn came last.
    last_turn: Instant,
}

impl State {
    fn position(&self, number: u64) -> Option<usize> {
        self.waiting.iter().position(|place| place.number == number)
    }
}

/// One service's line.
#[derive(Debug)]
pub struct Line {
    max_concurrent: u32,
    max_waiting: usize,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

impl Line {
    /// A line for `max_concurrent` answers at a time (at least one) and `max_waiting` people.
    pub fn new(max_concurrent: u32, max_waiting: u32) -> Arc<Self> {
        Arc::new(Self {
            max_concurrent: max_concurrent.max(1),
            max_waiting: usize::try_from(max_waiting).unwrap_or(usize::MAX),
            state: Mutex::new(State {
                busy: 0,
                waiting: VecDeque::new(),
                next_number: 0,
                average: FIRST_GUESS,
                last_turn: Instant::now(),
            }),
            changed: watch::Sender::new(()),
        })
    }

    /// Joins at the end, or takes over the place where this device waits already: who had it learns
    /// that with the next step.
    pub fn join(self: &Arc<Self>, device: &str) -> Result<Ticket, LineFull> {
        let changed = self.changed.subscribe();
        let mut state = self.state();
        let number = state.next_number;
        let own = state
            .waiting
            .iter_mut()
            .find(|place| place.device == device);
        if let Some(own) = own {
            own.number = number;
        } else if self.waiting_in(&state) >= self.max_waiting && !self.has_room(&state) {
            return Err(LineFull {
                retry_after_secs: u64::from(self.wait_secs(&state, 1)),
            });
        } else {
            let device = device.to_owned();
            state.waiting.push_back(Waiting { number, device });
        }
        state.next_number += 1;
        drop(state);
        // Whoever had the place must learn of it.
        self.tell();
        Ok(Ticket {
            line: Arc::clone(self),
            number,
            told: None,
            changed,
        })
    }

    /// How many wait, and the expected seconds for one who joins now.
    pub fn waiting(&self) -> (u32, u32) {
        let state = self.state();
        if self.has_room(&state) {
            return (0, 0);
        }
        let waiting = u32::try_from(self.waiting_in(&state)).unwrap_or(u32::MAX);
        (waiting, self.wait_secs(&state, waiting.saturating_add(1)))
    }

    /// How many are being answered.
    pub fn answering(&self) -> u32 {
        self.state().busy
    }

    /// Places that nobody has been given yet.
    fn free(&self, state: &State) -> usize {
        let free = self.max_concurrent.saturating_sub(state.busy);
        usize::try_from(free).unwrap_or(usize::MAX)
    }

    /// How many really wait: for the first ones there may be a free place, which they are about to take.
    fn waiting_in(&self, state: &State) -> usize {
        state.waiting.len().saturating_sub(self.free(state))
    }

    /// Whether one more would be answered at once.
    fn has_room(&self, state: &State) -> bool {
        state.waiting.len() < self.free(state)
    }

    /// Expected seconds at this position: as many turns, one answer's time apart for each place there
    /// is, since the last one.
    fn wait_secs(&self, state: &State, position: u32) -> u32 {
        let apart = state.average / self.max_concurrent;
        let passed = state.last_turn.elapsed().min(apart);
        let wait = apart.saturating_mul(position).saturating_sub(passed);
        u32::try_from(wait.as_millis().div_ceil(1_000))
            .unwrap_or(u32::MAX)
            .max(1)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.changed.send_replace(());
    }
}

/// What happens to somebody in line.
#[derive(Debug)]
pub enum Step {
    /// The place is new or has changed, or is told again.
    Place(QueuePlace),
    /// A newer question of the same device has taken the place.
    Displaced,
    /// It is their turn; the ticket is used up.
    Turn(Permit),
}

/// A place in line.
#[derive(Debug)]
pub struct Ticket {
    line: Arc<Line>,
    number: u64,
    told: Option<u32>,
    changed: watch::Receiver<()>,
}

impl Ticket {
    /// Waits for the next step. With room at the start, the first step is the turn.
    pub async fn step(&mut self) -> Step {
        loop {
            self.changed.mark_unchanged();
            if let Some(permit) = self.try_turn() {
                return Step::Turn(permit);
            }
            let Some(place) = self.place() else {
                return Step::Displaced;
            };
            if self.told.replace(place.position) != Some(place.position) {
                return Step::Place(place);
            }
            // The line outlives the ticket, so the sender is there.
            if timeout(TELL_AGAIN, self.changed.changed()).await.is_err() {
                self.told = None;
            }
        }
    }

    fn try_turn(&self) -> Option<Permit> {
        let mut state = self.line.state();
        if state.position(self.number) != Some(0) || state.busy >= self.line.max_concurrent {
            return None;
        }
        state.waiting.pop_front();
        state.busy += 1;
        state.last_turn = Instant::now();
        drop(state);
        self.line.tell();
        Some(Permit {
            line: Arc::clone(&self.line),
            since: Instant::now(),
            answered: false,
        })
    }

    fn place(&self) -> Option<QueuePlace> {
        let state = self.line.state();
        let before = state.position(self.number)?;
        let position = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        Some(QueuePlace {
            position,
            wait_secs: self.line.wait_secs(&state, position),
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.line.state();
        let before = state.waiting.len();
        state.waiting.retain(|place| place.number != self.number);
        let left = state.waiting.len() != before;
        drop(state);
        if left {
            self.line.tell();
        }
    }
}

/// The right to be answered.
#[derive(Debug)]
pub struct Permit {
    line: Arc<Line>,
    since: Instant,
    answered: bool,
}

impl Permit {
    /// Says that the service has answered, so that its time counts for the average. A refusal after
    /// milliseconds would promise the next in line too much.
    pub fn answered(&mut self) {
        self.answered = true;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let took = self.since.elapsed();
        let mut state = self.line.state();
        state.busy = state.busy.saturating_sub(1);
        if self.answered {
            state.average = (state.average * (100 - NEWEST_WEIGHT) + took * NEWEST_WEIGHT) / 100;
        }
        drop(state);
        self.line.tell();
    }
}

#[cfg(test)]
mod tests;
