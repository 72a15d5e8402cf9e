//! A tablet whose token was taken away, and its way back.

use std::time::Duration;

use e2e::{Booth, Error, LANDSCAPE, Organiser, Result, Tablet};
use serde_json::{Value, json};

use crate::visit::{ask_starter, open_form, submit_rating, wait_for_delivery};

const DRAIN_LIMIT: Duration = Duration::from_mins(1);

/// The one tablet of the booth.
async fn only_device(organiser: &Organiser) -> Result<String> {
    let fleet = organiser.get_json("/api/devices").await?;
    let devices = fleet["devices"].as_array().map(Vec::as_slice);
    match devices {
        Some([device]) => Ok(device["device_id"].as_str().unwrap_or_default().to_owned()),
        _ => Err(Error::Unexpected(format!("one tablet, not {fleet}"))),
    }
}

#[tokio::test]
async fn a_revoked_tablet_keeps_its_entries_until_it_is_paired_again() -> Result<()> {
    let booth = Booth::start().await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.refuse(&["/api/feedback"]);
    ask_starter(&tablet, "naver-cloud").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 1).await?;
    wait_for_delivery(&tablet, "saved").await?;
    tablet.tap("visit-end").await?;
    let device = only_device(&organiser).await?;

    tablet.forgive("was answered 401").await?;
    organiser.delete(&format!("/api/devices/{device}")).await?;
    tablet.wait_for_screen("setup").await?;
    tablet.screenshot("staff", "setup").await?;
    let kept = tablet.database_traces().await?.replace('\\', "");
    assert!(kept.contains("\"rating\":1"), "{kept}");

    tablet.refuse(&[]);
    let pairing: Value = organiser
        .post_json("/api/pairing-codes", &json!({}))
        .await?;
    let code = pairing["code"].as_str().unwrap_or_default();
    tablet.type_into("device-name", " 창가 3번").await?;
    tablet.type_into("pairing-input", code).await?;
    tablet.tap("pairing-submit").await?;
    tablet.wait_for_screen("attract").await?;
    tablet.forgive_no_more().await?;
    let fleet = organiser.get_json("/api/devices").await?;
    let name = fleet["devices"][0]["name"].as_str().unwrap_or_default();
    assert!(name.ends_with("창가 3번"), "{fleet}");
    let visits = organiser.wait_for("visit", 1, DRAIN_LIMIT).await?;
    assert_eq!(visits[0]["device_id"], device.as_str());
    assert_eq!(only_device(&organiser).await?, device);
    tablet.close().await
}

#[tokio::test]
async fn a_wrong_pairing_code_is_refused_in_words() -> Result<()> {
    let booth = Booth::start().await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.forgive("was answered 401").await?;
    tablet.forgive("was answered 403").await?;
    let device = only_device(&organiser).await?;
    organiser.delete(&format!("/api/devices/{device}")).await?;
    tablet.wait_for_screen("setup").await?;
    tablet.type_into("pairing-input", "ZZZZZZZZ").await?;
    tablet.tap("pairing-submit").await?;
    let refused = "return document.querySelector('[data-testid=pairing-input]') !== null \
        && [...document.querySelectorAll('[role=alert], [role=status]')]\
        .some((each) => each.textContent.trim() !== '')";
    tablet
        .wait_until("a refusal in words", Duration::from_secs(10), refused)
        .await?;
    assert_eq!(tablet.screen().await?, "setup");
    tablet.close().await
}
