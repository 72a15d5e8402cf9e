//! Where things stand in the window, and whether a finger can get at them.
//!
//! Invariant: what is measured is at rest.

use std::time::Duration;

use serde_json::{Value, json};

use super::Browser;
use crate::{Error, Result};

const LAYOUT: &str = include_str!("layout.js");
/// Motion that a change of style begins is there only once the style was worked out.
const STILL: &str = "return document.body.offsetHeight >= 0\
    && document.fonts.status === 'loaded' && document.getAnimations()\
    .every((each) => each.playState !== 'running' \
    || each.effect?.getComputedTiming().iterations === Infinity)";
const PATIENCE: Duration = Duration::from_secs(10);

/// A control as large as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub name: String,
    pub width: f64,
    pub height: f64,
}

impl Browser {
    /// Waits for fonts and for motion that ends.
    pub async fn wait_until_still(&self) -> Result<()> {
        self.wait_until("a page at rest", PATIENCE, STILL).await
    }

    /// Fails if the page is wider than the window.
    pub async fn expect_fitting(&self, what: &str) -> Result<()> {
        self.expect_none(what, "is too wide", "overflowing()", Vec::new())
            .await
    }

    /// Fails unless scrolling brings every control into the window, whole and uncovered.
    pub async fn expect_reachable(&self, what: &str) -> Result<()> {
        self.expect_none(what, "hides controls", "unreachable()", Vec::new())
            .await
    }

    /// Fails unless every control stands in the lower half of the window or scrolls there.
    pub async fn expect_low(&self, what: &str) -> Result<()> {
        self.expect_none(what, "has controls too high", "tooHigh()", Vec::new())
            .await
    }

    /// Fails unless the controls of these test ids can be tapped where they stand.
    pub async fn expect_at_hand(&self, what: &str, names: &[&str]) -> Result<()> {
        let names = vec![json!(names)];
        self.expect_none(what, "covers", "outOfHand(arguments[0])", names)
            .await
    }

    /// Fails if anything of the last answer stands outside of it.
    pub async fn expect_answer_inside(&self, what: &str) -> Result<()> {
        self.expect_none(what, "gets out", "outside()", Vec::new())
            .await
    }

    /// Every control that can be seen or scrolled to.
    pub async fn targets(&self) -> Result<Vec<Target>> {
        let found = self.measured("targets()", Vec::new()).await?;
        let found: Vec<(String, f64, f64)> = serde_json::from_value(found)?;
        let target = |(name, width, height)| Target {
            name,
            width,
            height,
        };
        Ok(found.into_iter().map(target).collect())
    }

    async fn expect_none(
        &self,
        what: &str,
        problem: &str,
        look: &str,
        arguments: Vec<Value>,
    ) -> Result<()> {
        let found = self.measured(look, arguments).await?;
        let found: Vec<String> = serde_json::from_value(found)?;
        if found.is_empty() {
            return Ok(());
        }
        Err(Error::Unexpected(format!("{what} {problem}: {found:?}")))
    }

    async fn measured(&self, look: &str, arguments: Vec<Value>) -> Result<Value> {
        self.wait_until_still().await?;
        self.script_with(&format!("{LAYOUT}\nreturn {look}"), arguments)
            .await
    }
}
