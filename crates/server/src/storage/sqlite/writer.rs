//! The one thread that writes. It takes every job that waits and commits them together,
//! so that many tablets share one sync of the disk. Nobody is told of a commit to a file that is no
//! longer where it was.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{files::OpenFiles, log::Log};
use crate::storage::StorageError;

/// Jobs that may wait before callers have to.
const QUEUE: usize = 1_024;
/// Most jobs in one transaction.
const MOST_JOBS: usize = 256;

/// Tells the caller, after the commit. Dropped without being called, it tells of a failure.
type Reply = Box<dyn FnOnce() + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Reply + Send>;

/// A handle on the writing thread.
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        files: OpenFiles,
        log: Arc<Log>,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("storage-writer".to_owned())
            .spawn(move || write_until_closed(&connection, &files, &log, receiver))?;
        Ok(Self {
            jobs: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Runs `work` in a transaction and answers once it is committed.
    /// What an `Err` has written is undone, without touching other callers' work.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let outcome = in_savepoint(connection, work);
            Box::new(move || {
                // The caller may be gone; what it asked for is done all the same.
                answer.send(outcome).ok();
            })
        });
        let sender = lock(&self.jobs).clone().ok_or_else(closed)?;
        sender.send(job).await.map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| {
            Err(StorageError::Unavailable(
                "the transaction was not committed".to_owned(),
            ))
        })
    }

    /// Finishes the jobs that wait and closes the connection.
    pub(super) async fn close(&self) {
        drop(lock(&self.jobs).take());
        let Some(thread) = lock(&self.thread).take() else {
            return;
        };
        if tokio::task::spawn_blocking(move || thread.join().is_err())
            .await
            .unwrap_or(true)
        {
            tracing::error!("the storage writer ended badly");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> StorageError {
    StorageError::Unavailable("the database is closed".to_owned())
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    connection.execute_batch("SAVEPOINT job")?;
    let outcome = work(connection);
    let end = if outcome.is_ok() {
        "RELEASE job"
    } else {
        "ROLLBACK TO job; RELEASE job"
    };
    // After a full disk SQLite may have ended the whole transaction, savepoint included.
    if !connection.is_autocommit() {
        connection.execute_batch(end)?;
    }
    outcome
}

fn write_until_closed(
    connection: &Connection,
    files: &OpenFiles,
    log: &Log,
    mut receiver: mpsc::Receiver<Job>,
) {
    let mut waiting = Vec::with_capacity(MOST_JOBS);
    while receiver.blocking_recv_many(&mut waiting, MOST_JOBS) > 0 {
        let mut jobs = waiting.drain(..);
        while jobs.len() > 0 {
            match commit(connection, &mut jobs) {
                Ok(replies) => {
                    log.empty_if_due(connection);
                    match files.check() {
                        Ok(()) => replies.into_iter().for_each(|reply| reply()),
                        Err(error) => {
                            tracing::error!(%error, "the database is gone; restart the server");
                        }
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "transaction failed");
                    // Without a transaction no later job can be sound either.
                    jobs.by_ref().for_each(drop);
                }
            }
        }
    }
}

/// Runs jobs in one transaction, stopping early if `SQLite` has ended it.
fn commit(
    connection: &Connection,
    jobs: &mut dyn Iterator<Item = Job>,
) -> rusqlite::Result<Vec<Reply>> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut replies = Vec::new();
    for job in jobs {
        replies.push(job(connection));
        if connection.is_autocommit() {
            break;
        }
    }
    if let Err(error) = connection.execute_batch("COMMIT") {
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK")?;
        }
        return Err(error);
    }
    Ok(replies)
}
