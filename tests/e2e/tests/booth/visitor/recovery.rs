//! The app breaks, and the tablet is back by itself with nothing lost.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet};

use super::cold_start::open_kept;
use crate::visit::{SOON, ask_starter, open_form, open_team, submit_rating, wait_for_delivery};

const BROKEN: &str = "is not a function";
const RECOVERY_TITLE: &str = "잠시 문제가 생겼어요";

/// What the app calls to build a view is gone, so that it fails in its own code: of an error
/// thrown by a function of the driver's, the page is told nothing.
const BREAK: &str = "
    window.beforeReload = true;
    document.createElement = null;
    document.createTextNode = null;
    Node.prototype.cloneNode = null;
    Node.prototype.insertBefore = null;
    Node.prototype.appendChild = null;";

/// On the way to a chat.
async fn break_app(tablet: &Tablet) -> Result<()> {
    tablet.forgive(BROKEN).await?;
    tablet.forgive("RuntimeError: unreachable").await?;
    tablet.forgive("panicked at").await?;
    tablet.forgive("not in a page").await?;
    open_team(tablet, "skt").await?;
    tablet.script(BREAK).await?;
    tablet.tap("chat-open").await
}

#[tokio::test]
async fn a_broken_app_recovers_and_keeps_the_outbox() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;

    tablet.refuse(&["/api/feedback"]);
    ask_starter(&tablet, "naver-cloud").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 4).await?;
    wait_for_delivery(&tablet, "saved").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;

    break_app(&tablet).await?;
    let recovering = format!(
        "return !window.beforeReload || document.body.innerText.includes('{RECOVERY_TITLE}')"
    );
    tablet
        .wait_until("the recovery screen", SOON, &recovering)
        .await?;
    tablet
        .screenshot("screens", "recovery-landscape-ko")
        .await?;
    let reloaded = "return !window.beforeReload";
    tablet
        .wait_until("a reload", Duration::from_secs(30), reloaded)
        .await?;
    tablet.wait_for_screen("attract").await?;

    tablet.refuse(&[]);
    let organiser = Organiser::sign_in(&booth).await?;
    let visits = organiser
        .wait_for("visit", 1, Duration::from_secs(90))
        .await?;
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0]["rating"], 4);
    tablet.close().await
}

#[tokio::test]
async fn an_app_that_is_kept_needs_no_server_to_recover() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_kept(&booth).await?;
    tablet.pull_network();
    break_app(&tablet).await?;
    let reloaded = "return !window.beforeReload";
    tablet
        .wait_until("a reload", Duration::from_secs(30), reloaded)
        .await?;
    tablet.wait_for_screen("attract").await?;
    tablet.close().await
}
