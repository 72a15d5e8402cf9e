//! Every screen on every kind of tablet, in both languages, at the usual and the largest size and
//! with all controls in reach: it fits, and pictures of it are left to look at.

use e2e::{Booth, Error, LANDSCAPE, PHONE, PORTRAIT, Result, Tablet, Target, Viewport, id};

use crate::visit::{answer, set_look, submit_rating};

/// In CSS pixels: what every finger hits.
const LEAST_SIDE: f64 = 48.0;
/// Browsers round.
const SLACK: f64 = 0.5;

struct Album<'booth> {
    tablet: &'booth Tablet,
    viewport: Viewport,
    language: &'static str,
}

impl Album<'_> {
    /// Waits for a screen, and looks at it in all its shapes.
    async fn picture(&self, screen: &str) -> Result<()> {
        self.tablet.wait_for_screen(screen).await?;
        let name = format!("{screen}-{}-{}", self.viewport.name, self.language);
        self.take(&name).await?;
        let usual = self.tablet.targets().await?;
        expect_large_enough(&name, &usual)?;

        set_look(self.tablet, "size", "largest").await?;
        let largest = format!("{name}-largest");
        self.take_shape(&largest).await?;
        self.tablet.expect_reachable(&largest).await?;
        let grown = self.tablet.targets().await?;
        expect_large_enough(&largest, &grown)?;
        expect_no_smaller(&largest, &usual, &grown)?;
        set_look(self.tablet, "size", "normal").await?;

        // A phone is within reach of its hand anyway.
        if self.viewport != PHONE {
            set_look(self.tablet, "reach", "low").await?;
            let low = format!("{name}-low");
            self.take_shape(&low).await?;
            self.tablet.expect_low(&low).await?;
            set_look(self.tablet, "reach", "whole").await?;
        }
        Ok(())
    }

    async fn take(&self, name: &str) -> Result<()> {
        self.tablet.expect_fitting(name).await?;
        self.tablet.screenshot("screens", name).await
    }

    /// The same for other shapes, of which one language gives enough pictures.
    async fn take_shape(&self, name: &str) -> Result<()> {
        if self.language == "ko" {
            return self.take(name).await;
        }
        self.tablet.expect_fitting(name).await
    }

    async fn walk(&self) -> Result<()> {
        let tablet = self.tablet;
        tablet.tap(&format!("language-{}", self.language)).await?;
        self.picture("attract").await?;
        tablet.tap("start").await?;
        self.picture("teams").await?;
        tablet
            .tap_on(&format!("{}[data-team='upstage']", id("team-card")))
            .await?;
        self.picture("team").await?;
        tablet.tap("prompt-chip").await?;
        tablet.wait_for(&answer("done")).await?;
        self.picture("chat").await?;
        tablet.tap("visit-end").await?;
        self.picture("feedback").await?;
        submit_rating(tablet, 5).await?;
        self.picture("thanks").await?;
        tablet.tap("visit-end").await?;
        tablet.wait_for_screen("attract").await
    }
}

fn expect_large_enough(what: &str, targets: &[Target]) -> Result<()> {
    let is_small = |target: &&Target| target.width.min(target.height) < LEAST_SIDE - SLACK;
    let small: Vec<_> = targets.iter().filter(is_small).collect();
    if small.is_empty() {
        return Ok(());
    }
    let problem = format!("{what} has targets below {LEAST_SIDE} px: {small:?}");
    Err(Error::Unexpected(problem))
}

/// Nothing that can be tapped is lost, or has less room, when letters are larger.
fn expect_no_smaller(what: &str, usual: &[Target], grown: &[Target]) -> Result<()> {
    let area = |target: &Target| target.width * target.height;
    let is_worse = |target: &&Target| {
        let same = grown.iter().find(|grown| grown.name == target.name);
        same.is_none_or(|same| area(same) < area(target) - SLACK)
    };
    let worse: Vec<_> = usual.iter().filter(is_worse).collect();
    if worse.is_empty() {
        return Ok(());
    }
    let problem = format!("{what} lost or shrank {worse:?}, and has {grown:?}");
    Err(Error::Unexpected(problem))
}

async fn walk_on(viewport: Viewport) -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, viewport).await?;
    for language in ["ko", "en"] {
        let album = Album {
            tablet: &tablet,
            viewport,
            language,
        };
        album.walk().await?;
    }
    tablet.close().await
}

#[tokio::test]
async fn every_screen_fits_a_tablet_that_lies() -> Result<()> {
    walk_on(LANDSCAPE).await
}

#[tokio::test]
async fn every_screen_fits_a_tablet_that_stands() -> Result<()> {
    walk_on(PORTRAIT).await
}

#[tokio::test]
async fn every_screen_fits_a_phone() -> Result<()> {
    walk_on(PHONE).await
}
