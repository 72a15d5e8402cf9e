//! Runs the tests, layer by layer, and counts them.
//!
//! Owns the environment each layer needs and the closing table. Invariant: a layer that
//! cannot run, or runs no test, counts as failed.

mod tally;

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::app_build;
use crate::arguments::Layer;
use crate::process;
use crate::project::{self, Project};
use crate::step;
use crate::tools::{self, Browser, Purpose, Tools};
use tally::{LayerResult, Tally};

/// Chromium without its own errands, so that a test sees only the page.
const BROWSER_FLAGS: [&str; 7] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

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
    #[error("tests failed")]
    Failed,
}

/// Runs every layer, or only one.
pub(crate) fn test(project: &Project, only: Option<Layer>) -> Result<(), Error> {
    let purpose = match only {
        Some(Layer::Native) => Purpose::NativeTests,
        Some(Layer::Web | Layer::EndToEnd) | None => Purpose::BrowserTests,
    };
    let tools = tools::set_up(project, purpose)?;
    let mut results = Vec::new();
    for layer in Layer::ALL {
        if only.is_some_and(|only| only != layer) {
            continue;
        }
        step::heading(&format!("\ntests: {}", layer.name()));
        let start = Instant::now();
        let tally = run_layer(project, &tools, layer)?;
        results.push(LayerResult {
            name: layer.name(),
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

fn run_layer(project: &Project, tools: &Tools, layer: Layer) -> Result<Tally, Error> {
    match layer {
        Layer::Native => count(project, &mut native(tools)),
        Layer::Web => count(project, &mut web(project, tools)?),
        Layer::EndToEnd => {
            let server = app_build::build(project, tools)?;
            count(project, &mut end_to_end(tools, &server))
        }
    }
}

fn native(tools: &Tools) -> Command {
    let mut command = tools.command("cargo");
    command.args(["test", "--no-fail-fast", "--workspace", "--exclude", "e2e"]);
    command
}

fn web(project: &Project, tools: &Tools) -> Result<Command, Error> {
    let capabilities = project.scratch_dir().join("webdriver.json");
    let mut command = tools.command("cargo");
    command
        .args(["test", "--package", "kiosk", "--test", "web"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    if let Some(browser) = tools.browser() {
        write_capabilities(&capabilities, browser)?;
        command.env("CHROMEDRIVER", &browser.driver);
    }
    Ok(command)
}

fn write_capabilities(path: &PathBuf, browser: &Browser) -> Result<(), Error> {
    let capabilities = serde_json::json!({
        "goog:chromeOptions": { "args": BROWSER_FLAGS, "binary": browser.program },
    });
    let failed = |source| Error::File {
        path: path.clone(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, capabilities.to_string()).map_err(failed)
}

fn end_to_end(tools: &Tools, server: &PathBuf) -> Command {
    let mut command = tools.command("cargo");
    command
        .args(["test", "--no-fail-fast", "--package", "e2e"])
        .env("KIOSK_SERVER", server);
    if let Some(browser) = tools.browser() {
        command
            .env("CHROMIUM", &browser.program)
            .env("CHROMEDRIVER", &browser.driver);
    }
    command
}

/// Runs a test command, shows its output and counts the results in it.
fn count(project: &Project, command: &mut Command) -> Result<Tally, Error> {
    let line = process::line(command);
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
