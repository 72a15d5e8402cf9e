//! The queue as staff see it: what was refused, the rescue file, the end of the day.

use kiosk_core::ports::StorageError;
use kiosk_core::staff::rescue::{file_name, rescue_file};
use kiosk_core::staff::{EndOfDay, RescueState};
use leptos::prelude::*;

use super::{Opened, StaffStore};
use crate::tasks::spawn_local;

/// Key of preferences: the highest number that is in a rescue file.
const RESCUED_SEQ: &str = "rescued_seq";

impl StaffStore {
    /// Saves everything that is on this tablet as a file; the queue keeps it as well.
    pub fn save_rescue_file(self) {
        if self.rescue.get_untracked() == RescueState::Saving {
            return;
        }
        self.rescue.set(RescueState::Saving);
        spawn_local(async move {
            let saved = self.write_rescue_file().await.ok().flatten();
            let state = saved.map_or(RescueState::Failed, |count| RescueState::Saved { count });
            self.rescue.set(state);
            self.look_at_queue().await;
        });
    }

    /// Locks the tablet for the night, unless something is neither sent nor rescued.
    pub fn finish_day(self) {
        spawn_local(async move {
            if self.unrescued().await == Some(EndOfDay::Ready) {
                self.lock();
            }
        });
    }

    /// Brings up to date what the panel shows of the queue.
    pub(in crate::stores) async fn look_at_queue(self) {
        if let Some(day) = self.unrescued().await {
            self.day.set(day);
        }
        let parked = self
            .ports
            .later()
            .await
            .outbox
            .parked()
            .await
            .unwrap_or_default();
        // Entries are shown only behind the code.
        if self.opened.get_untracked() == Opened::Panel {
            self.parked.set(parked);
        }
    }

    /// How many entries are in the file; `None` if the browser took none.
    async fn write_rescue_file(self) -> Result<Option<u64>, StorageError> {
        let (set, later) = (self.ports.get(), self.ports.later().await);
        // Read first: what is saved meanwhile may be in the file, and is not counted as such.
        let last_seq = later.outbox.counts().await?.last_seq;
        let pending = later.outbox.pending(usize::MAX).await?;
        let parked = later.outbox.parked().await?;
        let count = (pending.len() + parked.len()) as u64;
        let Some((id, name)) = self.device.id_and_name() else {
            return Ok(None);
        };
        let now = set.clock.now_rfc3339();
        let file = file_name(&name, &now);
        let content = rescue_file(id, name, now, last_seq, pending, parked);
        let is_saved =
            serde_json::to_string(&content).is_ok_and(|content| later.files.save(&file, &content));
        if is_saved {
            let seq = last_seq.to_string();
            set.preferences.set(RESCUED_SEQ, Some(&seq));
        }
        Ok(is_saved.then_some(count))
    }

    /// What is neither sent nor in a rescue file; `None` if the queue cannot be read.
    async fn unrescued(self) -> Option<EndOfDay> {
        let set = self.ports.get();
        let rescued = set.preferences.get(RESCUED_SEQ);
        let rescued = rescued.and_then(|seq| seq.parse().ok()).unwrap_or(0);
        let counts = self
            .ports
            .later()
            .await
            .outbox
            .counts_above(rescued)
            .await
            .ok()?;
        Some(EndOfDay::of(counts))
    }
}
