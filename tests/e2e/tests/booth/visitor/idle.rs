//! A visit that nobody continues is ended, and no other.

use std::time::{Duration, Instant};

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream, id};

use super::residue::{echoing_booth, expect_nothing_comes_back, leave_marks, open_with_a_past};
use crate::visit::{SOON, answer, open_chat, open_team, scripted_booth};

const IDLE: Duration = Duration::from_secs(2);
const HURRY: [(&str, &str); 3] = [
    ("BOOTH_LIMITS__IDLE_SECS", "2"),
    ("BOOTH_LIMITS__COUNTDOWN_SECS", "3"),
    ("BOOTH_LIMITS__READING_CAP_SECS", "1"),
];
/// Between two looks, and shorter than any pause that counts.
const STEP: Duration = Duration::from_millis(250);

#[tokio::test]
async fn an_idle_tablet_asks_and_then_forgets() -> Result<()> {
    let (_upstream, booth) = echoing_booth(&HURRY).await?;
    let tablet = open_with_a_past(&booth).await?;
    leave_marks(&tablet).await?;

    tablet.wait_for(&id("idle-dialog")).await?;
    tablet.tap("idle-continue").await?;
    tablet.wait_until_gone(&id("idle-dialog")).await?;
    assert_eq!(tablet.screen().await?, "chat");
    tablet.tap("language-en").await?;
    tablet.wait_for(&id("idle-dialog")).await?;
    tablet.wait_for_screen("attract").await?;
    tablet.wait_until_gone(&id("idle-dialog")).await?;
    expect_nothing_comes_back(&tablet).await?;
    tablet.close().await
}

/// Whether the tablet asks if somebody is there.
async fn is_asking(tablet: &Tablet) -> Result<bool> {
    Ok(tablet.count(&id("idle-dialog")).await? > 0)
}

/// Types as a soft keyboard does, which tells of no key.
const TYPE: &str = "
    const field = document.querySelector('[data-testid=chat-input]');
    field.value += '가';
    field.dispatchEvent(new InputEvent('input', { bubbles: true, data: '가' }))";

#[tokio::test]
async fn typing_streaming_and_more_time_keep_a_visit() -> Result<()> {
    let pace = Duration::from_millis(100);
    let upstream = Upstream::start(Script::words(35, pace)).await?;
    let booth = scripted_booth(&upstream, &HURRY).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;

    let since = Instant::now();
    while since.elapsed() < IDLE + Duration::from_millis(1500) {
        tablet.script(TYPE).await?;
        assert!(!is_asking(&tablet).await?, "asked while somebody types");
        tokio::time::sleep(STEP).await;
    }

    tablet.tap("chat-send").await?;
    tablet.wait_for(&answer("streaming")).await?;
    while tablet.count(&answer("done")).await? == 0 {
        assert!(!is_asking(&tablet).await?, "asked while an answer comes");
        tokio::time::sleep(STEP).await;
    }
    tablet.wait_for(&id("idle-dialog")).await?;
    tablet.tap("idle-end").await?;
    tablet.wait_for_screen("attract").await?;

    open_team(&tablet, "skt").await?;
    tablet.tap("access-menu").await?;
    tablet.tap("access-time").await?;
    tablet.tap_on("dialog[open] .btn.quiet").await?;
    // The last touch came before its answer did.
    let since = Instant::now();
    tablet.wait_until_gone("dialog").await?;
    tablet.wait_for(&id("idle-dialog")).await?;
    let asked_after = since.elapsed();
    assert!(asked_after > 5 * IDLE / 2, "asked after {asked_after:?}");
    let counted = "return Number(/\\d+/.exec(\
        document.querySelector('[data-testid=idle-dialog] p')?.textContent)?.[0]) > 3";
    tablet
        .wait_until("a longer countdown", SOON, counted)
        .await?;
    tablet.tap("idle-continue").await?;
    tablet.wait_until_gone(&id("idle-dialog")).await?;
    tablet.close().await
}
