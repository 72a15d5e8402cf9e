//! The server dies during a visit and comes back.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Organiser, Result, SERVER_AWAY, Tablet};

use crate::visit::{ask_starter, open_form, submit_rating, wait_for_delivery};

/// Retries wait longer and longer, so the first one after a restart may be a while away.
const DRAIN_LIMIT: Duration = Duration::from_secs(90);

#[tokio::test]
async fn a_visit_finished_without_the_server_arrives_once() -> Result<()> {
    let mut booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    ask_starter(&tablet, "upstage").await?;

    tablet.forgive(SERVER_AWAY).await?;
    booth.kill()?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 5).await?;
    wait_for_delivery(&tablet, "saved").await?;
    // Entries may be kept as text inside the store, with their quotes escaped.
    let kept = tablet.database_traces().await?.replace('\\', "");
    assert!(kept.contains("\"rating\":5"), "{kept}");

    booth.restart().await?;
    let organiser = Organiser::sign_in(&booth).await?;
    organiser.wait_for("visit", 1, DRAIN_LIMIT).await?;
    organiser.wait_for("outcome", 1, DRAIN_LIMIT).await?;
    tablet.forgive_no_more().await?;

    // Whatever would send it twice has had its time.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let entries = organiser.export().await?;
    assert_eq!(entries.len(), 2, "{entries:?}");
    let left = tablet.database_traces().await?;
    for entry in &entries {
        let entry_id = entry["id"].as_str().unwrap_or_default();
        assert!(!entry_id.is_empty() && !left.contains(entry_id), "{left}");
    }
    tablet.close().await
}

/// A browser waits for an answer for ever; a tablet that did would never be heard again.
#[tokio::test]
async fn an_answer_that_never_comes_is_not_waited_for() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let badge = "return document.querySelector('[data-testid=offline-badge]') !== null";
    tablet.hang(&["/api/devices/me/heartbeat"]);
    tablet
        .wait_until("the tablet gives up", Duration::from_mins(1), badge)
        .await?;
    tablet.hang(&[]);
    let gone = "return document.querySelector('[data-testid=offline-badge]') === null";
    tablet
        .wait_until("the tablet is heard again", Duration::from_mins(1), gone)
        .await?;
    tablet.close().await
}
