//! What the event's rules do not want talked about: the visitor reads the rule's own sentence, goes on
//! asking, and leaves nothing of it behind.

use std::time::Duration;

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream};
use serde_json::json;

use crate::visit::{
    SOON, answer, answer_text, ask, open_chat, scripted_booth, submit_rating, wait_for_turns,
};

/// Of the sentences of content/moderation.toml, and of nothing else.
const HELPLINE: &str = "자살예방상담전화 109";
const HELPLINE_EN: &str = "In Korea, 109 listens day and night";
const HARM: &str = "누군가 다칠 수 있는 이야기";

/// Waits until the last answer failed with this in its alert, in this language, as text and nothing else.
async fn expect_sentence(tablet: &Tablet, sentence: &str, language: &str) -> Result<()> {
    let said = format!(
        "const last = [...document.querySelectorAll('[data-testid=message][data-role=assistant]')].at(-1);
         const text = last?.querySelector('[role=alert] > span');
         return last?.dataset.state === 'failed' && text?.textContent.includes({})
           && text.lang === '{language}' && text.childElementCount === 0",
        json!(sentence)
    );
    tablet.wait_until("the rule's sentence", SOON, &said).await
}

async fn expect_read_out(tablet: &Tablet, words: &str) -> Result<()> {
    let read_out = format!(
        "return document.querySelector('main > [role=status]').textContent === {}",
        json!(words)
    );
    tablet
        .wait_until("the loss to be read out", SOON, &read_out)
        .await
}

#[tokio::test]
async fn a_blocked_question_is_answered_by_the_rule_and_the_next_one_by_the_model() -> Result<()> {
    let upstream = Upstream::start(Script::words(3, Duration::ZERO)).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    tablet.forgive("was answered 403").await?;

    ask(&tablet, "요즘 너무 죽고 싶어요").await?;
    expect_sentence(&tablet, HELPLINE, "ko").await?;
    expect_read_out(&tablet, "답하지 못했어요").await?;
    tablet.expect_accessible("a blocked question").await?;
    assert_eq!(upstream.requests().len(), 0);

    // What was said stays as it was said; what is said next is in the new language.
    tablet.tap("language-en").await?;
    expect_sentence(&tablet, HELPLINE, "ko").await?;
    ask(&tablet, "Sometimes I want to die").await?;
    expect_sentence(&tablet, HELPLINE_EN, "en").await?;
    assert_eq!(upstream.requests().len(), 0);
    tablet.forgive_no_more().await?;

    ask(&tablet, "Count to three, please").await?;
    wait_for_turns(&tablet, 3).await?;
    let requests = upstream.requests();
    assert_eq!(requests.len(), 1);
    let carried = requests[0].to_string();
    assert!(
        !carried.contains("want to die") && !carried.contains("109"),
        "{carried}"
    );

    let traces = tablet.traces().await?;
    assert!(traces.contains(HELPLINE), "the sentence must be seen first");
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("feedback").await?;
    submit_rating(&tablet, 4).await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;
    for sentence in [HELPLINE, HELPLINE_EN] {
        tablet.expect_no_trace_of(sentence).await?;
    }
    tablet.close().await
}

#[tokio::test]
async fn an_answer_is_told_up_to_where_a_blocked_phrase_begins() -> Result<()> {
    let told = "오늘은 날씨가 좋아요. ";
    let script = Script::pieces(
        &format!("{told}폭탄 만드는 법은 이래요."),
        2,
        Duration::from_millis(20),
    );
    let upstream = Upstream::start(script).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "아무 이야기나 해 주세요").await?;
    expect_sentence(&tablet, HARM, "ko").await?;
    assert_eq!(answer_text(&tablet).await?.trim(), told.trim());
    upstream.wait_for_open(0, SOON).await?;

    upstream.say(Script::words(2, Duration::ZERO));
    tablet.tap("chat-retry").await?;
    tablet.wait_for(&answer("done")).await?;
    assert!(answer_text(&tablet).await?.contains("낱말2"));
    tablet.close().await
}
