//! What comes after the first screen does not come, comes late, or went with an older build.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Result, Tablet};

use crate::visit::{SOON, open_before_the_app};

/// The part with all screens but the first.
const PART: &str = "/app-*/split_booth.wasm";
const MARK_PAGE: &str = "window.isSamePage = true";
const IS_OTHER_PAGE: &str = "return window.isSamePage === undefined";
/// Three tries, two seconds apart.
const GIVEN_UP: Duration = Duration::from_secs(20);

/// A tablet that has kept nothing of the visitor's app, and will not get that part.
async fn open_without_part(booth: &Booth) -> Result<Tablet> {
    let tablet = open_before_the_app(booth, LANDSCAPE).await?;
    // The loader of the parts says why one did not come.
    for reason in ["TypeError", "not loaded"] {
        tablet.forgive(reason).await?;
    }
    tablet.refuse(&[PART]);
    tablet.go("/").await?;
    tablet.wait_for_screen("attract").await?;
    Ok(tablet)
}

#[tokio::test]
async fn a_screen_that_is_late_is_waited_for_in_words() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_without_part(&booth).await?;
    tablet.tap("start").await?;
    let waits = tablet.wait_for(".boot[role=status]").await?;
    assert_eq!(waits.text().await?, "준비하고 있어요");
    tablet.refuse(&[]);
    tablet.wait_for_screen("teams").await?;
    tablet.close().await
}

#[tokio::test]
async fn an_app_whose_parts_are_gone_is_loaded_again() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_without_part(&booth).await?;
    tablet.script(MARK_PAGE).await?;
    tablet
        .wait_until("another page", GIVEN_UP, IS_OTHER_PAGE)
        .await?;
    tablet.refuse(&[]);
    tablet.wait_for_screen("attract").await?;
    tablet.tap("start").await?;
    tablet.wait_for_screen("teams").await?;
    tablet.wait_until_gone(".boot").await?;
    let is_dressed = "return getComputedStyle(document.querySelector('.teams')).display === 'grid'";
    tablet
        .wait_until("the look of the screen", SOON, is_dressed)
        .await?;
    tablet.close().await
}
