//! What a chat says about an answer while it is waited for, thought over, written, ended or lost.

use std::time::Duration;

use e2e::{Ending, LANDSCAPE, Result, Script, Tablet, Upstream, id};

use crate::visit::{
    SOON, answer, answer_text, ask, open_chat, scripted_booth, wait_for_growth, wait_for_turns,
    wait_for_words,
};

const PACE: Duration = Duration::from_millis(100);
/// No guide stands in, and nothing is tried again: what is lost is lost.
const ALONE: [(&str, &str); 2] = [
    ("BOOTH_TEAMS__SKT__FALLBACKS", "[]"),
    ("BOOTH_UPSTREAM__RETRIES", "0"),
];
/// Of what the model thinks, and of nothing else.
const THOUGHT: &str = "골똘히";

/// Waits until the thinking can be read, or cannot.
async fn wait_for_thought(tablet: &Tablet, is_shown: bool) -> Result<()> {
    let shown = format!("return document.body.innerText.includes('{THOUGHT}') === {is_shown}");
    tablet
        .wait_until("the thinking, folded or not", SOON, &shown)
        .await
}

async fn expect_thinking(tablet: &Tablet) -> Result<()> {
    wait_for_words(tablet, "생각하고 있어요 · \\d+초").await?;
    assert_eq!(tablet.count(&answer("streaming")).await?, 1);
    wait_for_thought(tablet, false).await?;
    wait_for_words(tablet, "답하는 중 · [2-9]초").await?;
    wait_for_growth(tablet, 1).await?;
    wait_for_words(tablet, "생각한 과정 · [1-3]초").await?;
    wait_for_thought(tablet, false).await?;
    wait_for_turns(tablet, 1).await?;
    wait_for_words(tablet, "[2-9]초 만에 답했어요").await?;

    let folded = tablet.attributes(&id("reasoning"), "aria-expanded").await?;
    assert_eq!(folded, ["false"]);
    tablet.tap("reasoning").await?;
    wait_for_thought(tablet, true).await?;
    assert!(!answer_text(tablet).await?.contains(THOUGHT));
    tablet.tap("reasoning").await?;
    wait_for_thought(tablet, false).await
}

#[tokio::test]
async fn thinking_is_folded_and_a_loss_says_what_to_do() -> Result<()> {
    let script = Script::words(14, PACE).thinking(&[THOUGHT; 14]);
    let upstream = Upstream::start(script).await?;
    let booth = scripted_booth(&upstream, &ALONE).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "천천히 생각해 주세요").await?;
    expect_thinking(&tablet).await?;

    tablet.forgive("was answered 503").await?;
    upstream.say(Script::refusal(500));
    ask(&tablet, "들리나요?").await?;
    tablet.wait_for(&answer("failed")).await?;
    wait_for_words(&tablet, "답하지 못했어요").await?;
    let alert = format!("{} [role='alert']", answer("failed"));
    tablet.wait_for(&alert).await?;
    let read_out = "return document.querySelector('main > [role=status]').textContent \
        === '답하지 못했어요'";
    tablet
        .wait_until("the loss to be read out", SOON, read_out)
        .await?;
    tablet.forgive_no_more().await?;

    // What had come before it broke off stays.
    upstream.say(Script::words(5, PACE).ending(Ending::CutOff));
    tablet.tap("chat-retry").await?;
    tablet.wait_for(&answer("streaming")).await?;
    tablet.wait_for(&answer("failed")).await?;
    assert!(answer_text(&tablet).await?.contains("낱말5"));
    tablet.wait_for(&alert).await?;

    upstream.say(Script::words(2, Duration::ZERO));
    tablet.tap("chat-retry").await?;
    wait_for_turns(&tablet, 2).await?;

    upstream.say(Script::words(2, Duration::ZERO).ending(Ending::CutOff));
    ask(&tablet, "그리고요?").await?;
    tablet.wait_for(&answer("failed")).await?;
    tablet.tap("other-teams").await?;
    tablet.wait_for_screen("teams").await?;
    tablet.close().await
}
