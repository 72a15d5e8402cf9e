//! The project's own commands: `cargo xtask run`, `test`, `check`, `fuzz`, `bench` and `dist`.
//!
//! Owns set-up of the tools, the release build of app and server, the test run and the
//! conventions. Owns nothing that ships: the server must not depend on it.
//! Invariant: a step that could not be done ends with a sentence that says what to do, and
//! with exit code 1, or 2 when the command itself was wrong.

mod app_build;
mod arguments;
mod bench;
mod check;
mod compress;
mod fingerprint;
mod fuzz;
mod graph;
mod licences;
mod process;
mod project;
mod remap;
mod run;
mod ship;
mod step;
mod style_bundle;
mod test;
mod tools;

use std::process::ExitCode;

use arguments::Invocation;

/// Everything that can end a command early.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Arguments(#[from] arguments::Error),
    #[error(transparent)]
    Project(#[from] project::Error),
    #[error(transparent)]
    Tools(#[from] tools::Error),
    #[error(transparent)]
    Build(#[from] app_build::Error),
    #[error(transparent)]
    Run(#[from] run::Error),
    #[error(transparent)]
    Bench(#[from] bench::Error),
    #[error(transparent)]
    Fuzz(#[from] fuzz::Error),
    #[error(transparent)]
    Ship(#[from] ship::Error),
    #[error(transparent)]
    Check(#[from] check::Error),
    #[error(transparent)]
    Test(#[from] test::Error),
}

fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Arguments(error)) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<(), Error> {
    let invocation = arguments::parse(std::env::args_os().skip(1))?;
    if matches!(invocation, Invocation::Help) {
        print!("{}", arguments::USAGE);
        return Ok(());
    }
    let project = project::Project::locate()?;
    match invocation {
        Invocation::Help => {}
        Invocation::Build => {
            let tools = tools::set_up(&project, tools::Purpose::App)?;
            app_build::build(&project, &tools)?;
        }
        Invocation::Run { server_options } => {
            let tools = tools::set_up(&project, tools::Purpose::App)?;
            let server = app_build::build(&project, &tools)?;
            run::serve(&server, &server_options)?;
        }
        Invocation::Check { online } => check::check(&project, online)?,
        Invocation::Test(selection) => test::test(&project, selection)?,
        Invocation::Bench { name } => bench::bench(&project, name.as_deref())?,
        Invocation::Fuzz { secs } => fuzz::fuzz(&project, secs)?,
        Invocation::Dist => {
            let tools = tools::set_up(&project, tools::Purpose::App)?;
            ship::ship(&project, &tools)?;
        }
    }
    Ok(())
}
