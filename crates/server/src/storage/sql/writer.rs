//! The one thread that writes. It takes every job that waits and commits them together,
//! so that many tablets share one sync of the disk. Nobody is told of a commit that the next start
//! would not find.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use tokio::sync::{mpsc, oneshot};

use super::Database;
use crate::storage::StorageError;

/// Jobs that may wait before callers have to.
const QUEUE: usize = 1_024;
/// Most jobs in one transaction.
const MOST_JOBS: usize = 256;

/// Tells the caller, after the commit. Dropped without being called, it tells of a failure.
type Reply = Box<dyn FnOnce() + Send>;
type Job = Box<dyn FnOnce(&dyn Database) -> Reply + Send>;

/// A handle on the writing thread.
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    taken: AtomicU64,
}

impl Writer {
    pub(super) fn start(database: Box<dyn Database>) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("storage-writer".to_owned())
            .spawn(move || write_until_closed(database.as_ref(), receiver))?;
        Ok(Self {
            jobs: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
            taken: AtomicU64::new(0),
        })
    }

    /// Runs `work` in a transaction and answers once it is committed.
    /// What an `Err` has written is undone, without touching other callers' work.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Database) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |database| {
            let outcome = in_savepoint(database, work);
            Box::new(move || {
                // The caller may be gone; what it asked for is done all the same.
                answer.send(outcome).ok();
            })
        });
        self.taken.fetch_add(1, Ordering::Relaxed);
        let sender = lock(&self.jobs).clone().ok_or_else(closed)?;
        sender.send(job).await.map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| {
            Err(StorageError::Unavailable(
                "the transaction was not committed".to_owned(),
            ))
        })
    }

    /// How many jobs it was given so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
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
    database: &dyn Database,
    work: impl FnOnce(&dyn Database) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    database.run("SAVEPOINT job")?;
    let outcome = work(database);
    let end = if outcome.is_ok() {
        "RELEASE SAVEPOINT job"
    } else {
        "ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job"
    };
    // Where the whole transaction has ended, the savepoint has too.
    if database.is_in_transaction() {
        database.run(end)?;
    }
    outcome
}

fn write_until_closed(database: &dyn Database, mut receiver: mpsc::Receiver<Job>) {
    let mut waiting = Vec::with_capacity(MOST_JOBS);
    while receiver.blocking_recv_many(&mut waiting, MOST_JOBS) > 0 {
        let mut jobs = waiting.drain(..);
        while jobs.len() > 0 {
            match commit(database, &mut jobs) {
                Ok(replies) => replies.into_iter().for_each(|reply| reply()),
                Err(error) => {
                    tracing::error!(%error, "transaction failed");
                    // Without a transaction no later job can be sound either.
                    jobs.by_ref().for_each(drop);
                }
            }
        }
    }
}

/// Runs jobs in one transaction, stopping early if that has ended.
fn commit(
    database: &dyn Database,
    jobs: &mut dyn Iterator<Item = Job>,
) -> Result<Vec<Reply>, StorageError> {
    database.begin()?;
    let mut replies = Vec::new();
    for job in jobs {
        replies.push(job(database));
        if !database.is_in_transaction() {
            break;
        }
    }
    database.commit()?;
    database.settle()?;
    Ok(replies)
}
