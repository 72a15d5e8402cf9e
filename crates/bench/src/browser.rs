//! Chromium with a slowed processor and network, driven from outside.
//!
//! Owns the session and what it is asked by the `DevTools` protocol. Waiting happens in the page, by
//! promises: asking again and again from here would be work of the page under measurement.

use std::process::{Command, Stdio};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{
    By, CapabilitiesHelper as _, ChromeCapabilities, ChromiumLikeCapabilities as _, WebDriver,
};

use crate::error::{Result, unexpected};
use crate::process::{Server, free_port};

const FLAGS: [&str; 7] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];
/// The log that holds the events of the network.
const LOG: &str = "performance";

/// A slow tablet on a slow network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Profile {
    pub(crate) name: &'static str,
    pub(crate) slowdown: u32,
    pub(crate) kilobits: u32,
    pub(crate) latency_ms: u32,
}

pub(crate) const PROFILES: [Profile; 2] = [
    Profile {
        name: "processor /4, 9 Mbit/s, 40 ms",
        slowdown: 4,
        kilobits: 9_000,
        latency_ms: 40,
    },
    Profile {
        name: "processor /6, 1.6 Mbit/s, 150 ms",
        slowdown: 6,
        kilobits: 1_600,
        latency_ms: 150,
    },
];

pub(crate) struct Browser {
    web: WebDriver,
    _driver: Server,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts it; this script runs in every page before the page's own.
    pub(crate) async fn start(script: &str) -> Result<Self> {
        Self::start_with(script, ChromeCapabilities::new()).await
    }

    /// Starts it so that [`Self::log`] tells of every request. Writing that down costs time:
    /// what is timed is taken without.
    pub(crate) async fn start_logging(script: &str) -> Result<Self> {
        let mut capabilities = ChromeCapabilities::new();
        capabilities.set("goog:loggingPrefs", json!({ LOG: "ALL" }))?;
        Self::start_with(script, capabilities).await
    }

    async fn start_with(script: &str, mut capabilities: ChromeCapabilities) -> Result<Self> {
        let program = |variable: &str, name: &str| {
            std::env::var(variable).unwrap_or_else(|_| name.to_owned())
        };
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(program("CHROMEDRIVER", "chromedriver"));
        command.arg(format!("--port={port}")).stdout(Stdio::null());
        let driver = Server::start(command, &format!("{url}/status")).await?;
        let profile = tempfile::tempdir()?;
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        capabilities.set_binary(&program("CHROMIUM", "/usr/bin/chromium"))?;
        let web = WebDriver::new(&url, capabilities).await?;
        let browser = Self {
            web,
            _driver: driver,
            _profile: profile,
        };
        browser.command("Network.enable", json!({})).await?;
        // A tablet on its side, whatever the window is.
        let tablet = json!({
            "width": 1_280, "height": 800, "deviceScaleFactor": 1, "mobile": false,
        });
        browser
            .command("Emulation.setDeviceMetricsOverride", tablet)
            .await?;
        let source = json!({ "source": script });
        browser
            .command("Page.addScriptToEvaluateOnNewDocument", source)
            .await?;
        Ok(browser)
    }

    pub(crate) async fn slow_down(&self, profile: Profile) -> Result<()> {
        let bytes_per_sec = profile.kilobits * 1_000 / 8;
        self.slow_processor(profile.slowdown).await?;
        let network = json!({
            "offline": false, "latency": profile.latency_ms,
            "downloadThroughput": bytes_per_sec, "uploadThroughput": bytes_per_sec,
        });
        self.command("Network.emulateNetworkConditions", network)
            .await?;
        Ok(())
    }

    pub(crate) async fn slow_processor(&self, slowdown: u32) -> Result<()> {
        let rate = json!({ "rate": slowdown });
        self.command("Emulation.setCPUThrottlingRate", rate).await?;
        Ok(())
    }

    /// Leaves the page, and forgets what an origin has left: cache, storage, service worker.
    pub(crate) async fn forget(&self, origin: &str) -> Result<()> {
        self.web.goto("about:blank").await?;
        self.command("Network.clearBrowserCache", json!({})).await?;
        let what = json!({ "origin": origin, "storageTypes": "all" });
        self.command("Storage.clearDataForOrigin", what).await?;
        Ok(())
    }

    /// Opens a page as if nothing had been open before.
    pub(crate) async fn open(&self, url: &str) -> Result<()> {
        self.web.goto("about:blank").await?;
        self.web.goto(url).await?;
        Ok(())
    }

    /// What an expression gives in the page; a promise is waited for, an error is an error here.
    pub(crate) async fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T> {
        let asked = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let answer = self.command("Runtime.evaluate", asked).await?;
        if let Some(error) = answer.get("exceptionDetails") {
            let what = &error["exception"]["description"];
            return Err(unexpected(format!("{expression}: {what}")));
        }
        Ok(serde_json::from_value(answer["result"]["value"].clone())?)
    }

    /// A tap as a finger makes it, which counts as a visitor's input.
    pub(crate) async fn tap(&self, selector: &str) -> Result<()> {
        self.web.find(By::Css(selector)).await?.click().await?;
        Ok(())
    }

    pub(crate) async fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let field = self.web.find(By::Css(selector)).await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// The events of the network since the last look.
    pub(crate) async fn log(&self) -> Result<Vec<Value>> {
        let entries = self.web.get_log(LOG).await?;
        let events = entries.iter().map(|entry| {
            let mut event: Value = serde_json::from_str(&entry.message)?;
            Ok(event["message"].take())
        });
        events.collect()
    }

    pub(crate) async fn command(&self, name: &str, parameters: Value) -> Result<Value> {
        Ok(self.web.cdp().send_raw(name, parameters).await?)
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.web.quit().await?;
        Ok(())
    }
}
