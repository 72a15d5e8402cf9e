//! The queue of feedback on this tablet, as far as screens care; it outlives every visit.

use std::time::Duration;

use kiosk_core::outbox::{self, Bell, Counts, Progress, State, Wake, deliver};
use kiosk_core::ports::StorageError;
use kiosk_wire::feedback::Entry;
use leptos::prelude::*;

use super::later::{Leaving, tasks};
use super::ports::Ports;
use crate::tasks::spawn_local;

/// Delivered entries to remember; a visit makes a handful.
const REMEMBERED: usize = 1_000;
/// How often, and how many times, saves that are under way are looked at.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS: u32 = 60;

// Keys of preferences.
const LAST_SENT: &str = "last_sent";
const LAST_SEQ: &str = "last_seq";

#[derive(Clone, Copy)]
pub struct OutboxStore {
    counts: RwSignal<Counts>,
    delivered: RwSignal<Vec<String>>,
    last_sent: RwSignal<Option<String>>,
    is_stopped: StoredValue<bool>,
    saving: StoredValue<u32>,
    bell: StoredValue<Bell, LocalStorage>,
    ports: Ports,
}

impl OutboxStore {
    /// The queue; its delivery runs from now on.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        let store = Self {
            counts: RwSignal::default(),
            delivered: RwSignal::default(),
            last_sent: RwSignal::new(ports.get().preferences.get(LAST_SENT)),
            is_stopped: StoredValue::new(false),
            saving: StoredValue::new(0),
            bell: StoredValue::new_local(Bell::default()),
            ports,
        };
        spawn_local(async move { tasks(ports).await.deliver(store).await });
        store
    }

    /// Stores an entry; once this is `Ok`, it survives anything that happens to the app.
    pub async fn save(self, mut entry: Entry) -> Result<(), StorageError> {
        self.saving.update_value(|saving| *saving += 1);
        entry.seq = self.reached();
        let saved = self.ports.later().await.outbox.append(entry).await;
        self.saving.update_value(|saving| *saving -= 1);
        if let Err(error) = &saved {
            leptos::logging::error!("feedback was not saved: {error}");
        }
        self.ring(Wake::Saved);
        self.count().await;
        saved.map(drop)
    }

    /// Stores entries that nobody waits for; they outlive the visit they come from.
    pub fn keep(self, entries: Vec<Entry>) {
        self.hold(async move {
            for entry in entries {
                // The failure is logged.
                self.save(entry).await.ok();
            }
        });
    }

    /// Stores what a visit leaves behind; it outlives the visit.
    pub(super) fn leave(self, leaving: Leaving) {
        self.hold(async move {
            tasks(self.ports).await.leave(self, leaving).await;
        });
    }

    /// Does what nobody waits for, but for a page that would be loaded again.
    fn hold(self, task: impl Future<Output = ()> + 'static) {
        self.saving.update_value(|saving| *saving += 1);
        spawn_local(async move {
            task.await;
            self.saving.update_value(|saving| *saving -= 1);
        });
    }

    /// Resolves once all saves that are under way have ended, or after a few seconds.
    pub async fn settled(self) {
        for _ in 0..LOOKS {
            if self.saving.get_value() == 0 {
                return;
            }
            self.ports.get().timer.sleep(LOOK).await;
        }
    }

    /// Whether the server has this entry; tracked.
    #[must_use]
    pub fn is_delivered(self, id: &str) -> bool {
        self.delivered
            .with(|delivered| delivered.iter().any(|one| one == id))
    }

    /// How much waits; tracked.
    #[must_use]
    pub fn counts(self) -> Counts {
        self.counts.get()
    }

    /// How much waits, for whoever is not on screen.
    #[must_use]
    pub fn counts_untracked(self) -> Counts {
        self.counts.get_untracked()
    }

    /// When the server last took something, RFC 3339 by the tablet's clock; tracked.
    #[must_use]
    pub fn last_sent(self) -> Option<String> {
        self.last_sent.get()
    }

    /// Whether the delivery has given up until the tablet is registered.
    #[must_use]
    pub fn is_stopped(self) -> bool {
        self.is_stopped.get_value()
    }

    /// Tells the delivery that something changed.
    pub fn ring(self, wake: Wake) {
        self.bell.with_value(|bell| bell.ring(wake));
    }

    pub(super) async fn run(self) {
        let (set, later) = (self.ports.get(), self.ports.later().await);
        let ports = outbox::Ports {
            storage: later.outbox.clone(),
            transport: later.feedback.clone(),
            clock: set.clock.clone(),
            timer: set.timer.clone(),
            random: set.random.clone(),
        };
        let bell = self.bell.get_value();
        self.count().await;
        self.count_on().await;
        deliver(ports, bell, move |progress| self.observe(progress)).await;
    }

    /// A tablet whose storage was wiped goes on where it was, so that lost entries show as gaps.
    async fn count_on(self) {
        let reached = self.reached();
        if reached > self.counts_untracked().last_seq {
            // A storage that cannot be written says so with the first entry.
            let later = self.ports.later().await;
            later.outbox.count_from(reached).await.ok();
            self.count().await;
        }
    }

    /// The highest number this tablet gave out, kept apart from the storage, which may be wiped.
    fn reached(self) -> u64 {
        let kept = self.ports.get().preferences.get(LAST_SEQ);
        let kept = kept.and_then(|seq| seq.parse().ok()).unwrap_or(0);
        kept.max(self.counts_untracked().last_seq)
    }

    fn observe(self, progress: Progress) {
        match progress {
            Progress::Delivered(ids) => {
                self.delivered.update(|delivered| {
                    // Only the visit that is on asks: what is long gone can be forgotten.
                    if delivered.len() > REMEMBERED {
                        delivered.clear();
                    }
                    delivered.extend(ids);
                });
                let set = self.ports.get();
                let now = set.clock.now_rfc3339();
                set.preferences.set(LAST_SENT, Some(&now));
                self.last_sent.set(Some(now));
                spawn_local(self.count());
            }
            Progress::Refused(ids) => {
                leptos::logging::warn!("the server refused {} entries; they are kept", ids.len());
                spawn_local(self.count());
            }
            Progress::State(state) => self.is_stopped.set_value(state == State::Stopped),
        }
    }

    async fn count(self) {
        let set = self.ports.get();
        let Ok(mut counts) = self.ports.later().await.outbox.counts().await else {
            return;
        };
        let before = self.counts.get_untracked();
        // A storage that is wiped under the app forgets how far it was; the tablet does not.
        counts.last_seq = counts.last_seq.max(before.last_seq);
        if counts.last_seq > before.last_seq {
            set.preferences
                .set(LAST_SEQ, Some(&counts.last_seq.to_string()));
        }
        if counts != before {
            self.counts.set(counts);
        }
    }
}
