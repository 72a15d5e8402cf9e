//! What went wrong in the page, and what of it the test has announced.

use std::sync::PoisonError;

use serde_json::Value;

use super::Browser;
use crate::engine::Engine;
use crate::{Error, Result};

/// What the recorder remembers, in case a message of it is still on its way.
const TOLD: &str = "return window.__told?.() ?? []";
/// Chromium also logs requests that failed; the relay knows better which of them the test wanted.
const LOST_REQUEST: [&str; 3] = [
    "net::ERR_",
    "Failed to load resource",
    "An unknown error occurred when fetching the script",
];

/// The page names the event ahead, so that it comes early; whether it came is told by who asks for it.
fn is_vain_hint(error: &str) -> bool {
    error.starts_with("not loaded: ") && error.ends_with("/api/event")
}

impl Browser {
    /// From now on, errors that contain this text do not count; what came before does.
    pub async fn forgive(&self, text: &'static str) -> Result<()> {
        self.check_errors().await?;
        self.with_forgiven(|forgiven| forgiven.push(text));
        Ok(())
    }

    /// Takes note of errors that had to come until now, as they all contain this text.
    pub async fn expect_errors(&self, text: &'static str) -> Result<()> {
        self.with_forgiven(|forgiven| forgiven.push(text));
        let checked = self.check_errors().await;
        self.with_forgiven(Vec::pop);
        checked
    }

    /// From now on every error counts again; those that came until now were forgiven.
    pub async fn forgive_no_more(&self) -> Result<()> {
        self.check_errors().await?;
        self.with_forgiven(Vec::clear);
        Ok(())
    }

    /// Fails on errors since the last look.
    pub async fn check_errors(&self) -> Result<()> {
        let told = self.script(TOLD).await?;
        let told: Vec<String> = serde_json::from_value(told)?;
        self.relay.add_errors(told);
        let mut errors = self.relay.take_errors();
        if self.engine == Engine::Chromium {
            errors.extend(self.logged().await?);
        }
        errors.retain(|error| !is_vain_hint(error));
        self.with_forgiven(|forgiven| {
            errors.retain(|error| !forgiven.iter().any(|text| error.contains(text)));
        });
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Error::PageErrors(errors))
        }
    }

    /// Errors of the browser itself, which only this driver hands out.
    async fn logged(&self) -> Result<Vec<String>> {
        let log = self.web.browser_log().await?;
        Ok(log
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .filter(|message| !LOST_REQUEST.iter().any(|text| message.contains(text)))
            .collect())
    }

    /// What the page shows, for a failed test's report; leaves a picture.
    pub(super) async fn describe(&self) -> String {
        let name = std::thread::current()
            .name()
            .unwrap_or("test")
            .replace("::", "-");
        self.screenshot("failures", &name).await.ok();
        let script = "return (document.querySelector('[data-testid=screen]')?.dataset.screen \
                      ?? 'no screen') + ': ' + document.body.innerText.slice(0, 1500)";
        let page = self.script(script).await.unwrap_or(Value::Null);
        let errors = match self.check_errors().await {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        };
        format!(
            "{}\n{errors}\n(picture: target/e2e/{}/failures/{name}.png)\n",
            page.as_str().unwrap_or("no page"),
            self.engine.name(),
        )
    }

    fn with_forgiven<T>(&self, look: impl FnOnce(&mut Vec<&'static str>) -> T) -> T {
        let mut forgiven = self.forgiven.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut forgiven)
    }
}
