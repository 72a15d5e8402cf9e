//! The command of each layer of tests, and the environment it needs.
//!
//! Owns which program runs and what it is told. Must not run it. Invariant: a browser layer is
//! told one engine, and finds that engine's programs in the variables of its name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;
use crate::arguments::{Layer, Selection};
use crate::project::Project;
use crate::tools::{Browser, Engine, Tools};

/// Chromium without its own errands, so that a test sees only the page.
const CHROMIUM_FLAGS: [&str; 7] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];
/// Cases of each property in a long run; otherwise the property's own number or 256.
const LONG_CASES: &str = "4096";
/// How often a server is killed in a long run, and how often its connections are cut for it.
const LONG_KILLS: &str = "200";
/// How many calls are made up for each operation of the interface in a long run.
const LONG_EXAMPLES: &str = "500";
/// How many visits a day has in a long run.
const LONG_VISITS: &str = "1000";
/// How often a browser is killed in a long run.
const LONG_BROWSER_KILLS: &str = "30";

/// More of them on a small machine make each other late.
const BROWSERS_AT_ONCE: &str = "2";

/// One line of the closing table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    Native,
    Web(Engine),
    EndToEnd(Engine),
}

impl Run {
    pub(super) fn name(self) -> String {
        let (layer, engine) = match self {
            Self::Native => (Layer::Native, None),
            Self::Web(engine) => (Layer::Web, Some(engine)),
            Self::EndToEnd(engine) => (Layer::EndToEnd, Some(engine)),
        };
        engine.map_or_else(
            || layer.name().to_owned(),
            |engine| format!("{} {}", layer.name(), engine.name()),
        )
    }

    pub(super) fn engine(self) -> Option<Engine> {
        match self {
            Self::Native => None,
            Self::Web(engine) | Self::EndToEnd(engine) => Some(engine),
        }
    }
}

/// What a selection asks for, in the order it is run.
pub(super) fn runs(selection: Selection) -> Vec<Run> {
    let wanted = |layer| selection.only.is_none_or(|only| only == layer);
    let mut runs = Vec::new();
    if wanted(Layer::Native) {
        runs.push(Run::Native);
    }
    if wanted(Layer::Web) {
        match selection.browser.unwrap_or(Engine::Chromium) {
            // Its runner drives no WebKit on Linux; the end-to-end layer covers the engine.
            Engine::WebKit => {}
            engine @ (Engine::Chromium | Engine::Firefox) => runs.push(Run::Web(engine)),
        }
    }
    if wanted(Layer::EndToEnd) {
        let engines = Engine::ALL.into_iter();
        let chosen = engines.filter(|engine| selection.browser.is_none_or(|only| only == *engine));
        runs.extend(chosen.map(Run::EndToEnd));
    }
    runs
}

pub(super) fn native(tools: &Tools, long: bool) -> Command {
    let mut command = tools.command("cargo");
    command.args(["test", "--no-fail-fast", "--workspace", "--exclude", "e2e"]);
    if let Some(programs) = tools.postgres() {
        command.env("POSTGRES_BIN", programs);
    }
    if let Some(clients) = tools.clients() {
        command.env("BOOTH_CLIENTS", clients);
    }
    if long {
        command.env("PROPTEST_CASES", LONG_CASES);
        command.env("KIOSK_KILLS", LONG_KILLS);
        command.env("KIOSK_EXAMPLES", LONG_EXAMPLES);
        command.env("KIOSK_VISITS", LONG_VISITS);
    }
    command
}

pub(super) fn web(project: &Project, tools: &Tools, engine: Engine) -> Result<Command, Error> {
    let browser = browser(tools, engine)?;
    let file = project.scratch_dir().join("webdriver.json");
    write(&file, &capabilities(browser).to_string())?;
    let mut command = tools.command("cargo");
    command
        .args(["test", "--package", "kiosk", "--test", "web"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            "wasm-bindgen-test-runner",
        )
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &file)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    // The runner takes the first driver it is told of.
    for other in Engine::ALL {
        command.env_remove(other.variables()[1]);
    }
    command.env(engine.variables()[1], &browser.driver);
    Ok(command)
}

fn capabilities(browser: &Browser) -> serde_json::Value {
    match browser.engine {
        Engine::Chromium => serde_json::json!({
            "goog:chromeOptions": { "args": CHROMIUM_FLAGS, "binary": browser.program },
        }),
        // The runner adds `-headless` by itself.
        Engine::Firefox => serde_json::json!({
            "moz:firefoxOptions": { "binary": browser.program },
        }),
        Engine::WebKit => serde_json::json!({}),
    }
}

/// `long` is the folder of the model that a long run has.
pub(super) fn end_to_end(
    tools: &Tools,
    server: &Path,
    engine: Engine,
    long: Option<&Path>,
) -> Result<Command, Error> {
    let browser = browser(tools, engine)?;
    let mut command = tools.command("cargo");
    let [program, driver] = engine.variables();
    command
        .args(["test", "--no-fail-fast", "--package", "e2e"])
        .args(["--", "--test-threads", BROWSERS_AT_ONCE])
        .env("KIOSK_SERVER", server)
        .env("E2E_BROWSER", engine.name())
        .env(program, &browser.program)
        .env(driver, &browser.driver);
    if let Some(model) = long {
        command.env("E2E_KILLS", LONG_BROWSER_KILLS);
        command.env("LOCAL_MODEL", model);
    }
    if let Some(axe) = tools.axe() {
        command.env("AXE", axe);
    }
    if let Some(display) = &browser.display {
        command.env("XVFB", display);
    }
    Ok(command)
}

fn browser(tools: &Tools, engine: Engine) -> Result<&Browser, Error> {
    let mut browsers = tools.browsers().iter();
    browsers
        .find(|browser| browser.engine == engine)
        .ok_or(Error::NoBrowser(engine.name()))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::File {
        path: PathBuf::from(path),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: Option<Layer>, browser: Option<Engine>) -> Vec<String> {
        let selection = Selection {
            only,
            browser,
            long: false,
        };
        runs(selection).into_iter().map(Run::name).collect()
    }

    #[test]
    fn everything_runs_in_every_engine() {
        assert_eq!(
            names(None, None),
            [
                "native",
                "web chromium",
                "e2e chromium",
                "e2e firefox",
                "e2e webkit"
            ]
        );
    }

    #[test]
    fn a_chosen_engine_is_the_only_one() {
        assert_eq!(
            names(None, Some(Engine::Firefox)),
            ["native", "web firefox", "e2e firefox"]
        );
        assert_eq!(names(None, Some(Engine::WebKit)), ["native", "e2e webkit"]);
        assert_eq!(
            names(Some(Layer::EndToEnd), Some(Engine::WebKit)),
            ["e2e webkit"]
        );
        assert_eq!(names(Some(Layer::Native), Some(Engine::WebKit)), ["native"]);
    }
}
