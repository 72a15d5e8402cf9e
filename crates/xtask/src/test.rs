//! Runs the tests, layer by layer and engine by engine, and counts them.
//!
//! Owns the order and the closing table. Invariant: a layer that cannot run, or runs no test,
//! counts as failed.

mod layers;
mod tally;

use std::io::{self, BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::app_build;
use crate::arguments::Selection;
use crate::process;
use crate::project::{self, Project};
use crate::step;
use crate::tools::{self, Engine, Purpose, Tools};
use layers::Run;
use tally::{LayerResult, Tally};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Project(#[from] project::Error),
    #[error(transparent)]
    Tools(#[from] tools::Error),
    #[error(transparent)]
    Build(#[from] app_build::Error),
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error("{path} could not be written: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("the output of `{command}` could not be read: {source}")]
    Output { command: String, source: io::Error },
    #[error("{0} was not set up")]
    NoBrowser(&'static str),
    #[error("tests failed")]
    Failed,
}

/// Runs what is selected.
pub(crate) fn test(project: &Project, selection: Selection) -> Result<(), Error> {
    let runs = layers::runs(selection);
    let mut engines: Vec<Engine> = runs.iter().filter_map(|run| run.engine()).collect();
    engines.dedup();
    let purpose = if engines.is_empty() {
        Purpose::NativeTests
    } else {
        Purpose::BrowserTests(&engines)
    };
    let tools = tools::set_up(project, purpose)?;
    if selection.only.is_none() && selection.browser == Some(Engine::WebKit) {
        step::announce("WebKit has no web layer: its runner does not know that driver");
    }
    let in_a_browser = runs.iter().any(|run| matches!(run, Run::EndToEnd(_)));
    let model = (selection.long && in_a_browser).then(tools::local_model);
    let model = model.transpose()?;
    let mut results = Vec::new();
    let mut server = None;
    for run in runs {
        step::heading(&format!("\ntests: {}", run.name()));
        let start = Instant::now();
        let tally = match run {
            Run::Native => count(project, layers::native(&tools, selection.long))?,
            Run::Web(engine) => count(project, layers::web(project, &tools, engine)?)?,
            Run::EndToEnd(engine) => {
                let server = built_server(project, &tools, &mut server)?;
                count(
                    project,
                    layers::end_to_end(&tools, &server, engine, model.as_deref())?,
                )?
            }
        };
        results.push(LayerResult {
            name: run.name(),
            tally,
            took: start.elapsed(),
        });
    }
    print!("\n{}", tally::table(&results));
    if results.iter().all(|result| result.tally.is_success()) {
        Ok(())
    } else {
        Err(Error::Failed)
    }
}

/// One build serves every engine.
fn built_server(
    project: &Project,
    tools: &Tools,
    built: &mut Option<PathBuf>,
) -> Result<PathBuf, Error> {
    if let Some(server) = built {
        return Ok(server.clone());
    }
    let server = app_build::build(project, tools)?;
    *built = Some(server.clone());
    Ok(server)
}

/// Runs a test command, shows its output and counts the results in it.
fn count(project: &Project, mut command: Command) -> Result<Tally, Error> {
    let line = process::line(&command);
    command
        .current_dir(project.root())
        .env("CARGO_TERM_COLOR", "never")
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|source| process::Error::Start {
        command: line.clone(),
        source,
    })?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).split(b'\n') {
            let text = text.map_err(|source| Error::Output {
                command: line.clone(),
                source,
            })?;
            let text = String::from_utf8_lossy(&text);
            println!("{text}");
            tally.read_line(&text);
        }
    }
    let status = child.wait().map_err(|source| Error::Output {
        command: line,
        source,
    })?;
    tally.finish(status.success());
    Ok(tally)
}
