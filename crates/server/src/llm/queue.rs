//! The line in front of one service.
//!
//! Owns: who is being answered, who waits in which order, and how long one answer takes on average.
//! Must not own: what is asked; people in line are numbers.
//! Invariant: first come, first served; never more than `max_concurrent` permits are out; whoever
//! leaves (a dropped [`Ticket`] or [`Permit`]) makes room at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kiosk_wire::chat::QueuePlace;
use tokio::sync::watch;
use tokio::time::Instant;

/// Taken for one answer until a first one has been measured.
const FIRST_GUESS: Duration = Duration::from_secs(8);
/// Weight of the newest answer in the moving average, in percent.
const NEWEST_WEIGHT: u32 = 20;

/// The line is as long as it may get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is full")]
pub struct LineFull {
    /// Expected seconds until there is room, at least 1.
    pub retry_after_secs: u64,
}

#[derive(Debug)]
struct State {
    busy: u32,
    waiting: VecDeque<u64>,
    next_number: u64,
    average: Duration,
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
            }),
            changed: watch::Sender::new(()),
        })
    }

    /// Joins at the end.
    pub fn join(self: &Arc<Self>) -> Result<Ticket, LineFull> {
        let changed = self.changed.subscribe();
        let mut state = self.state();
        let free = state.busy < self.max_concurrent && state.waiting.is_empty();
        if !free && state.waiting.len() >= self.max_waiting {
            return Err(LineFull {
                retry_after_secs: u64::from(self.wait_secs(&state, 1)),
            });
        }
        let number = state.next_number;
        state.next_number += 1;
        state.waiting.push_back(number);
        drop(state);
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
        let waiting = u32::try_from(state.waiting.len()).unwrap_or(u32::MAX);
        if waiting == 0 && state.busy < self.max_concurrent {
            return (0, 0);
        }
        (waiting, self.wait_secs(&state, waiting.saturating_add(1)))
    }

    /// How many are being answered.
    pub fn answering(&self) -> u32 {
        self.state().busy
    }

    /// Expected seconds at this position: one answer's time for each round of places before it.
    fn wait_secs(&self, state: &State, position: u32) -> u32 {
        let wait = state.average.saturating_mul(position) / self.max_concurrent;
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
    /// The place is new or has changed.
    Place(QueuePlace),
    /// It is their turn; the ticket is used up.
    Turn(Permit),
}

/// A place in line.
#[derive(Debug)]
pub struct Ticket {
    line: Arc<Line>,
    number: u64,
    told: Option<QueuePlace>,
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
            if let Some(place) = self.place().filter(|place| self.told != Some(*place)) {
                self.told = Some(place);
                return Step::Place(place);
            }
            // The line outlives the ticket, so the sender is there.
            self.changed.changed().await.ok();
        }
    }

    fn try_turn(&self) -> Option<Permit> {
        let mut state = self.line.state();
        if state.waiting.front() != Some(&self.number) || state.busy >= self.line.max_concurrent {
            return None;
        }
        state.waiting.pop_front();
        state.busy += 1;
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
        let before = state
            .waiting
            .iter()
            .position(|number| *number == self.number)?;
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
        state.waiting.retain(|number| *number != self.number);
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
mod tests {
    use super::*;

    async fn turn(ticket: &mut Ticket) -> Permit {
        loop {
            if let Step::Turn(permit) = ticket.step().await {
                return permit;
            }
        }
    }

    async fn position(ticket: &mut Ticket) -> u32 {
        match ticket.step().await {
            Step::Place(place) => place.position,
            Step::Turn(_) => 0,
        }
    }

    #[tokio::test]
    async fn first_come_first_served() {
        let line = Line::new(1, 10);
        let first = turn(&mut line.join().unwrap()).await;
        let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..5 {
            let mut ticket = line.join().unwrap();
            let sender = sender.clone();
            tokio::spawn(async move {
                let permit = turn(&mut ticket).await;
                sender.send(number).unwrap();
                tokio::task::yield_now().await;
                drop(permit);
            });
        }
        drop((first, sender));
        let mut seen = Vec::new();
        while let Some(number) = order.recv().await {
            seen.push(number);
        }
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn nobody_slips_past_those_who_wait() {
        let line = Line::new(1, 10);
        let permit = turn(&mut line.join().unwrap()).await;
        let mut waiting = line.join().unwrap();
        assert_eq!(position(&mut waiting).await, 1);
        drop(permit);
        let mut late = line.join().unwrap();
        assert_eq!(position(&mut late).await, 2);
        assert_eq!(position(&mut waiting).await, 0);
    }

    #[tokio::test]
    async fn places_move_up_when_somebody_leaves() {
        let line = Line::new(1, 10);
        let _permit = turn(&mut line.join().unwrap()).await;
        let mut first = line.join().unwrap();
        let mut second = line.join().unwrap();
        assert_eq!(
            (position(&mut first).await, position(&mut second).await),
            (1, 2)
        );
        drop(first);
        assert_eq!(position(&mut second).await, 1);
        assert_eq!(line.waiting().0, 1);
    }

    #[tokio::test]
    async fn never_more_at_a_time_than_allowed() {
        let line = Line::new(2, 10);
        let one = turn(&mut line.join().unwrap()).await;
        let _two = turn(&mut line.join().unwrap()).await;
        let mut third = line.join().unwrap();
        assert_eq!(position(&mut third).await, 1);
        drop(one);
        assert_eq!(position(&mut third).await, 0);
    }

    #[tokio::test]
    async fn a_full_line_refuses_but_a_free_service_does_not() {
        let line = Line::new(1, 0);
        let permit = turn(&mut line.join().unwrap()).await;
        let full = line.join().unwrap_err();
        assert_eq!(
            full,
            LineFull {
                retry_after_secs: 8
            }
        );
        drop(permit);
        assert!(line.join().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_expected_wait_follows_measured_answers() {
        let line = Line::new(2, 10);
        assert_eq!(line.waiting(), (0, 0));
        for _ in 0..40 {
            let mut permit = turn(&mut line.join().unwrap()).await;
            tokio::time::advance(Duration::from_secs(20)).await;
            permit.answered();
        }
        let refused = turn(&mut line.join().unwrap()).await;
        drop(refused);
        let _busy = (
            turn(&mut line.join().unwrap()).await,
            turn(&mut line.join().unwrap()).await,
        );
        let _waiting = line.join().unwrap();
        assert_eq!(line.waiting(), (1, 20));
    }
}
