//! Whether a folder of built files is still what its sources make.
//!
//! Owns the note beside the folder: the mark of the inputs, and the mark of what came out. Invariant:
//! a folder that somebody changed counts as out of date.

use std::fs;
use std::path::PathBuf;

use super::Error;
use crate::fingerprint;
use crate::project::Project;

pub(super) struct Stamp<'project> {
    project: &'project Project,
    folder: PathBuf,
}

impl<'project> Stamp<'project> {
    /// The note beside this folder.
    pub(super) fn beside(project: &'project Project, folder: PathBuf) -> Self {
        Self { project, folder }
    }

    /// Whether the folder was made from these inputs and has not changed since.
    pub(super) fn is_of(&self, source: &str) -> Result<bool, Error> {
        let kept = fs::read_to_string(self.path()).unwrap_or_default();
        Ok(kept == self.text(source)?)
    }

    /// Notes that it was made from these inputs.
    pub(super) fn set(&self, source: &str) -> Result<(), Error> {
        super::write(&self.path(), self.text(source)?.as_bytes())
    }

    fn path(&self) -> PathBuf {
        self.folder.with_extension("stamp")
    }

    fn text(&self, source: &str) -> Result<String, Error> {
        let files = self.project.files_in(&self.folder)?;
        let outputs = fingerprint::of(self.project, &files, "")?;
        Ok(format!("{source}\n{outputs}\n"))
    }
}
