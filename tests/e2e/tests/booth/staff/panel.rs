//! The panel: its code, the visit it ends, what it says about the tablet.

use std::time::Duration;

use e2e::{Booth, Error, LANDSCAPE, Organiser, Result, SERVER_AWAY, Tablet, id};

use crate::visit::{SOON, ask_starter, open_form, submit_rating, wait_for_delivery};

/// A code that is not the right one.
fn wrong(code: &str) -> &'static str {
    if code == "111111" { "222222" } else { "111111" }
}

/// The panel is open.
async fn wait_for_panel(tablet: &Tablet) -> Result<()> {
    tablet.wait_for(&id("reset-session")).await.map(drop)
}

#[tokio::test]
async fn the_panel_opens_with_the_code_alone_and_ends_a_visit() -> Result<()> {
    let booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    ask_starter(&tablet, "skt").await?;

    // Four taps are none.
    tablet.tap_times("staff-hotspot", 4).await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(tablet.screen().await?, "chat");

    tablet.tap_times("staff-hotspot", 5).await?;
    tablet.wait_for_screen("staff").await?;
    tablet.type_into("panel-code", wrong(&code)).await?;
    tablet.tap("panel-open").await?;
    let emptied = "return document.querySelector('[data-testid=panel-code]')?.value === ''";
    tablet.wait_until("a refused code", SOON, emptied).await?;
    assert_eq!(tablet.count(&id("reset-session")).await?, 0);
    tablet.type_into("panel-code", &code).await?;
    tablet.tap("panel-open").await?;
    wait_for_panel(&tablet).await?;
    tablet.screenshot("staff", "panel").await?;

    tablet.tap("reset-session").await?;
    tablet.wait_for_screen("attract").await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let outcomes = organiser.wait_for("outcome", 1, SOON).await?;
    assert_eq!(outcomes[0]["outcome"]["ended_by"], "staff");
    assert_eq!(outcomes[0]["outcome"]["turns"], 1);
    tablet.close().await
}

#[tokio::test]
async fn the_panel_works_without_the_server_and_says_so() -> Result<()> {
    let mut booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    // The code's check arrives with the first heartbeat.
    wait_for_heartbeats(&tablet, 1).await?;
    tablet.forgive(SERVER_AWAY).await?;
    booth.kill()?;

    tablet.open_panel(&code).await?;
    wait_for_panel(&tablet).await?;
    let settled = "return document.querySelectorAll('[data-testid=preflight-item]').length > 0 \
        && document.querySelectorAll('[data-testid=preflight-item][data-state=fail]').length > 0";
    tablet.wait_until("a failed check", SOON, settled).await?;
    let checks = tablet
        .attributes(&id("preflight-item"), "data-check")
        .await?;
    let states = tablet
        .attributes(&id("preflight-item"), "data-state")
        .await?;
    assert!(checks.len() >= 7, "{checks:?}");
    for state in &states {
        let known = ["ok", "warn", "fail", "unknown"];
        assert!(known.contains(&state.as_str()), "{checks:?} {states:?}");
    }
    let server = tablet
        .attributes(
            &format!("{}[data-check='server']", id("preflight-item")),
            "data-state",
        )
        .await?;
    assert_eq!(server, ["fail"], "{checks:?}");
    tablet.screenshot("staff", "panel-offline").await?;
    tablet.close().await
}

#[tokio::test]
async fn the_day_does_not_end_with_unsent_entries() -> Result<()> {
    let booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.refuse(&["/api/feedback"]);
    ask_starter(&tablet, "upstage").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 3).await?;
    wait_for_delivery(&tablet, "saved").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;

    tablet.open_panel(&code).await?;
    // The form and the outcome.
    let waiting = tablet.text("outbox-pending").await?;
    if !waiting.contains('2') {
        return Err(Error::Unexpected(format!(
            "two entries wait, not {waiting}"
        )));
    }
    tablet.tap("end-of-day").await?;
    tablet.wait_for(&id("end-of-day-dialog")).await?;
    assert_eq!(tablet.count(&id("end-of-day-confirm")).await?, 0);

    tablet.refuse(&[]);
    let organiser = Organiser::sign_in(&booth).await?;
    organiser
        .wait_for("visit", 1, Duration::from_secs(90))
        .await?;
    tablet.tap("end-of-day-confirm").await?;
    tablet.wait_for_screen("locked").await?;
    tablet.open_panel(&code).await?;
    tablet.tap("unlock").await?;
    tablet.close().await
}

/// Waits until the tablet has sent so many signs of life.
async fn wait_for_heartbeats(tablet: &Tablet, count: usize) -> Result<()> {
    for _ in 0..200 {
        let asked = tablet.asked();
        let beats = asked
            .iter()
            .filter(|asked| asked.target.ends_with("/heartbeat"));
        if beats.count() >= count {
            tokio::time::sleep(Duration::from_millis(500)).await;
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Error::Unexpected("no sign of life".to_owned()))
}
