//! Chromium with a slowed processor and network, and the time until a page can be used.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};

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
const LIMIT: Duration = Duration::from_mins(1);

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
    pub(crate) async fn start() -> Result<Self> {
        let program = |variable: &str, name: &str| {
            std::env::var(variable).unwrap_or_else(|_| name.to_owned())
        };
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(program("CHROMEDRIVER", "chromedriver"));
        command.arg(format!("--port={port}")).stdout(Stdio::null());
        let driver = Server::start(command, &format!("{url}/status")).await?;
        let profile = tempfile::tempdir()?;
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS {
            capabilities.add_arg(flag)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        capabilities.set_binary(&program("CHROMIUM", "/usr/bin/chromium"))?;
        let web = WebDriver::new(&url, capabilities).await?;
        web.cdp().send_raw("Network.enable", json!({})).await?;
        Ok(Self {
            web,
            _driver: driver,
            _profile: profile,
        })
    }

    /// Runs this script in every page before its own.
    pub(crate) async fn before_pages(&self, script: &str) -> Result<()> {
        let source = json!({ "source": script });
        self.command("Page.addScriptToEvaluateOnNewDocument", source)
            .await
    }

    pub(crate) async fn slow_down(&self, profile: Profile) -> Result<()> {
        let bytes_per_sec = profile.kilobits * 1_000 / 8;
        self.command(
            "Emulation.setCPUThrottlingRate",
            json!({ "rate": profile.slowdown }),
        )
        .await?;
        let network = json!({
            "offline": false, "latency": profile.latency_ms,
            "downloadThroughput": bytes_per_sec, "uploadThroughput": bytes_per_sec,
        });
        self.command("Network.emulateNetworkConditions", network)
            .await
    }

    pub(crate) async fn forget(&self, origin: &str) -> Result<()> {
        self.command("Network.clearBrowserCache", json!({})).await?;
        let what = json!({ "origin": origin, "storageTypes": "all" });
        self.command("Storage.clearDataForOrigin", what).await
    }

    /// Opens a page and waits for what the script of [`Self::before_pages`] notes there:
    /// milliseconds from the start of the navigation.
    pub(crate) async fn time(&self, url: &str, note: &str) -> Result<f64> {
        self.web.goto("about:blank").await?;
        self.web.goto(url).await?;
        let script = format!("return window.noted?.['{note}'] ?? null");
        let start = std::time::Instant::now();
        while start.elapsed() < LIMIT {
            let value: Value = self.web.execute(&script, Vec::new()).await?.json().clone();
            if let Some(millis) = value.as_f64() {
                return Ok(millis);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(unexpected(format!("{url} never became usable ({note})")))
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.web.quit().await?;
        Ok(())
    }

    async fn command(&self, name: &str, parameters: Value) -> Result<()> {
        self.web.cdp().send_raw(name, parameters).await?;
        Ok(())
    }
}
