//! What is sent is what was agreed to, and personal data is masked.

use e2e::{Booth, LANDSCAPE, Organiser, Result, Tablet};
use serde_json::Value;

use crate::visit::{SOON, answer, ask, open_form, open_team, wait_for_delivery};

const PHONE: &str = "010-1234-5678";

async fn chat_with_a_number(tablet: &Tablet) -> Result<()> {
    open_team(tablet, "lg-ai-research").await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await?;
    ask(tablet, &format!("{PHONE}로 모델 소식을 받을 수 있나요?")).await?;
    tablet.wait_for(&answer("done")).await?;
    open_form(tablet).await
}

#[tokio::test]
async fn text_waits_for_the_age_and_is_masked() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    chat_with_a_number(&tablet).await?;
    tablet.tap("feedback-submit").await?;
    let focused = "return document.activeElement.dataset.testid === 'rating-1'
        && document.querySelector('.ask [role=alert]') !== null";
    tablet
        .wait_until("focus on the faces", SOON, focused)
        .await?;
    tablet.tap("rating-5").await?;
    let comment = format!("담당자 번호는 {PHONE}이에요");
    tablet.type_into("feedback-comment", &comment).await?;

    tablet.tap("feedback-submit").await?;
    let focused = "
        const box = document.querySelector('[data-testid=age-14]');
        const active = document.activeElement;
        return box === active || box.contains(active) || box.control === active";
    tablet.wait_until("focus on age-14", SOON, focused).await?;
    assert_eq!(tablet.screen().await?, "feedback");

    tablet.tap("age-14").await?;
    tablet.tap("feedback-submit").await?;
    tablet.wait_for_screen("thanks").await?;
    wait_for_delivery(&tablet, "sent").await?;
    tablet.close().await?;

    let organiser = Organiser::sign_in(&booth).await?;
    let visits = organiser.wait_for("visit", 1, SOON).await?;
    let comment = visits[0]["comment"].as_str().unwrap_or_default();
    assert!(comment.starts_with("담당자 번호는 "), "{comment}");
    assert!(!comment.contains("1234"), "{comment}");
    assert_eq!(visits[0]["age_14_or_over"], true);
    assert_eq!(visits[0]["consent"], "rating");
    for field in ["exchange", "conversation"] {
        assert_eq!(visits[0][field], Value::Null, "{field}");
    }
    Ok(())
}

#[tokio::test]
async fn an_excerpt_goes_only_where_it_was_chosen() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    chat_with_a_number(&tablet).await?;
    tablet.tap("rating-3").await?;
    tablet.tap("consent-excerpt").await?;
    tablet.tap("age-14").await?;
    tablet.tap("feedback-submit").await?;
    tablet.wait_for_screen("thanks").await?;
    wait_for_delivery(&tablet, "sent").await?;
    tablet.close().await?;

    let organiser = Organiser::sign_in(&booth).await?;
    let visits = organiser.wait_for("visit", 1, SOON).await?;
    let visit = &visits[0];
    assert_eq!(visit["consent"], "excerpt");
    assert_eq!(visit["conversation"], Value::Null);
    let prompt = visit["exchange"]["prompt"].as_str().unwrap_or_default();
    assert!(prompt.contains("모델 소식"), "{prompt}");
    assert!(!visit.to_string().contains("1234-5678"), "{visit}");
    assert_eq!(visit["exchange"]["served_by"], "guide");
    Ok(())
}
