//! Hands the terminal over to the built server.
//!
//! Invariant: the server gets the options as they were given, and its exit code is ours.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::process;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Process(#[from] process::Error),
}

/// Becomes the server, so that a signal meant for it does not stop at a parent.
#[cfg(unix)]
pub(crate) fn serve(server: &Path, options: &[OsString]) -> Result<(), Error> {
    use std::os::unix::process::CommandExt as _;

    let mut command = Command::new(server);
    command.args(options);
    let source = command.exec();
    Err(process::Error::Start {
        command: process::line(&command),
        source,
    }
    .into())
}

/// Runs the server and waits for it.
#[cfg(not(unix))]
pub(crate) fn serve(server: &Path, options: &[OsString]) -> Result<(), Error> {
    Ok(process::run(Command::new(server).args(options))?)
}
