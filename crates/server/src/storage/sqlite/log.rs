//! The write-ahead log, which keeps pages as they were until it is emptied.
//!
//! Owns: emptying it after an erasure, now or as soon as it can be.
//! Must not own: what is erased.
//! Invariant: nobody waits for a reader that still needs the log.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;

/// How long after a try that failed the next one is made.
pub(super) const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Whether what was erased may still be in the log.
#[derive(Debug, Default)]
pub(super) struct Log {
    holds_erased: AtomicBool,
    tried: Mutex<Option<Instant>>,
}

impl Log {
    /// Something was erased: the log is to be emptied after the next commit.
    pub(super) fn must_be_emptied(&self) {
        self.holds_erased.store(true, Ordering::Relaxed);
        *self.tried.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn holds_erased(&self) -> bool {
        self.holds_erased.load(Ordering::Relaxed)
    }

    /// Writes the pages back and empties the log, if that is due, outside a transaction.
    pub(super) fn empty_if_due(&self, connection: &Connection) {
        if !self.holds_erased() {
            return;
        }
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.is_some_and(|at| at.elapsed() < RETRY_AFTER) {
            return;
        }
        *tried = Some(Instant::now());
        match empty(connection) {
            Ok(true) => self.holds_erased.store(false, Ordering::Relaxed),
            Ok(false) => {
                tracing::warn!("a reader keeps erased entries in the log; it is tried again");
            }
            Err(error) => tracing::warn!(%error, "the log cannot be emptied; it is tried again"),
        }
    }
}

/// `false` while somebody reads from it.
fn empty(connection: &Connection) -> rusqlite::Result<bool> {
    // Waiting for a reader would hold up everybody who wants to write.
    connection.busy_timeout(Duration::ZERO)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    connection.busy_timeout(super::BUSY)?;
    busy.map(|busy: bool| !busy)
}
