//! Every screen on every kind of tablet and in both languages, as pictures to look at.

use e2e::{Booth, Error, LANDSCAPE, PHONE, PORTRAIT, Result, Tablet, Viewport, id};

use crate::visit::{answer, submit_rating};

/// What stands out of the page to the side, by its tag and class.
const OVERFLOW: &str = "
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return '';
    return [...document.querySelectorAll('body *')]
      .filter((each) => each.getBoundingClientRect().right > width + 1)
      .map((each) => `${each.tagName}.${each.className}`).slice(0, 5).join(' ') || 'something'";

struct Album<'booth> {
    tablet: &'booth Tablet,
    viewport: Viewport,
    language: &'static str,
}

impl Album<'_> {
    /// Waits for a screen, takes its picture and looks for overflow.
    async fn picture(&self, screen: &str) -> Result<()> {
        self.tablet.wait_for_screen(screen).await?;
        let name = format!("{screen}-{}-{}", self.viewport.name, self.language);
        self.still().await?;
        self.tablet.screenshot("screens", &name).await?;
        let outside = self.tablet.script(OVERFLOW).await?;
        match outside.as_str() {
            Some("") => Ok(()),
            _ => Err(Error::Unexpected(format!("{name} is too wide: {outside}"))),
        }
    }

    /// Waits for fonts and finite motion to end.
    async fn still(&self) -> Result<()> {
        let script = "return document.fonts.status === 'loaded' && document.getAnimations()\
            .every((each) => each.playState !== 'running' \
            || each.effect?.getComputedTiming().iterations === Infinity)";
        let limit = std::time::Duration::from_secs(10);
        self.tablet
            .wait_until("a page at rest", limit, script)
            .await
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

#[tokio::test]
async fn every_screen_fits_every_tablet_in_both_languages() -> Result<()> {
    let booth = Booth::start().await?;
    let mut tablet = Tablet::open(&booth, LANDSCAPE).await?;
    for viewport in [LANDSCAPE, PORTRAIT, PHONE] {
        tablet.resize(viewport).await?;
        for language in ["ko", "en"] {
            let album = Album {
                tablet: &tablet,
                viewport,
                language,
            };
            album.walk().await?;
        }
    }
    tablet.close().await
}
