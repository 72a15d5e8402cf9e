//! A tablet whose clock was never set.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet};

use crate::visit::{ask_starter, open_form, submit_rating, wait_for_delivery};

/// The battery was flat for long: it is the first second of 1970, and stays it.
const SET_BACK: &str = "
    const Real = Date;
    window.Date = class extends Real {
      constructor(...parts) { super(...(parts.length ? parts : [0])); }
      static now() { return 0; }
    };";

#[tokio::test]
async fn a_clock_in_1970_ends_in_a_working_screen_and_a_delivered_entry() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.wait_for_screen("attract").await?;
    tablet.script(SET_BACK).await?;
    ask_starter(&tablet, "upstage").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 5).await?;
    wait_for_delivery(&tablet, "sent").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;

    let organiser = Organiser::sign_in(&booth).await?;
    let visits = organiser
        .wait_for("visit", 1, Duration::from_secs(30))
        .await?;
    let created = visits[0]["created_at"].as_str().unwrap_or_default();
    let is_old = created.starts_with("1970-01-01") || created.starts_with("1969-12-31");
    assert!(is_old, "{created}");
    tablet.close().await
}
