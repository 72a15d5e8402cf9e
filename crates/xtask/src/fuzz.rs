//! `cargo xtask fuzz`: looks for bytes that the readers of streams cannot bear.
//!
//! Owns how cargo-fuzz is asked. Must not look itself: what is looked for stands in `fuzz/`.
//! Invariant: recorded streams are where every search begins, and the repository holds no find but as
//! a fixture.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::process;
use crate::project::Project;
use crate::step;
use crate::tools::{self, Purpose};

/// What is searched, one after the other.
const TARGETS: [&str; 2] = ["event_stream", "answer"];
/// How long each is searched, unless somebody says.
pub(crate) const SECS: u32 = 60;
/// Inputs stay far below what an event may be, so that a search is fast.
const LONGEST: &str = "-max_len=8192";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Tools(#[from] tools::Error),
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error("libFuzzer needs a nightly compiler: `rustup toolchain install nightly` ({0})")]
    NoNightly(process::Error),
    #[error("{path} could not be made: {source}")]
    Folder { path: PathBuf, source: io::Error },
}

/// Searches every target for so many seconds.
pub(crate) fn fuzz(project: &Project, secs: u32) -> Result<(), Error> {
    process::capture(nightly(&mut Command::new("rustc")).arg("--version"))
        .map_err(Error::NoNightly)?;
    let tools = tools::set_up(project, Purpose::Fuzz)?;
    step::heading("fuzz");
    for target in TARGETS {
        step::announce(&format!("{target}, {secs} s"));
        let corpus = project.root().join("fuzz/corpus").join(target);
        std::fs::create_dir_all(&corpus).map_err(|source| Error::Folder {
            path: corpus.clone(),
            source,
        })?;
        let mut command = tools.command("cargo-fuzz");
        nightly(&mut command)
            .current_dir(project.root())
            .args(["fuzz", "run", target])
            .arg(&corpus)
            .arg("tests/fixtures/streams")
            .args(["--", LONGEST, &format!("-max_total_time={secs}")]);
        process::run(&mut command)?;
    }
    Ok(())
}

/// With the compiler that rustup keeps beside the usual one, whose cargo has started us.
fn nightly(command: &mut Command) -> &mut Command {
    command
        .env_remove("CARGO")
        .env("RUSTUP_TOOLCHAIN", "nightly")
}
