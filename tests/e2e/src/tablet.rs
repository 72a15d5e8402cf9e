//! A visitor's tablet: a browser at the visitor's page.
//!
//! Owns how it starts and what staff do on it by habit. Everything else is its [`Browser`].

use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use crate::browser::{Browser, Viewport};
use crate::{Booth, Error, Result};

/// How often the hotspot is tapped to open the staff's panel.
const TAPS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);

/// A tablet at a booth.
pub struct Tablet(Browser);

impl Tablet {
    /// Opens the visitor's page and waits for the attract screen.
    pub async fn open(booth: &Booth, viewport: Viewport) -> Result<Self> {
        let tablet = Self::browse(&booth.url(), viewport).await?;
        tablet.wait_for_screen("attract").await?;
        tablet.wait_until_known().await?;
        Ok(tablet)
    }

    /// Waits for the first sign of life, which a tablet sends once the server knows it.
    async fn wait_until_known(&self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let is_beat = |asked: &crate::Asked| asked.target.ends_with("/me/heartbeat");
            if self.asked().iter().any(is_beat) {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
        Err(Error::Unexpected("the tablet never registered".to_owned()))
    }

    /// Opens any page.
    pub async fn browse(address: &str, viewport: Viewport) -> Result<Self> {
        Ok(Self(Browser::open(address, viewport).await?))
    }

    /// Switches it off and on again; see [`Browser::reopen`] for the engine that cannot.
    pub async fn reopen(self) -> Result<Self> {
        Ok(Self(self.0.reopen().await?))
    }

    /// Kills it and starts it again; see [`Browser::kill_and_reopen`].
    pub async fn kill_and_reopen(self) -> Result<Self> {
        Ok(Self(self.0.kill_and_reopen().await?))
    }

    /// Opens the staff's panel: taps on the hotspot, and the code.
    pub async fn open_panel(&self, code: &str) -> Result<()> {
        self.tap_times("staff-hotspot", TAPS).await?;
        self.wait_for_screen("staff").await?;
        self.type_into("panel-code", code).await?;
        self.tap("panel-open").await?;
        self.wait_for(&crate::id("preflight-item")).await?;
        Ok(())
    }

    /// Ends the session; fails on errors the page reported.
    pub async fn close(self) -> Result<()> {
        self.0.close().await
    }
}

impl Deref for Tablet {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.0
    }
}

impl DerefMut for Tablet {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.0
    }
}
