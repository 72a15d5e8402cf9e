//! A visitor says that an answer is wrong: what is asked for first, what is sent, and when.

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet, id};

use crate::visit::{SOON, answer, ask, open_chat};

const PHONE: &str = "010-1234-5678";

/// Opens the dialog, in which nothing is chosen.
async fn open_dialog(tablet: &Tablet) -> Result<()> {
    tablet.tap("report-fact-error").await?;
    tablet.wait_for(&id("fact-error")).await?;
    let chosen = format!("{} :checked", id("fact-error"));
    assert_eq!(tablet.count(&chosen).await?, 0);
    Ok(())
}

async fn close_dialog(tablet: &Tablet) -> Result<()> {
    tablet.tap("fact-error-cancel").await?;
    tablet.wait_until_gone(&id("fact-error")).await
}

async fn choose_all(tablet: &Tablet, category: &str) -> Result<()> {
    for name in [category, "fact-error-consent", "fact-error-age-14"] {
        tablet.tap(name).await?;
    }
    Ok(())
}

/// Submits, hears that it is saved, and closes.
async fn submit(tablet: &Tablet) -> Result<()> {
    tablet.tap("fact-error-submit").await?;
    let saved = format!("{} [role='status']", id("fact-error"));
    tablet.wait_for(&saved).await?;
    close_dialog(tablet).await
}

/// Submits, and is told that this is missing.
async fn expect_missing(tablet: &Tablet, words: &str) -> Result<()> {
    tablet.tap("fact-error-submit").await?;
    let said = format!(
        "return document.querySelector('{} [role=alert]')?.textContent.includes('{words}') ?? false",
        id("fact-error").replace('\'', "\"")
    );
    tablet.wait_until(words, SOON, &said).await
}

#[tokio::test]
async fn a_report_needs_a_kind_a_consent_and_an_age_and_goes_masked() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "upstage").await?;
    ask(&tablet, &format!("{PHONE}로 모델 소식을 받을 수 있나요?")).await?;
    tablet.wait_for(&answer("done")).await?;

    open_dialog(&tablet).await?;
    expect_missing(&tablet, "하나 골라 주세요").await?;
    let focused =
        "return document.activeElement.closest('[data-testid=fact-error-basic]') !== null";
    tablet
        .wait_until("focus on the kinds", SOON, focused)
        .await?;
    tablet.tap("fact-error-science").await?;
    expect_missing(&tablet, "보내도 되는지").await?;
    tablet.tap("fact-error-consent").await?;
    expect_missing(&tablet, "만 14세").await?;
    let focused =
        "return document.activeElement.closest('[data-testid=fact-error-age-14]') !== null";
    tablet.wait_until("focus on the age", SOON, focused).await?;
    // All is chosen, and yet the visitor thinks better of it.
    tablet.tap("fact-error-age-14").await?;
    close_dialog(&tablet).await?;

    open_dialog(&tablet).await?;
    choose_all(&tablet, "fact-error-science").await?;
    submit(&tablet).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let reports = organiser.wait_for("fact_error", 1, SOON).await?;
    assert_eq!(reports.len(), 1, "{reports:?}");
    let report = &reports[0];
    assert_eq!(report["answers"]["category"], "science");
    assert_eq!(report["consent"], "excerpt");
    assert_eq!(report["age_14_or_over"], true);
    assert_eq!(report["team"], "upstage");
    assert_eq!(report["rating"], serde_json::Value::Null);
    let exchange = &report["exchange"];
    let prompt = exchange["prompt"].as_str().unwrap_or_default();
    assert!(prompt.contains("모델 소식"), "{prompt}");
    assert!(!report.to_string().contains("1234-5678"), "{report}");
    assert_ne!(exchange["answer"].as_str().unwrap_or_default(), "");

    tablet.pull_network();
    open_dialog(&tablet).await?;
    choose_all(&tablet, "fact-error-statistics").await?;
    submit(&tablet).await?;
    let kept = tablet.database_traces().await?;
    assert!(kept.contains("statistics"), "{kept}");
    tablet.plug_network();
    let reports = organiser.wait_for("fact_error", 2, 3 * SOON).await?;
    let categories: Vec<_> = reports
        .iter()
        .map(|report| report["answers"]["category"].as_str().unwrap_or_default())
        .collect();
    assert!(
        categories.len() == 2 && categories.contains(&"statistics"),
        "{categories:?}"
    );
    tablet.close().await
}
