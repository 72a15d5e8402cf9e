//! A tablet is switched off with entries that were not sent.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet};

use crate::visit::{ask_starter, open_form, submit_rating, wait_for_delivery};

const DRAIN_LIMIT: Duration = Duration::from_mins(1);

/// In `WebKit` the page is loaded again instead: see [`e2e::Engine::keeps_its_profile`].
#[tokio::test]
async fn the_outbox_survives_a_closed_browser() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.refuse(&["/api/feedback"]);
    ask_starter(&tablet, "nc-ai").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 2).await?;
    wait_for_delivery(&tablet, "saved").await?;

    let tablet = tablet.reopen().await?;
    tablet.wait_for_screen("attract").await?;
    let kept = tablet.database_traces().await?.replace('\\', "");
    assert!(kept.contains("\"rating\":2"), "{kept}");
    tablet.refuse(&[]);
    let organiser = Organiser::sign_in(&booth).await?;
    let visits = organiser.wait_for("visit", 1, DRAIN_LIMIT).await?;
    assert_eq!(visits[0]["rating"], 2);
    let fleet = organiser.get_json("/api/devices").await?;
    assert_eq!(
        fleet["devices"].as_array().map(Vec::len),
        Some(1),
        "{fleet}"
    );
    tablet.close().await
}
