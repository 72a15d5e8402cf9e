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

const SETTLING: Duration = Duration::from_secs(5);
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
        let Viewport { width, height, .. } = viewport;
        self.web.set_window_rect(0, 0, width, height).await?;
        let start = Instant::now();
        // The window's own bars take from the page what is added here.
        let (mut outer_width, mut outer_height) = (width, height);
        while start.elapsed() < SETTLING {
            let (inner_width, inner_height) = self.inner_size().await?;
            if (inner_width, inner_height) == (width, height) {
                return Ok(());
            }
            outer_width = (outer_width + width).saturating_sub(inner_width);
            outer_height = (outer_height + height).saturating_sub(inner_height);
            self.web
                .set_window_rect(0, 0, outer_width, outer_height)
                .await?;
            tokio::time::sleep(POLL).await;
        }
        let reached = self.inner_size().await?;
        let problem = format!("a page of {viewport:?} cannot be had, only {reached:?}");
        Err(Error::Unexpected(problem))
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

/// Where Firefox runs scripts: in the page (`content`) or in its own window (`chrome`).
#[derive(Debug)]
struct Context(&'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session}/moz/context"))
            .add_body(json!({ "context": self.0 }))
    }
}
