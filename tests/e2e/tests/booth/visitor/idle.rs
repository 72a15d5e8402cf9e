//! Nothing of a visit is left on the tablet, however it ends.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Result, Tablet, id};

use crate::visit::{answer, ask, open_form, open_team, wait_for_delivery};

/// A text that occurs nowhere but in what the visitor writes.
const MARK: &str = "표식말꿩";

/// A chat in which the mark stands in a message and in the unsent draft.
async fn leave_marks(tablet: &Tablet) -> Result<()> {
    open_team(tablet, "nc-ai").await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await?;
    ask(tablet, &format!("{MARK} 하나를 알려 주세요")).await?;
    tablet.wait_for(&answer("done")).await?;
    tablet
        .type_into("chat-input", &format!("{MARK} 둘"))
        .await?;
    let traces = tablet.traces().await?;
    assert!(
        traces.matches(MARK).count() >= 2,
        "the marks must be visible first"
    );
    Ok(())
}

async fn expect_clean(tablet: &Tablet) -> Result<()> {
    tablet.wait_for_screen("attract").await?;
    tablet.expect_no_trace_of(MARK).await
}

#[tokio::test]
async fn an_idle_tablet_asks_and_then_forgets() -> Result<()> {
    let booth = Booth::start_with(&[
        ("BOOTH_LIMITS__IDLE_SECS", "2"),
        ("BOOTH_LIMITS__COUNTDOWN_SECS", "3"),
        ("BOOTH_LIMITS__READING_CAP_SECS", "1"),
    ])
    .await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    leave_marks(&tablet).await?;

    tablet.wait_for(&id("idle-dialog")).await?;
    tablet.tap("idle-continue").await?;
    tablet.wait_until_gone(&id("idle-dialog")).await?;
    assert_eq!(tablet.screen().await?, "chat");

    tablet.wait_for(&id("idle-dialog")).await?;
    expect_clean(&tablet).await?;
    tablet.wait_until_gone(&id("idle-dialog")).await?;
    tablet.close().await
}

#[tokio::test]
async fn skip_start_over_and_submit_forget_everything() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;

    leave_marks(&tablet).await?;
    open_form(&tablet).await?;
    tablet.tap("rating-2").await?;
    tablet.type_into("feedback-comment", MARK).await?;
    tablet.tap("feedback-skip").await?;
    expect_clean(&tablet).await?;

    leave_marks(&tablet).await?;
    tablet.tap("start-over").await?;
    let hidden = format!("return !document.body.innerText.includes('{MARK}')");
    let at_once = Duration::from_secs(1);
    tablet.wait_until("a hidden chat", at_once, &hidden).await?;
    tablet.tap("start-over-undo").await?;
    tablet.wait_for_screen("chat").await?;
    tablet.tap("start-over").await?;
    expect_clean(&tablet).await?;

    leave_marks(&tablet).await?;
    open_form(&tablet).await?;
    tablet.tap("rating-3").await?;
    tablet.type_into("feedback-comment", MARK).await?;
    tablet.tap("age-14").await?;
    tablet.tap("feedback-submit").await?;
    tablet.wait_for_screen("thanks").await?;
    wait_for_delivery(&tablet, "sent").await?;
    tablet.tap("visit-end").await?;
    expect_clean(&tablet).await?;
    tablet.close().await
}
