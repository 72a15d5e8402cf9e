//! The queue of feedback on this tablet, as far as screens care; it outlives every visit.

use kiosk_core::outbox::{self, Bell, Counts, Progress, Wake, deliver};
use kiosk_core::ports::StorageError;
use kiosk_wire::feedback::Entry;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::ports::Ports;

/// Delivered entries to remember; a visit makes a handful.
const REMEMBERED: usize = 1_000;

#[derive(Clone, Copy)]
pub struct OutboxStore {
    counts: RwSignal<Counts>,
    delivered: RwSignal<Vec<String>>,
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
            bell: StoredValue::new_local(Bell::default()),
            ports,
        };
        store.run();
        store
    }

    /// Stores an entry; once this is `Ok`, it survives anything that happens to the app.
    pub async fn save(self, entry: Entry) -> Result<(), StorageError> {
        let storage = self.ports.get().outbox.clone();
        let saved = storage.append(entry).await;
        if let Err(error) = &saved {
            leptos::logging::error!("feedback was not saved: {error}");
        }
        self.ring(Wake::Saved);
        self.count().await;
        saved.map(drop)
    }

    /// Whether the server has this entry; tracked.
    #[must_use]
    pub fn is_delivered(self, id: &str) -> bool {
        self.delivered
            .with(|delivered| delivered.iter().any(|one| one == id))
    }

    /// How much waits; not tracked.
    #[must_use]
    pub fn counts(self) -> Counts {
        self.counts.get_untracked()
    }

    /// Tells the delivery that something changed.
    pub fn ring(self, wake: Wake) {
        self.bell.with_value(|bell| bell.ring(wake));
    }

    fn run(self) {
        let set = self.ports.get();
        let ports = outbox::Ports {
            storage: set.outbox.clone(),
            transport: set.feedback.clone(),
            clock: set.clock.clone(),
            timer: set.timer.clone(),
            random: set.random.clone(),
        };
        let bell = self.bell.get_value();
        spawn_local(async move {
            self.count().await;
            deliver(ports, bell, move |progress| self.observe(progress)).await;
        });
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
                spawn_local(self.count());
            }
            Progress::Refused(ids) => {
                leptos::logging::warn!("the server refused {} entries; they are kept", ids.len());
                spawn_local(self.count());
            }
            Progress::State(_) => {}
        }
    }

    async fn count(self) {
        if let Ok(counts) = self.ports.get().outbox.counts().await {
            self.counts.set(counts);
        }
    }
}
