//! What a page's main thread has worked so far.

use std::ops::Sub;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::error::{Result, unexpected};

/// Milliseconds since the page began to be watched; the parts lie within `all`. Script has no
/// part of its own: the browser counts what runs as a promise goes on in `all` alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct TaskTime {
    /// By the clock.
    pub(super) passed: f64,
    pub(super) all: f64,
    pub(super) style: f64,
    pub(super) layout: f64,
}

impl TaskTime {
    pub(super) async fn watch(browser: &Browser) -> Result<()> {
        browser.command("Performance.enable", json!({})).await?;
        Ok(())
    }

    pub(super) async fn now(browser: &Browser) -> Result<Self> {
        let told = browser.command("Performance.getMetrics", json!({})).await?;
        let metric = |name: &str| {
            let all = told["metrics"].as_array().into_iter().flatten();
            let secs = all
                .filter(|metric| metric["name"] == name)
                .find_map(|metric| metric["value"].as_f64());
            secs.map(|secs| secs * 1_000.0)
                .ok_or_else(|| unexpected(format!("no metric {name}: {told}")))
        };
        Ok(Self {
            passed: metric("Timestamp")?,
            all: metric("TaskDuration")?,
            style: metric("RecalcStyleDuration")?,
            layout: metric("LayoutDuration")?,
        })
    }

    /// Of the time that passed, in percent: near 100, more work is dropped frames and no more time.
    pub(super) fn busy(&self) -> f64 {
        100.0 * self.all / self.passed
    }
}

impl Sub for TaskTime {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            passed: self.passed - before.passed,
            all: self.all - before.all,
            style: self.style - before.style,
            layout: self.layout - before.layout,
        }
    }
}

/// Lets the page finish what it has been given, so that the clock stands between two pieces.
pub(super) async fn settled(browser: &Browser) -> Result<TaskTime> {
    browser.evaluate::<Value>("bench.quiet()").await?;
    TaskTime::now(browser).await
}
