//! Fills in the table of terms in the background, in small steps between what tablets send.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::sync::watch;

use super::{index, writer::Writer};

/// Entries that arrive together are taken in together.
const GATHERING: Duration = Duration::from_secs(1);
/// Entries in one step: what tablets send meanwhile waits for some milliseconds.
const STEP: u32 = 100;
/// With more jobs than these during a step there is a rush of tablets, which comes first.
const CALM: u64 = 8;
const IN_A_RUSH: Duration = Duration::from_millis(500);

pub(super) struct Indexer {
    wakes: watch::Sender<()>,
    /// What its task is made of, until that runs.
    asleep: Mutex<Option<(Weak<Writer>, watch::Receiver<()>)>>,
}

impl Indexer {
    pub(super) fn new(writer: &Arc<Writer>) -> Self {
        let (wakes, awaited) = watch::channel(());
        Self {
            wakes,
            asleep: Mutex::new(Some((Arc::downgrade(writer), awaited))),
        }
    }

    /// Sees to it that what is stored by now is taken in soon.
    pub(super) fn wake(&self) {
        let mut asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((writer, awaited)) = asleep.take() {
            tokio::spawn(run(writer, awaited));
        }
        self.wakes.send_replace(());
    }
}

/// Ends with the storage.
async fn run(writer: Weak<Writer>, mut awaited: watch::Receiver<()>) {
    while awaited.changed().await.is_ok() {
        tokio::time::sleep(GATHERING).await;
        let Some(writer) = writer.upgrade() else {
            return;
        };
        catch_up(&writer).await;
    }
}

async fn catch_up(writer: &Writer) {
    loop {
        let before = writer.taken();
        match writer.run(|database| index::advance(database, STEP)).await {
            Ok(true) => {}
            Ok(false) => return,
            // Until the next wake, entries are found by reading them.
            Err(error) => return tracing::debug!(%error, "entries are not indexed"),
        }
        if writer.taken().saturating_sub(before) > CALM {
            tokio::time::sleep(IN_A_RUSH).await;
        }
    }
}
