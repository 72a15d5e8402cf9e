//! The first screen comes with the page: it is there, and answers, before the app is.

use e2e::{Booth, LANDSCAPE, PORTRAIT, Result, Tablet, Viewport};
use serde_json::Value;

use crate::visit::{SOON, open_before_the_app};

const PROGRAM: &str = "/app-*/kiosk_bg.wasm";
const COVER: &str = "#cover";
/// What a visitor reads, and where it stands to the pixel, without the dock.
const LOOK: &str = "
    const root = document.querySelector('#cover') ?? document.querySelector('[data-screen=attract]');
    const pieces = [...root.querySelectorAll('h1, .call p, .start, .lights button, .beam')];
    return pieces.map((piece) => {
      const { x, y, width, height } = piece.getBoundingClientRect();
      const box = [x, y, width, height].map(Math.round);
      return [piece.innerText, getComputedStyle(piece).color, getComputedStyle(piece).background, ...box];
    })";

/// A tablet whose app is on its way, and stays there.
async fn open_without_app(booth: &Booth, viewport: Viewport, path: &str) -> Result<Tablet> {
    let tablet = open_before_the_app(booth, viewport).await?;
    tablet.delay(&[PROGRAM]);
    tablet.go(path).await?;
    Ok(tablet)
}

/// Whether `boot.js` has begun: nothing is tapped before.
async fn wait_for_script(tablet: &Tablet) -> Result<()> {
    let asked = |asked: &e2e::Asked| asked.target.ends_with("/kiosk_bg.wasm");
    while !tablet.asked().iter().any(asked) {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let is_loaded = "return document.readyState === 'complete'";
    tablet
        .wait_until("the page's scripts", SOON, is_loaded)
        .await
}

#[tokio::test]
async fn it_looks_like_the_apps_own() -> Result<()> {
    let booth = Booth::start().await?;
    for viewport in [LANDSCAPE, PORTRAIT] {
        let tablet = open_without_app(&booth, viewport, "/").await?;
        tablet
            .wait_until("letters", SOON, "return document.fonts.status === 'loaded'")
            .await?;
        let first = tablet.script(LOOK).await?;
        assert_eq!(first.as_array().map(Vec::len), Some(13), "{first}");
        tablet.expect_accessible("the page's first screen").await?;
        tablet.delay(&[]);
        tablet.wait_for_screen("attract").await?;
        assert_eq!(tablet.count(COVER).await?, 0);
        let own: Value = tablet.script(LOOK).await?;
        assert_eq!(first, own);
        tablet.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_is_tapped_on_it_is_done_when_the_app_is_there() -> Result<()> {
    let booth = Booth::start().await?;
    for (control, screen) in [(".start", "teams"), ("[data-team='upstage']", "team")] {
        let tablet = open_without_app(&booth, LANDSCAPE, "/").await?;
        wait_for_script(&tablet).await?;
        tablet.tap_on(&format!("{COVER} {control}")).await?;
        let waits = format!("{COVER} .boot[role=status]");
        let waits = tablet.wait_for(&waits).await?;
        assert_eq!(waits.text().await?, "준비하고 있어요");
        assert_eq!(tablet.count(&format!("{COVER} button")).await?, 0);
        tablet.delay(&[]);
        tablet.wait_for_screen(screen).await?;
        assert_eq!(tablet.count(COVER).await?, 0);
        tablet.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn it_gives_way_to_recovery_if_the_app_does_not_come() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_before_the_app(&booth, LANDSCAPE).await?;
    for reason in ["TypeError", "not loaded"] {
        tablet.forgive(reason).await?;
    }
    tablet.refuse(&[PROGRAM]);
    tablet.go("/").await?;
    tablet.wait_for("#recovery:not([hidden])").await?;
    assert_eq!(tablet.count(COVER).await?, 0);
    tablet.refuse(&[]);
    tablet.wait_for_screen("attract").await?;
    tablet.close().await
}

#[tokio::test]
async fn a_tap_anywhere_around_the_words_begins() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.tap_on(".call h1").await?;
    tablet.wait_for_screen("teams").await?;
    tablet.close().await
}

#[tokio::test]
async fn a_tablet_of_one_team_does_not_show_it() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_without_app(&booth, LANDSCAPE, "/?team=skt").await?;
    tablet.wait_until_gone(COVER).await?;
    tablet.delay(&[]);
    tablet.wait_for_screen("team").await?;
    tablet.close().await
}
