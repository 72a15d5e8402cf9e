//! What visitors left, as organisers read it, take it away and erase it.

use std::time::Duration;

use e2e::{Booth, Browser, Error, LANDSCAPE, LAPTOP, Organiser, Result, Tablet, id};

use crate::desk::organiser_console;
use crate::visit::{SOON, ask_starter, open_form, submit_rating, wait_for_delivery};

/// One visit with a rating; answers the receipt.
async fn leave_feedback(booth: &Booth) -> Result<String> {
    let tablet = Tablet::open(booth, LANDSCAPE).await?;
    ask_starter(&tablet, "skt").await?;
    open_form(&tablet).await?;
    submit_rating(&tablet, 4).await?;
    wait_for_delivery(&tablet, "sent").await?;
    let receipt = tablet.text("receipt").await?;
    tablet.tap("visit-end").await?;
    tablet.close().await?;
    Ok(receipt)
}

/// First bytes and kind of what a link leads to, fetched as the signed-in person.
async fn fetch_link(console: &Browser, name: &str) -> Result<(String, String)> {
    let script = format!(
        "return fetch(document.querySelector('{}').href).then(async (answer) => [\
           answer.headers.get('content-disposition') ?? '',\
           String.fromCharCode(...new Uint8Array(await answer.arrayBuffer()).slice(0, 4))])",
        id(name).replace('\'', "\"")
    );
    Ok(serde_json::from_value(console.script(&script).await?)?)
}

#[tokio::test]
async fn an_entry_is_read_taken_away_and_erased() -> Result<()> {
    let booth = Booth::start().await?;
    let receipt = leave_feedback(&booth).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    organiser.wait_for("visit", 1, SOON).await?;
    organiser.wait_for("outcome", 1, SOON).await?;

    let console = organiser_console(&booth, LAPTOP).await?;
    console.go("/console/results").await?;
    console.wait_for(&id("feedback-table")).await?;
    console.wait_for(&id("feedback-row")).await?;
    console.wait_for(&id("chart")).await?;
    console.screenshot("console", "results").await?;
    for (name, ending, start) in [
        ("download-csv", ".csv", "\u{ef}\u{bb}\u{bf}"),
        ("download-xlsx", ".xlsx", "PK"),
        ("download-jsonl", ".jsonl", "{"),
    ] {
        let (disposition, bytes) = fetch_link(&console, name).await?;
        assert!(disposition.contains(ending), "{name}: {disposition}");
        assert!(bytes.starts_with(start), "{name}: {bytes:?}");
    }

    let field = console.wait_for("form.erase input").await?;
    field.send_keys(receipt.to_lowercase()).await?;
    console.tap_on("form.erase button").await?;
    console.tap_on("[role='alertdialog'] .danger").await?;
    console.wait_until_gone(&id("feedback-row")).await?;
    let left = organiser.export().await?;
    if !left.is_empty() {
        return Err(Error::Unexpected(format!("still there: {left:?}")));
    }
    console.go("/console/audit").await?;
    console.wait_for(&id("audit-row")).await?;
    let erased = "return document.body.innerText.includes('의견 지우기')";
    let soon = Duration::from_secs(5);
    console
        .wait_until("the erasure's trace", soon, erased)
        .await?;
    console.close().await
}

#[tokio::test]
async fn the_results_come_back_with_the_server() -> Result<()> {
    let booth = Booth::start().await?;
    let console = organiser_console(&booth, LAPTOP).await?;
    console.go("/console/results").await?;
    console.wait_for(".sums").await?;
    console.pull_network();
    console.tap_words("새로 고침").await?;
    console.wait_for(".failure").await?;
    console.wait_for(".absence").await?;
    console.plug_network();
    console.wait_until_gone(".absence").await?;
    console.wait_until_gone(".failure").await?;
    console.wait_for(".sums").await?;
    console.close().await
}
