//! Downloads that need a file before they can be sent, made off the async threads.
//!
//! Owns: how many are made at a time, the temporary files, and the end of the work when nobody
//! waits any more.
//! Must not own: what is written.
//! Invariant: the files have no name, so that none is left, whatever happens.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
};

use tokio::{
    runtime::Handle,
    sync::{Semaphore, SemaphorePermit, oneshot},
    task::spawn_blocking,
};

use super::{ExportError, pages::Pages};
use crate::storage::StoredEntry;

type Answer = Result<File, ExportError>;

/// Where a download is made.
pub struct Workshop<'a> {
    runtime: Handle,
    folder: &'a Path,
    answer: &'a oneshot::Sender<Answer>,
}

/// Downloads in the making, in this process. Each holds a thread while it waits for reads that need
/// a thread too, so that enough of them would wait for each other for good. Fewer than the readers
/// of the database, so that tablets always find one free.
static PLACES: Semaphore = Semaphore::const_new(3);

/// The right to make one download.
pub struct Place {
    _permit: SemaphorePermit<'static>,
}

/// Waits in line for a place. It is to be taken before anything is read for the download.
pub async fn place() -> Result<Place, ExportError> {
    let permit = PLACES.acquire().await;
    permit
        .map(|permit| Place { _permit: permit })
        .map_err(|_| ExportError::Abandoned)
}

/// Does what takes long off the async threads.
pub async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ExportError> {
    spawn_blocking(work)
        .await
        .map_err(|_| ExportError::Abandoned)
}

impl Place {
    /// Has `work` write a file in this folder; answers it from its start. Dropping the future ends
    /// the work at its next page, and the place is held until then.
    pub async fn make(
        self,
        folder: PathBuf,
        work: impl FnOnce(&Workshop<'_>, &mut File) -> Result<(), ExportError> + Send + 'static,
    ) -> Answer {
        let (answer, made) = oneshot::channel();
        let runtime = Handle::current();
        spawn_blocking(move || {
            let workshop = Workshop {
                runtime,
                folder: &folder,
                answer: &answer,
            };
            let outcome = workshop.written(work);
            drop(self);
            // Whoever asked may be gone; the file goes with it.
            answer.send(outcome).ok();
        });
        made.await.unwrap_or(Err(ExportError::Abandoned))
    }
}

impl Workshop<'_> {
    /// Where further temporary files belong.
    pub(super) fn folder(&self) -> &Path {
        self.folder
    }

    /// A temporary file.
    pub(super) fn file(&self) -> Result<File, ExportError> {
        Ok(tempfile::tempfile_in(self.folder)?)
    }

    /// Waits for what the async side answers.
    pub(super) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }

    /// Takes the entries page by page.
    pub(super) fn each_page(
        &self,
        mut pages: Pages,
        mut take: impl FnMut(&[StoredEntry]) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        while let Some(entries) = self.wait(pages.next())? {
            if self.answer.is_closed() {
                return Err(ExportError::Abandoned);
            }
            take(&entries)?;
        }
        Ok(())
    }

    fn written(&self, work: impl FnOnce(&Self, &mut File) -> Result<(), ExportError>) -> Answer {
        let mut file = self.file()?;
        work(self, &mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn more_downloads_than_threads_do_not_wait_for_each_other() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .max_blocking_threads(4)
            .enable_time()
            .build()
            .unwrap();
        let folder = std::env::temp_dir();
        let one = |folder: PathBuf| async {
            let made = place().await?.make(folder, |workshop, _| {
                // All who have a place have a thread by now.
                std::thread::sleep(Duration::from_millis(20));
                workshop.wait(async { spawn_blocking(|| ()).await.ok() });
                Ok(())
            });
            made.await
        };
        let all: Vec<_> = (0..12)
            .map(|_| runtime.spawn(one(folder.clone())))
            .collect();
        let made = runtime.block_on(async {
            let all = futures_util::future::join_all(all);
            tokio::time::timeout(Duration::from_secs(20), all).await
        });
        // Threads that wait for good would hold the test up.
        runtime.shutdown_background();
        let made = made.expect("they wait for each other");
        assert!(made.into_iter().all(|made| made.unwrap().is_ok()));
    }
}
