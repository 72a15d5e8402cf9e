//! Summaries that were asked for: kept, and carried on with what arrived since.
//!
//! Owns: for which filters that is done, and up to where each has counted.
//! Must not own: what is counted.
//! Invariant: a summary says what one of all the entries would say. Sums cannot be taken back, so
//! after an erasure they are made anew.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use kiosk_wire::console::Summary;

use super::Tally;
use crate::{
    export::{ExportError, audience::Audience, pages::Selection},
    feedback::read,
    storage::{EntryFilter, Storage},
};

/// Filters whose summaries are kept. Each holds a few bytes a visit.
const MOST: usize = 5;
/// How often a summary is made anew because something was erased while it was made.
const TRIES: u32 = 3;

/// The summaries of a running server.
#[derive(Default)]
pub struct Summaries {
    /// The one that was asked for last stands last.
    kept: Mutex<Vec<Arc<Kept>>>,
}

struct Kept {
    filter: EntryFilter,
    /// Whoever asks meanwhile waits for the same work.
    so_far: tokio::sync::Mutex<Option<SoFar>>,
}

struct SoFar {
    erasures: u64,
    position: u64,
    tally: Tally,
}

impl Summaries {
    /// The summary of what is stored now and matches, which begins as `empty`.
    pub async fn of(
        &self,
        storage: &Arc<dyn Storage>,
        filter: &EntryFilter,
        empty: impl Fn() -> Tally,
        now: Timestamp,
    ) -> Result<Summary, ExportError> {
        let kept = self.kept(filter);
        let mut so_far = kept.so_far.lock().await;
        let mut tries = 0;
        loop {
            tries += 1;
            let erasures = storage.erasures().await?;
            // Taken, so that what breaks off half-way is not kept.
            let still = so_far.take().filter(|so_far| so_far.erasures == erasures);
            let begun = still.unwrap_or_else(|| SoFar {
                erasures,
                position: 0,
                tally: empty(),
            });
            let carried_on = so_far.insert(begun.carry_on(storage, filter).await?);
            if storage.erasures().await? == erasures || tries == TRIES {
                return Ok(carried_on.tally.summary(now));
            }
        }
    }

    fn kept(&self, filter: &EntryFilter) -> Arc<Kept> {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.iter().position(|kept| kept.filter == *filter);
        let kept = place.map_or_else(|| Arc::new(Kept::new(filter)), |place| all.remove(place));
        if all.len() == MOST {
            // Not the one that is carried on while nobody asks.
            let is_narrow = |kept: &Arc<Kept>| kept.filter != EntryFilter::default();
            let oldest = all.iter().position(is_narrow).unwrap_or(0);
            all.remove(oldest);
        }
        all.push(Arc::clone(&kept));
        kept
    }
}

impl Kept {
    fn new(filter: &EntryFilter) -> Self {
        Self {
            filter: filter.clone(),
            so_far: tokio::sync::Mutex::default(),
        }
    }
}

impl SoFar {
    async fn carry_on(
        mut self,
        storage: &Arc<dyn Storage>,
        filter: &EntryFilter,
    ) -> Result<Self, ExportError> {
        let selection = Selection::now(Arc::clone(storage), filter.clone(), Audience::Organiser);
        let selection = selection.await?;
        let mut pages = selection.pages_after(self.position);
        while let Some(entries) = pages.next().await? {
            for entry in &entries {
                self.tally.add(&read(&entry.item)?);
            }
        }
        self.position = selection.last();
        Ok(self)
    }
}
