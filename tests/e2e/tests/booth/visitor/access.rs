//! A visit without eyes on the screen or without a finger: keys alone, what is read out, and taps
//! that count when they are over.

use std::time::Duration;

use e2e::{Booth, Key, LANDSCAPE, Result, Script, Tablet, Upstream, id};
use serde_json::Value;

use crate::visit::{SOON, answer, scripted_booth, wait_for_turns};

/// Waits until something in the page has the focus: the page itself would be the way back to the
/// top for whoever uses keys.
async fn expect_focus(tablet: &Tablet, what: &str) -> Result<()> {
    let focused = "return !(document.activeElement ?? document.body).matches('body, html')";
    let what = format!("the focus on {what}");
    tablet
        .wait_until(&what, Duration::from_secs(3), focused)
        .await
}

/// Comes to an element with the Tab key and presses this key there.
async fn press_on(tablet: &Tablet, selector: &str, key: Key) -> Result<()> {
    tablet.tab_to(selector).await?;
    tablet.press(key).await
}

async fn wait_for_screen(tablet: &Tablet, screen: &str) -> Result<()> {
    tablet.wait_for_screen(screen).await?;
    expect_focus(tablet, screen).await
}

/// Notes whatever is read out from now on.
const LISTEN: &str = "
    const says = document.querySelector('main > [role=status]');
    window.heard = [];
    new MutationObserver(() => window.heard.push(says.textContent))
      .observe(says, { childList: true, characterData: true, subtree: true });";

#[tokio::test]
async fn keys_alone_lead_from_attract_to_thanks() -> Result<()> {
    let upstream = Upstream::start(Script::words(20, Duration::from_millis(30))).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    press_on(&tablet, &id("start"), Key::Return).await?;
    wait_for_screen(&tablet, "teams").await?;
    let card = format!("{}[data-team='skt']", id("team-card"));
    press_on(&tablet, &card, Key::Space).await?;
    wait_for_screen(&tablet, "team").await?;
    press_on(&tablet, &id("prompt-chip"), Key::Return).await?;
    wait_for_screen(&tablet, "chat").await?;
    wait_for_turns(&tablet, 1).await?;

    tablet.script(LISTEN).await?;
    press_on(&tablet, &id("follow-up"), Key::Space).await?;
    expect_focus(&tablet, "what took the place of the way on").await?;
    wait_for_turns(&tablet, 2).await?;
    expect_focus(&tablet, "the chat").await?;
    expect_read_out(&tablet).await?;

    press_on(&tablet, &id("visit-end"), Key::Return).await?;
    wait_for_screen(&tablet, "feedback").await?;
    press_on(&tablet, &id("rating-4"), Key::Space).await?;
    press_on(&tablet, &id("feedback-submit"), Key::Return).await?;
    wait_for_screen(&tablet, "thanks").await?;
    press_on(&tablet, &id("visit-end"), Key::Space).await?;
    wait_for_screen(&tablet, "attract").await?;
    tablet.close().await
}

/// It was said that an answer began and ended, and none of its words.
async fn expect_read_out(tablet: &Tablet) -> Result<()> {
    let over = "return window.heard.at(-1) === '답이 끝났어요'";
    tablet
        .wait_until("the end to be read out", SOON, over)
        .await?;
    let heard: Vec<String> = serde_json::from_value(tablet.script("return window.heard").await?)?;
    assert!(
        heard.iter().any(|text| text == "답하기 시작했어요"),
        "{heard:?}"
    );
    assert!(!heard.concat().contains("낱말"), "{heard:?}");
    // Nothing around the words of an answer is read out as it grows, either.
    let aloud = format!(
        "return document.querySelector('{}').closest(\
         '[aria-live]:not([aria-live=off]), [role=status], [role=alert]') !== null",
        answer("done").replace('\'', "\"")
    );
    assert_eq!(tablet.script(&aloud).await?, Value::Bool(false));
    let log = tablet.attributes("[role='log']", "aria-live").await?;
    assert_eq!(log, ["off"]);
    Ok(())
}

#[tokio::test]
async fn a_finger_that_slides_away_taps_nothing() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    for name in ["start", "team-card", "call-staff"] {
        tablet.hold(name).await?;
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert_eq!(tablet.screen().await?, "attract", "{name}");
        tablet.let_go_elsewhere().await?;
    }
    assert_eq!(tablet.screen().await?, "attract");
    let called = tablet.attributes(&id("call-staff"), "aria-pressed").await?;
    assert_eq!(called, ["false"]);
    tablet.tap("start").await?;
    tablet.wait_for_screen("teams").await?;
    tablet.close().await
}
