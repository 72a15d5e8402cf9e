//! The delivery state machine: one event in, one effect out, nothing else.

use std::{collections::BTreeSet, time::Duration};

use kiosk_wire::feedback::{MAX_ITEMS, Receipts};
use serde_json::Value;

use super::{
    Backoff, StoredEntry, Wake,
    batch::{Sent, judge, select},
};
use crate::ports::{Random, Retry, StorageError, TransportError};

/// Reason of an entry that is no longer JSON on the disk.
const UNREADABLE: &str = "unreadable";

/// What the delivery is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing waits.
    #[default]
    Idle,
    /// Reading the queue.
    Loading,
    /// A batch is under way.
    Sending,
    /// Writing down what the receipts said.
    Settling,
    /// An attempt failed; the next one comes by itself.
    Waiting,
    /// The server does not know this tablet; everything is kept until it is registered again.
    Stopped,
}

/// What happened: the outcome of the last effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The bell was heard; also the first event of all.
    Woken(Wake),
    /// A wait is over.
    Elapsed,
    /// Outcome of [`Effect::Load`].
    Loaded(Result<Vec<StoredEntry>, StorageError>),
    /// Outcome of [`Effect::Send`].
    Answered(Result<Receipts, TransportError>),
    /// Outcome of [`Effect::Settle`].
    Settled(Result<(), StorageError>),
}

/// What to do next; its outcome is the next event.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read at most this many waiting entries.
    Load {
        /// How many.
        limit: usize,
    },
    /// Send these in one request.
    Send {
        /// The entries, exactly as they are stored.
        items: Vec<Value>,
    },
    /// Write down what the receipts said.
    Settle {
        /// Ids to remove.
        released: Vec<String>,
        /// Ids to park, with the reason.
        refused: Vec<(String, String)>,
    },
    /// Wait this long, or until a ring of at least [`Wake::Online`].
    Wait(Duration),
    /// Wait for a ring that is at least this urgent.
    Listen(Wake),
}

/// Where the delivery stands. It holds no entry: a crash at any point loses nothing.
#[derive(Debug)]
pub struct Delivery {
    state: State,
    backoff: Backoff,
    max_items: usize,
    sent: Vec<Sent>,
    /// Entries that got no verdict in this round. They step aside so that the rest can pass.
    held: BTreeSet<String>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            state: State::default(),
            backoff: Backoff::default(),
            max_items: MAX_ITEMS,
            sent: Vec::new(),
            held: BTreeSet::new(),
        }
    }
}

impl Delivery {
    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// Takes the outcome of the last effect and says what comes next.
    pub fn apply(&mut self, event: Event, random: &dyn Random) -> Effect {
        match event {
            Event::Woken(wake) if self.state == State::Stopped && wake < Wake::Registered => {
                self.stop()
            }
            Event::Woken(_) | Event::Elapsed | Event::Settled(Ok(())) => self.load(),
            Event::Loaded(Ok(entries)) => self.pick(&entries, random),
            Event::Answered(Ok(answer)) => self.settle(&answer),
            Event::Answered(Err(error)) => self.fail(error, random),
            Event::Loaded(Err(_)) | Event::Settled(Err(_)) => self.wait(Duration::ZERO, random),
        }
    }

    fn load(&mut self) -> Effect {
        self.state = State::Loading;
        Effect::Load {
            limit: self.max_items + self.held.len(),
        }
    }

    fn pick(&mut self, entries: &[StoredEntry], random: &dyn Random) -> Effect {
        let selection = select(entries, &self.held, self.max_items);
        if !selection.unreadable.is_empty() {
            let reason = |id| (id, UNREADABLE.to_owned());
            let refused = selection.unreadable.into_iter().map(reason).collect();
            self.state = State::Settling;
            return Effect::Settle {
                released: Vec::new(),
                refused,
            };
        }
        if !selection.items.is_empty() {
            self.state = State::Sending;
            self.sent = selection.sent;
            return Effect::Send {
                items: selection.items,
            };
        }
        if self.held.is_empty() {
            self.state = State::Idle;
            self.max_items = MAX_ITEMS;
            self.backoff.reset();
            return Effect::Listen(Wake::Saved);
        }
        self.held.clear();
        self.wait(Duration::ZERO, random)
    }

    fn settle(&mut self, answer: &Receipts) -> Effect {
        let verdict = judge(std::mem::take(&mut self.sent), &answer.receipts);
        self.held.extend(verdict.unsettled);
        if verdict.released.is_empty() && verdict.refused.is_empty() {
            return self.load();
        }
        self.backoff.reset();
        self.state = State::Settling;
        Effect::Settle {
            released: verdict.released,
            refused: verdict.refused,
        }
    }

    fn fail(&mut self, error: TransportError, random: &dyn Random) -> Effect {
        let sent = std::mem::take(&mut self.sent);
        match error.retry() {
            Retry::Never => self.stop(),
            Retry::After(least) => self.wait(least, random),
            Retry::Now if sent.len() > 1 => {
                self.max_items = sent.len() / 2;
                self.load()
            }
            // Too large by itself. Waiting all the same bounds what a gate that refuses everything sees.
            Retry::Now => {
                self.held.extend(sent.into_iter().map(|sent| sent.id));
                self.wait(Duration::ZERO, random)
            }
        }
    }

    fn wait(&mut self, at_least: Duration, random: &dyn Random) -> Effect {
        self.state = State::Waiting;
        Effect::Wait(self.backoff.next(at_least, random))
    }

    fn stop(&mut self) -> Effect {
        self.state = State::Stopped;
        Effect::Listen(Wake::Registered)
    }
}

#[cfg(test)]
mod tests {
    use kiosk_wire::{
        canonical::sha256_hex,
        feedback::{Receipt, ReceiptStatus},
    };
    use serde_json::json;

    use super::*;
    use crate::testing::SeededRandom;

    struct Bench {
        delivery: Delivery,
        random: SeededRandom,
    }

    impl Bench {
        fn new() -> Self {
            Self {
                delivery: Delivery::default(),
                random: SeededRandom::new(3),
            }
        }

        fn apply(&mut self, event: Event) -> Effect {
            self.delivery.apply(event, &self.random)
        }

        /// Loads these and returns how many items were sent.
        fn send(&mut self, entries: Vec<StoredEntry>) -> usize {
            match self.apply(Event::Loaded(Ok(entries))) {
                Effect::Send { items } => items.len(),
                other => panic!("{other:?}"),
            }
        }

        fn answer(&mut self, receipts: Vec<Receipt>) -> Effect {
            self.apply(Event::Answered(Ok(Receipts {
                now: String::new(),
                receipts,
            })))
        }

        fn fail(&mut self, error: TransportError) -> Effect {
            self.apply(Event::Answered(Err(error)))
        }

        fn wait(effect: &Effect) -> Duration {
            match effect {
                Effect::Wait(duration) => *duration,
                other => panic!("{other:?}"),
            }
        }
    }

    fn entries(seqs: std::ops::RangeInclusive<u64>) -> Vec<StoredEntry> {
        seqs.map(|seq| StoredEntry {
            seq,
            id: id(seq),
            json: json!({"seq": seq}).to_string(),
        })
        .collect()
    }

    fn id(seq: u64) -> String {
        format!("id-{seq}")
    }

    fn receipt(seq: u64, status: ReceiptStatus) -> Receipt {
        let reason = (status == ReceiptStatus::Invalid).then(|| "rating".to_owned());
        Receipt {
            id: id(seq),
            status,
            sha256: sha256_hex(&json!({"seq": seq})),
            reason,
        }
    }

    #[test]
    fn a_full_queue_drains_batch_by_batch_without_a_pause() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.apply(Event::Woken(Wake::Saved)),
            Effect::Load { limit: MAX_ITEMS }
        );
        assert_eq!(bench.send(entries(1..=2)), 2);
        assert_eq!(bench.delivery.state(), State::Sending);
        let receipts = vec![
            receipt(1, ReceiptStatus::Stored),
            receipt(2, ReceiptStatus::Duplicate),
        ];
        let released = vec![id(1), id(2)];
        assert_eq!(
            bench.answer(receipts),
            Effect::Settle {
                released,
                refused: vec![]
            }
        );
        assert_eq!(
            bench.apply(Event::Settled(Ok(()))),
            Effect::Load { limit: MAX_ITEMS }
        );
        assert_eq!(
            bench.apply(Event::Loaded(Ok(vec![]))),
            Effect::Listen(Wake::Saved)
        );
        assert_eq!(bench.delivery.state(), State::Idle);
    }

    #[test]
    fn an_invalid_entry_is_parked_with_its_reason_and_the_rest_released() {
        let mut bench = Bench::new();
        bench.send(entries(1..=3));
        let receipts = vec![
            receipt(1, ReceiptStatus::Stored),
            receipt(2, ReceiptStatus::Invalid),
            receipt(3, ReceiptStatus::Erased),
        ];
        let refused = vec![(id(2), "rating".to_owned())];
        assert_eq!(
            bench.answer(receipts),
            Effect::Settle {
                released: vec![id(1), id(3)],
                refused
            }
        );
    }

    #[test]
    fn entries_without_a_verdict_step_aside_and_come_back_after_a_wait() {
        let mut bench = Bench::new();
        bench.send(entries(1..=2));
        bench.answer(vec![receipt(2, ReceiptStatus::Stored)]);
        assert_eq!(
            bench.apply(Event::Settled(Ok(()))),
            Effect::Load {
                limit: MAX_ITEMS + 1
            }
        );
        let mut queue = entries(1..=1);
        queue.extend(entries(3..=3));
        assert_eq!(bench.send(queue), 1);
        bench.answer(vec![receipt(3, ReceiptStatus::Stored)]);
        bench.apply(Event::Settled(Ok(())));
        let effect = bench.apply(Event::Loaded(Ok(entries(1..=1))));
        assert!(Bench::wait(&effect) <= Duration::from_secs(1));
        bench.apply(Event::Elapsed);
        assert_eq!(bench.send(entries(1..=1)), 1);
    }

    #[test]
    fn a_server_that_gives_no_verdicts_is_asked_ever_more_rarely() {
        let mut bench = Bench::new();
        let mut last = Duration::ZERO;
        for _ in 0..8 {
            bench.send(entries(1..=1));
            assert_eq!(
                bench.answer(vec![]),
                Effect::Load {
                    limit: MAX_ITEMS + 1
                }
            );
            last = Bench::wait(&bench.apply(Event::Loaded(Ok(entries(1..=1)))));
            bench.apply(Event::Elapsed);
        }
        assert!(last >= Duration::from_secs(15), "{last:?}");
    }

    #[test]
    fn failures_wait_longer_each_time_and_a_success_starts_over() {
        let mut bench = Bench::new();
        let mut waits = vec![];
        for error in [
            TransportError::Unreachable,
            TransportError::Foreign { status: 200 },
            TransportError::Busy {
                status: 502,
                retry_after: None,
            },
            TransportError::Unreachable,
        ] {
            bench.send(entries(1..=1));
            waits.push(Bench::wait(&bench.fail(error)));
            assert_eq!(bench.delivery.state(), State::Waiting);
            assert_eq!(
                bench.apply(Event::Elapsed),
                Effect::Load { limit: MAX_ITEMS }
            );
        }
        assert!(waits[3] >= Duration::from_secs(4), "{waits:?}");
        bench.send(entries(1..=1));
        bench.answer(vec![receipt(1, ReceiptStatus::Stored)]);
        bench.apply(Event::Settled(Ok(())));
        bench.send(entries(2..=2));
        assert!(Bench::wait(&bench.fail(TransportError::Unreachable)) <= Duration::from_secs(1));
    }

    #[test]
    fn retry_after_is_honoured() {
        let mut bench = Bench::new();
        bench.send(entries(1..=1));
        let retry_after = Some(Duration::from_secs(20));
        let effect = bench.fail(TransportError::Busy {
            status: 503,
            retry_after,
        });
        assert_eq!(effect, Effect::Wait(Duration::from_secs(20)));
    }

    #[test]
    fn a_batch_too_large_is_halved_until_it_passes_and_whole_again_once_the_queue_is_empty() {
        let mut bench = Bench::new();
        bench.send(entries(1..=5));
        assert_eq!(
            bench.fail(TransportError::TooLarge),
            Effect::Load { limit: 2 }
        );
        bench.send(entries(1..=2));
        assert_eq!(
            bench.fail(TransportError::TooLarge),
            Effect::Load { limit: 1 }
        );
        bench.send(entries(1..=1));
        bench.answer(vec![receipt(1, ReceiptStatus::Stored)]);
        assert_eq!(
            bench.apply(Event::Settled(Ok(()))),
            Effect::Load { limit: 1 }
        );
        bench.apply(Event::Loaded(Ok(vec![])));
        assert_eq!(
            bench.apply(Event::Woken(Wake::Saved)),
            Effect::Load { limit: MAX_ITEMS }
        );
    }

    #[test]
    fn one_entry_too_large_by_itself_lets_the_next_pass() {
        let mut bench = Bench::new();
        bench.send(entries(1..=1));
        Bench::wait(&bench.fail(TransportError::TooLarge));
        assert_eq!(
            bench.apply(Event::Elapsed),
            Effect::Load {
                limit: MAX_ITEMS + 1
            }
        );
        match bench.apply(Event::Loaded(Ok(entries(1..=2)))) {
            Effect::Send { items } => assert_eq!(items, [json!({"seq": 2})]),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn after_401_only_a_registration_goes_on() {
        let mut bench = Bench::new();
        bench.send(entries(1..=1));
        assert_eq!(
            bench.fail(TransportError::Unauthorized),
            Effect::Listen(Wake::Registered)
        );
        assert_eq!(bench.delivery.state(), State::Stopped);
        for wake in [Wake::Saved, Wake::Online] {
            assert_eq!(
                bench.apply(Event::Woken(wake)),
                Effect::Listen(Wake::Registered)
            );
        }
        let effect = bench.apply(Event::Woken(Wake::Registered));
        assert_eq!(effect, Effect::Load { limit: MAX_ITEMS });
    }

    #[test]
    fn a_failing_disk_is_tried_again() {
        let mut bench = Bench::new();
        Bench::wait(&bench.apply(Event::Loaded(Err(StorageError::Blocked))));
        bench.send(entries(1..=1));
        bench.answer(vec![receipt(1, ReceiptStatus::Stored)]);
        Bench::wait(&bench.apply(Event::Settled(Err(StorageError::Full))));
        assert_eq!(
            bench.apply(Event::Elapsed),
            Effect::Load { limit: MAX_ITEMS }
        );
    }

    #[test]
    fn a_damaged_entry_is_parked_before_anything_is_sent() {
        let mut bench = Bench::new();
        let mut queue = entries(1..=2);
        queue[0].json.truncate(3);
        let refused = vec![(id(1), UNREADABLE.to_owned())];
        assert_eq!(
            bench.apply(Event::Loaded(Ok(queue))),
            Effect::Settle {
                released: vec![],
                refused
            }
        );
    }
}
