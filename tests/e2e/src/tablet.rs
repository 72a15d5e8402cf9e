//! A visitor's tablet: one browser with a fresh profile at the visitor's page.
//!
//! Owns the session, the taps and what is read from the page. Elements are named by their
//! `data-testid` alone. Invariant: `close` fails on any page error or console error that was
//! not announced by `forgive`.

mod traces;

use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::capabilities::chrome::ChromeCapabilities;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use crate::driver::Driver;
use crate::place;
use crate::{Booth, Error, Result};

const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);
const CENTRE: &str = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// Width and height of the page in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
}

/// A tablet lying.
pub const LANDSCAPE: Viewport = viewport("landscape", 1180, 820);
/// A tablet standing.
pub const PORTRAIT: Viewport = viewport("portrait", 820, 1180);
/// A phone.
pub const PHONE: Viewport = viewport("phone", 390, 844);

const fn viewport(name: &'static str, width: u32, height: u32) -> Viewport {
    Viewport {
        name,
        width,
        height,
    }
}

/// The selector of a test id: `id("start")`.
pub fn id(name: &str) -> String {
    format!("[data-testid='{name}']")
}

/// An open browser.
pub struct Tablet {
    // The fields go in this order: the driver closes the browser first, because a session that
    // is dropped while its driver lives waits two minutes for an answer.
    _driver: Driver,
    web: WebDriver,
    forgiven: Vec<&'static str>,
    _profile: TempDir,
}

impl Tablet {
    /// Opens the visitor's page and waits for the attract screen.
    pub async fn open(booth: &Booth, viewport: Viewport) -> Result<Self> {
        let tablet = Self::browse(&booth.url(), viewport).await?;
        tablet.wait_for_screen("attract").await?;
        Ok(tablet)
    }

    /// Opens any page.
    pub async fn browse(address: &str, viewport: Viewport) -> Result<Self> {
        let driver = Driver::start()?;
        let profile = tempfile::tempdir()?;
        let web = WebDriver::new(driver.url(), capabilities(&profile)?).await?;
        let tablet = Self {
            _driver: driver,
            web,
            forgiven: Vec::new(),
            _profile: profile,
        };
        tablet.resize(viewport).await?;
        tablet.web.goto(address).await?;
        Ok(tablet)
    }

    /// Turns or exchanges the tablet.
    pub async fn resize(&self, viewport: Viewport) -> Result<()> {
        let metrics = json!({
            "width": viewport.width,
            "height": viewport.height,
            "deviceScaleFactor": 1,
            "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await
    }

    /// Loses every request to an address with this part, until it is called with none.
    pub async fn block_requests(&self, patterns: &[&str]) -> Result<()> {
        self.devtools("Network.enable", json!({})).await?;
        self.devtools("Network.setBlockedURLs", json!({ "urls": patterns }))
            .await
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Result<()> {
        self.web.cdp().send_raw(method, parameters).await?;
        Ok(())
    }

    /// Waits for this screen to be the one in the page.
    pub async fn wait_for_screen(&self, screen: &str) -> Result<()> {
        let selector = format!("{}[data-screen='{screen}']", id("screen"));
        self.wait_for(&selector).await?;
        Ok(())
    }

    /// The screen shown now.
    pub async fn screen(&self) -> Result<String> {
        let root = self.wait_for(&id("screen")).await?;
        Ok(root.attr("data-screen").await?.unwrap_or_default())
    }

    /// Waits for the first displayed element of a selector.
    pub async fn wait_for(&self, selector: &str) -> Result<WebElement> {
        let found = || async {
            for element in self.web.find_all(By::Css(selector)).await? {
                if element.is_displayed().await? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        };
        self.wait(selector, PATIENCE, found).await
    }

    /// Waits until nothing matches a selector.
    pub async fn wait_until_gone(&self, selector: &str) -> Result<()> {
        let gone = || async {
            let left = self.web.find_all(By::Css(selector)).await?;
            Ok(left.is_empty().then_some(()))
        };
        self.wait(&format!("no {selector}"), PATIENCE, gone).await
    }

    /// Waits until a script answers true.
    pub async fn wait_until(&self, what: &str, limit: Duration, script: &str) -> Result<()> {
        let holds = || async {
            let answer = self.script(script).await?;
            Ok((answer == Value::Bool(true)).then_some(()))
        };
        self.wait(what, limit, holds).await
    }

    /// Taps the element with this test id once it can be tapped.
    pub async fn tap(&self, name: &str) -> Result<()> {
        self.tap_on(&id(name)).await
    }

    /// Taps the first element of a selector once it can be tapped.
    pub async fn tap_on(&self, selector: &str) -> Result<()> {
        let tapped = || async {
            let Some(element) = self
                .web
                .find_all(By::Css(selector))
                .await?
                .into_iter()
                .next()
            else {
                return Ok(None);
            };
            // A driver scrolls no further than the edge, where a fixed bar may lie above it.
            self.web.execute(CENTRE, vec![element.to_json()?]).await?;
            element.click().await?;
            Ok(Some(()))
        };
        self.wait(&format!("a tap on {selector}"), PATIENCE, tapped)
            .await
    }

    /// Taps twice, as quickly as a hurried finger does.
    pub async fn double_tap(&self, name: &str) -> Result<()> {
        let element = self.wait_for(&id(name)).await?;
        self.web
            .action_chain()
            .double_click_element(&element)
            .perform()
            .await?;
        Ok(())
    }

    /// Types into a field.
    pub async fn type_into(&self, name: &str, text: &str) -> Result<()> {
        self.wait_for(&id(name)).await?.send_keys(text).await?;
        Ok(())
    }

    /// The visible text of an element.
    pub async fn text(&self, name: &str) -> Result<String> {
        Ok(self.wait_for(&id(name)).await?.text().await?)
    }

    /// An attribute of every match of a selector, in page order.
    pub async fn attributes(&self, selector: &str, attribute: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]\
                      .map(each => each.getAttribute(arguments[1]) ?? '')";
        let answer = self
            .web
            .execute(script, vec![json!(selector), json!(attribute)])
            .await?;
        Ok(answer.convert()?)
    }

    /// How many elements match a selector.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.web.find_all(By::Css(selector)).await?.len())
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Result<Value> {
        Ok(self.web.execute(script, Vec::new()).await?.json().clone())
    }

    /// Saves a picture as `target/e2e/{folder}/{name}.png`.
    pub async fn screenshot(&self, folder: &str, name: &str) -> Result<()> {
        let file = place::results(folder)?.join(format!("{name}.png"));
        self.web.screenshot(&file).await?;
        Ok(())
    }

    /// From now on, errors that contain this text do not count; what was logged before does.
    pub async fn forgive(&mut self, text: &'static str) -> Result<()> {
        self.check_errors().await?;
        self.forgiven.push(text);
        Ok(())
    }

    /// From now on every error counts again; those that came until now were forgiven.
    pub async fn forgive_no_more(&mut self) -> Result<()> {
        self.check_errors().await?;
        self.forgiven.clear();
        Ok(())
    }

    /// Fails on errors the page reported since the last look.
    pub async fn check_errors(&self) -> Result<()> {
        let errors: Vec<String> = self
            .web
            .browser_log()
            .await?
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .map(|entry| entry.message)
            .filter(|message| !self.forgiven.iter().any(|text| message.contains(text)))
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Error::PageErrors(errors))
        }
    }

    /// Ends the session; fails on errors the page reported.
    pub async fn close(self) -> Result<()> {
        let errors = self.check_errors().await;
        self.web.quit().await?;
        errors
    }

    /// Repeats a look at the page until it finds something. What the page is not ready for
    /// yet (an element replaced or covered meanwhile) is tried again.
    async fn wait<T, F>(&self, what: &str, limit: Duration, look: impl Fn() -> F) -> Result<T>
    where
        F: Future<Output = Result<Option<T>>>,
    {
        let start = Instant::now();
        let mut last = String::new();
        while start.elapsed() < limit {
            match look().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => last.clear(),
                Err(Error::Browser(error)) => last = error.to_string(),
                Err(error) => return Err(error),
            }
            tokio::time::sleep(POLL).await;
        }
        Err(Error::Timeout {
            what: what.to_owned(),
            instead: format!("{}{last}", self.describe().await),
        })
    }

    /// What the page shows, for a failed test's report; leaves a picture.
    async fn describe(&self) -> String {
        let name = std::thread::current()
            .name()
            .unwrap_or("test")
            .replace("::", "-");
        self.screenshot("failures", &name).await.ok();
        let script = "return (document.querySelector('[data-testid=screen]')?.dataset.screen \
                      ?? 'no screen') + ': ' + document.body.innerText.slice(0, 1500)";
        let page = self.script(script).await.unwrap_or_default();
        let errors = match self.check_errors().await {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        };
        format!(
            "{}\n{errors}\n(picture: target/e2e/failures/{name}.png)\n",
            page.as_str().unwrap_or("no page")
        )
    }
}

fn capabilities(profile: &TempDir) -> Result<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    if let Some(browser) = place::browser() {
        capabilities.set_binary(&browser.to_string_lossy())?;
    }
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}
