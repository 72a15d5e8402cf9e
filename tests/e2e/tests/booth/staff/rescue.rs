//! A tablet that cannot send hands its entries over as a file.

use std::time::Duration;

use e2e::{Booth, Browser, LANDSCAPE, LAPTOP, Organiser, Result, Tablet};
use serde_json::{Value, json};

use crate::desk::organiser_console;
use crate::visit::{SOON, ask_starter, open_form, submit_rating, wait_for_delivery};
use crate::visitor::open_kept;

const DRAIN_LIMIT: Duration = Duration::from_secs(90);

const EMPTIED: &str = "return /(^|\\D)0(\\D|$)/.test(
    document.querySelector('[data-testid=outbox-pending]')?.textContent ?? '')";

/// One visit of two entries, a rating and how it ended, which are kept on the tablet.
async fn visit(tablet: &Tablet, rating: u8) -> Result<()> {
    ask_starter(tablet, "lg-ai-research").await?;
    open_form(tablet).await?;
    submit_rating(tablet, rating).await?;
    wait_for_delivery(tablet, "saved").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await
}

/// Chooses the file at the console, as an organiser does, until it says so.
async fn import(console: &Browser, file: &str, said: &str) -> Result<()> {
    let field = console.wait_for("input[type='file']").await?;
    field.send_keys(file).await?;
    let told = format!("return document.body.innerText.includes('{said}')");
    console.wait_until(said, SOON, &told).await
}

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
    visit(&tablet, 4).await?;

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
    tablet
        .wait_until("an empty queue", DRAIN_LIMIT, EMPTIED)
        .await?;
    let entries = organiser.export().await?;
    assert_eq!(entries.len(), 2, "{entries:?}");
    tablet.close().await
}

#[tokio::test]
async fn a_tablet_that_comes_back_after_its_rescue_adds_only_what_is_new() -> Result<()> {
    let booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let tablet = open_kept(&booth).await?;
    tablet.pull_network();
    let tablet = tablet.reopen().await?;
    tablet.wait_for_screen("attract").await?;
    visit(&tablet, 2).await?;
    visit(&tablet, 5).await?;
    tablet.open_panel(&code).await?;
    tablet.tap("outbox-export").await?;
    let rescued = tablet.download().await?;
    tablet.tap("back").await?;
    tablet.wait_for_screen("attract").await?;
    // The booth is open on; this one is in no file.
    visit(&tablet, 3).await?;

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rescue.json");
    std::fs::write(&file, rescued)?;
    let file = file.to_string_lossy();
    let console = organiser_console(&booth, LAPTOP).await?;
    console.go("/console/results").await?;
    import(&console, &file, "저장 4건, 이미 있던 것 0건").await?;
    import(&console, &file, "저장 0건, 이미 있던 것 4건").await?;
    console.close().await?;

    tablet.plug_network();
    tablet.open_panel(&code).await?;
    tablet
        .wait_until("an empty queue", DRAIN_LIMIT, EMPTIED)
        .await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let entries = organiser.export().await?;
    let mut ratings: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry["rating"].as_u64())
        .collect();
    ratings.sort_unstable();
    assert_eq!(ratings, [2, 3, 5], "{entries:?}");
    let mut numbers: Vec<_> = entries.iter().map(|entry| entry["seq"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        (1..=6).map(Some).collect::<Vec<_>>(),
        "{entries:?}"
    );
    let told = organiser.get_json("/api/feedback/reconciliation").await?;
    let devices = told["devices"].as_array();
    assert_eq!(devices.map(Vec::len), Some(1), "{told}");
    assert_eq!(told["devices"][0]["missing"], json!([]), "{told}");
    assert_eq!(told["devices"][0]["conflicts"], json!([]), "{told}");
    tablet.close().await
}
