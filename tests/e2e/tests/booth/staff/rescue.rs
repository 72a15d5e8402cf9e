//! A tablet that cannot send hands its entries over as a file.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet};
use serde_json::Value;

use crate::visit::{ask_starter, open_form, submit_rating, wait_for_delivery};

const DRAIN_LIMIT: Duration = Duration::from_secs(90);

fn statuses(answer: &Value) -> Vec<&str> {
    let receipts = answer["receipts"].as_array();
    receipts
        .into_iter()
        .flatten()
        .filter_map(|receipt| receipt["status"].as_str())
        .collect()
}

#[tokio::test]
async fn a_rescue_file_and_the_queue_double_nothing() -> Result<()> {
    let booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.refuse(&["/api/feedback"]);
    ask_starter(&tablet, "lg-ai-research").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 4).await?;
    wait_for_delivery(&tablet, "saved").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;

    tablet.open_panel(&code).await?;
    tablet.tap("outbox-export").await?;
    let file = tablet.download().await?;
    let rescue: Value = serde_json::from_slice(&file)?;
    assert_eq!(rescue["format"], "booth-kiosk-rescue");
    assert_eq!(
        rescue["items"].as_array().map(Vec::len),
        Some(2),
        "{rescue}"
    );

    let organiser = Organiser::sign_in(&booth).await?;
    let first = organiser.post_json("/api/feedback/import", &rescue).await?;
    assert_eq!(statuses(&first), ["stored", "stored"], "{first}");
    let again = organiser.post_json("/api/feedback/import", &rescue).await?;
    assert_eq!(statuses(&again), ["duplicate", "duplicate"], "{again}");

    tablet.refuse(&[]);
    let emptied = "return /(^|\\D)0(\\D|$)/.test(\
        document.querySelector('[data-testid=outbox-pending]')?.textContent ?? '')";
    tablet
        .wait_until("an empty queue", DRAIN_LIMIT, emptied)
        .await?;
    let entries = organiser.export().await?;
    assert_eq!(entries.len(), 2, "{entries:?}");
    tablet.close().await
}
