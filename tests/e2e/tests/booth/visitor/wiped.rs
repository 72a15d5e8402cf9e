//! The browser takes the queue away under the app: numbers go on, and staff see the gap.

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet};
use serde_json::json;

use crate::visit::{SOON, ask_starter, open_form, submit_rating, wait_for_delivery};

/// What an eviction does; a connection that is open is told and must let go.
const WIPE: &str = "return new Promise((resolve, reject) => {
        const wiping = indexedDB.deleteDatabase('booth-kiosk');
        wiping.onsuccess = () => resolve(true);
        wiping.onerror = () => reject(wiping.error);
    })";

async fn visit(tablet: &Tablet, state: &str) -> Result<()> {
    ask_starter(tablet, "skt").await?;
    open_form(tablet).await?;
    submit_rating(tablet, 4).await?;
    wait_for_delivery(tablet, state).await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await
}

#[tokio::test]
async fn a_wiped_queue_is_numbered_on_and_shown_as_a_gap() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.refuse(&["/api/feedback"]);
    visit(&tablet, "saved").await?;
    // The form, and how the visit ended.
    let numbered = "return localStorage.getItem('booth-kiosk.last_seq') === '2'";
    tablet.wait_until("two numbers", SOON, numbered).await?;
    assert_eq!(tablet.script(WIPE).await?, json!(true));
    tablet.refuse(&[]);
    visit(&tablet, "sent").await?;

    let organiser = Organiser::sign_in(&booth).await?;
    let entries = organiser.wait_for("outcome", 1, SOON).await?;
    assert_eq!(entries[0]["seq"], 4, "{entries:?}");
    let told = organiser.get_json("/api/feedback/reconciliation").await?;
    let device = &told["devices"][0];
    assert_eq!(device["missing"], json!([1, 2]), "{told}");
    assert_eq!(device["stored"], 2, "{told}");
    assert_eq!(device["conflicts"], json!([]), "{told}");
    tablet.close().await
}
