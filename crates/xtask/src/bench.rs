//! `cargo xtask bench`: the figures of the built server beside its peers.
//!
//! Owns what the measuring program is given: the release build, a browser, a folder. Must not
//! measure. Invariant: what is measured is what `cargo xtask run` serves.

use crate::app_build;
use crate::process;
use crate::project::Project;
use crate::step;
use crate::tools::{self, Engine, Purpose};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Tools(#[from] tools::Error),
    #[error(transparent)]
    Build(#[from] app_build::Error),
    #[error(transparent)]
    Process(#[from] process::Error),
}

/// Measures everything, or what is named.
pub(crate) fn bench(project: &Project, name: Option<&str>) -> Result<(), Error> {
    let tools = tools::set_up(project, Purpose::BrowserTests(&[Engine::Chromium]))?;
    let server = app_build::build(project, &tools)?;
    step::heading("bench");
    let mut command = tools.command("cargo");
    command
        .current_dir(project.root())
        .args(["run", "--quiet", "--release", "--package", "bench", "--"])
        .arg(server)
        .arg(project.target_dir().join("bench"))
        .args(name);
    for browser in tools.browsers() {
        let [program, driver] = browser.engine.variables();
        command
            .env(program, &browser.program)
            .env(driver, &browser.driver);
    }
    Ok(process::run(&mut command)?)
}
