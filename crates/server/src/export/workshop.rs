//! Downloads that need a file before they can be sent, made off the async threads.
//!
//! Owns: the temporary files and the end of the work when nobody waits any more.
//! Must not own: what is written.
//! Invariant: the files have no name, so that none is left, whatever happens.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
};

use tokio::{runtime::Handle, sync::oneshot, task::spawn_blocking};

use super::{ExportError, pages::Pages};
use crate::storage::StoredEntry;

type Answer = Result<File, ExportError>;

/// Where a download is made.
pub struct Workshop<'a> {
    runtime: Handle,
    folder: &'a Path,
    answer: &'a oneshot::Sender<Answer>,
}

/// Has `work` write a file in this folder; answers it from its start. Dropping the future ends the
/// work at its next page.
pub async fn make(
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
        // Whoever asked may be gone; the file goes with it.
        answer.send(outcome).ok();
    });
    made.await.unwrap_or(Err(ExportError::Abandoned))
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
