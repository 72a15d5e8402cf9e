//! The size of the page in CSS pixels, the same in every engine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::cdp::Cdp;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{RequestData, SessionId};

use super::Browser;
use crate::engine::Engine;
use crate::{Error, Result};

/// How long a page may keep a wrong size before its window is given another.
const PATIENCE: [Duration; 6] = [
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1600),
    Duration::from_millis(3200),
    Duration::from_millis(6400),
];
const STABLE: Duration = Duration::from_millis(250);
const POLL: Duration = Duration::from_millis(20);
/// Firefox's window has a least width, wider than a phone.
const NO_LEAST_WIDTH: &str =
    "document.documentElement.style.setProperty('min-width', '0', 'important')";

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
/// A laptop of the staff.
pub const LAPTOP: Viewport = viewport("laptop", 1366, 768);

const fn viewport(name: &'static str, width: u32, height: u32) -> Viewport {
    Viewport {
        name,
        width,
        height,
    }
}

impl Browser {
    /// Turns or exchanges the device.
    pub async fn resize(&mut self, viewport: Viewport) -> Result<()> {
        self.viewport = viewport;
        if self.engine == Engine::Chromium {
            return self.emulate(viewport).await;
        }
        self.resize_window(viewport).await
    }

    /// Makes the window as much larger than its page as its own bars are.
    ///
    /// A window follows its orders late, the later the busier the machine. So every round waits
    /// longer than the one before, and measures the bars anew instead of adding to what it
    /// ordered last.
    async fn resize_window(&self, viewport: Viewport) -> Result<()> {
        let wanted = (viewport.width, viewport.height);
        let mut outer = wanted;
        let mut reached = wanted;
        for patience in PATIENCE {
            self.web.set_window_rect(0, 0, outer.0, outer.1).await?;
            reached = self.settled_inner_size(wanted, patience).await?;
            let window = self.web.get_window_rect().await?;
            // A window that was just opened has no bars yet, and takes their room from the page later.
            if reached == wanted && window.height > i64::from(reached.1) {
                return Ok(());
            }
            outer = (
                with_bars(wanted.0, window.width, reached.0),
                with_bars(wanted.1, window.height, reached.1),
            );
        }
        let problem = format!("a page of {viewport:?} cannot be had, only {reached:?}");
        Err(Error::Unexpected(problem))
    }

    /// The size of the page once it has not changed for a while: `STABLE` if it is the `wanted` one,
    /// `patience` if it is another.
    async fn settled_inner_size(
        &self,
        wanted: (u32, u32),
        patience: Duration,
    ) -> Result<(u32, u32)> {
        let mut size = self.inner_size().await?;
        let mut since = Instant::now();
        let enough = |size| if size == wanted { STABLE } else { patience };
        while since.elapsed() < enough(size) {
            tokio::time::sleep(POLL).await;
            let now = self.inner_size().await?;
            if now != size {
                (size, since) = (now, Instant::now());
            }
        }
        Ok(size)
    }

    /// Makes windows ready to be as small as a phone.
    pub(super) async fn prepare_windows(&self) -> Result<()> {
        if self.engine != Engine::Firefox {
            return Ok(());
        }
        self.web.cmd(Context("chrome")).await?;
        let widened = self.script(NO_LEAST_WIDTH).await;
        self.web.cmd(Context("content")).await?;
        widened.map(drop)
    }

    async fn inner_size(&self) -> Result<(u32, u32)> {
        let size = self.script("return [innerWidth, innerHeight]").await?;
        Ok(serde_json::from_value(size)?)
    }

    async fn emulate(&self, viewport: Viewport) -> Result<()> {
        let metrics: Value = json!({
            "width": viewport.width,
            "height": viewport.height,
            "deviceScaleFactor": 1,
            "mobile": false,
        });
        let cdp = Cdp::new(Arc::clone(&self.web));
        cdp.send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }
}

/// The length of a window whose page shall be `wanted` long, when a window of `outer` has a page
/// of `inner`.
fn with_bars(wanted: u32, outer: i64, inner: u32) -> u32 {
    let bars = u32::try_from(outer).map_or(0, |outer| outer.saturating_sub(inner));
    wanted + bars
}

/// Where Firefox runs scripts: in the page (`content`) or in its own window (`chrome`).
#[derive(Debug)]
struct Context(&'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}
