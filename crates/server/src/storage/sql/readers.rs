//! A few connections that only read, lent out one at a time.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::Database;
use crate::storage::StorageError;

pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Box<dyn Database>>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(connections: Vec<Box<dyn Database>>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        Self {
            idle: Arc::new(Mutex::new(connections)),
            permits,
        }
    }

    /// Runs a query on an idle connection, off the async threads.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&dyn Database) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| closed())?;
        let idle = Arc::clone(&self.idle);
        let task = tokio::task::spawn_blocking(move || {
            let database = take(&idle).ok_or_else(closed)?;
            let outcome = database.prepare().and_then(|()| query(database.as_ref()));
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(database);
            drop(permit);
            outcome
        });
        task.await
            .map_err(|error| StorageError::Unavailable(error.to_string()))?
    }

    /// Closes every connection once its query is done.
    pub(super) async fn close(&self) {
        let all = u32::try_from(super::READERS).unwrap_or(u32::MAX);
        let permits = self.permits.acquire_many(all).await;
        self.permits.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        drop(permits);
    }
}

fn take(idle: &Mutex<Vec<Box<dyn Database>>>) -> Option<Box<dyn Database>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

fn closed() -> StorageError {
    StorageError::Unavailable("the database is closed".to_owned())
}
