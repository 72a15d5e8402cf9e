//! Starting other programs and waiting for them.
//!
//! Owns how a failed program is reported. Invariant: a message names the whole command, so
//! that it can be repeated by hand.

use std::process::{Command, ExitStatus};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{command}` could not be started: {source}")]
    Start {
        command: String,
        source: std::io::Error,
    },
    #[error("`{command}` failed with {status}{output}")]
    Failed {
        command: String,
        status: ExitStatus,
        output: String,
    },
}

/// Runs a program whose output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), Error> {
    let status = command.status().map_err(|source| Error::Start {
        command: line(command),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed {
        command: line(command),
        status,
        output: String::new(),
    })
}

/// Runs a program and returns what it wrote to its standard output.
pub(crate) fn capture(command: &mut Command) -> Result<String, Error> {
    let output = command.output().map_err(|source| Error::Start {
        command: line(command),
        source,
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Failed {
        command: line(command),
        status: output.status,
        output: format!(":\n{}", said.trim_end()),
    })
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let error = run(Command::new("no-such-program-here").arg("--flag")).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`no-such-program-here --flag` could not be started")
        );
    }

    #[test]
    fn a_failure_carries_what_was_said() {
        let error = capture(Command::new("rustc").arg("--no-such-flag")).unwrap_err();
        assert!(error.to_string().contains("no-such-flag"));
    }
}
