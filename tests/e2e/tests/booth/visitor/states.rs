//! What a chat says about an answer while it is waited for, thought over, written, ended or lost.

use std::time::Duration;

use e2e::{Ending, LANDSCAPE, Result, Script, Tablet, Upstream, id};

use crate::visit::{
    answer, answer_text, ask, open_chat, scripted_booth, wait_for_growth, wait_for_words,
};

const PACE: Duration = Duration::from_millis(100);
/// Of what the model thinks, and of nothing else.
const THOUGHT: &str = "골똘히";

/// Whether the thinking can be read.
async fn shows_thought(tablet: &Tablet) -> Result<bool> {
    let shown = format!("return document.body.innerText.includes('{THOUGHT}')");
    Ok(tablet.script(&shown).await? == true)
}

#[tokio::test]
async fn thinking_is_told_folded_and_can_be_read() -> Result<()> {
    let script = Script::words(14, PACE).thinking(&[THOUGHT; 14]);
    let upstream = Upstream::start(script).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "천천히 생각해 주세요").await?;

    wait_for_words(&tablet, "생각하고 있어요 · \\d+초").await?;
    assert_eq!(tablet.count(&answer("streaming")).await?, 1);
    assert!(!shows_thought(&tablet).await?);
    wait_for_words(&tablet, "답하는 중 · [2-9]초").await?;
    wait_for_growth(&tablet, 1).await?;
    wait_for_words(&tablet, "생각한 과정 · [12]초").await?;
    assert!(!shows_thought(&tablet).await?);
    tablet.wait_for(&answer("done")).await?;
    wait_for_words(&tablet, "[2-9]초 만에 답했어요").await?;

    let reasoning = id("reasoning");
    let folded = tablet.attributes(&reasoning, "aria-expanded").await?;
    assert_eq!(folded, ["false"]);
    tablet.tap("reasoning").await?;
    assert!(shows_thought(&tablet).await?);
    assert!(!answer_text(&tablet).await?.contains(THOUGHT));
    tablet.tap("reasoning").await?;
    assert!(!shows_thought(&tablet).await?);
    tablet.close().await
}

#[tokio::test]
async fn a_lost_answer_says_so_and_offers_ways_on() -> Result<()> {
    let upstream = Upstream::start(Script::refusal(500)).await?;
    let alone = [
        ("BOOTH_TEAMS__SKT__FALLBACKS", "[]"),
        ("BOOTH_UPSTREAM__RETRIES", "0"),
    ];
    let booth = scripted_booth(&upstream, &alone).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.forgive("was answered 503").await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "들리나요?").await?;
    tablet.wait_for(&answer("failed")).await?;
    wait_for_words(&tablet, "답하지 못했어요").await?;
    let alert = format!("{} [role='alert']", answer("failed"));
    tablet.wait_for(&alert).await?;
    tablet.forgive_no_more().await?;

    upstream.say(Script::words(5, PACE).ending(Ending::CutOff));
    tablet.tap("chat-retry").await?;
    tablet.wait_for(&answer("streaming")).await?;
    tablet.wait_for(&answer("failed")).await?;
    assert!(answer_text(&tablet).await?.contains("낱말5"));
    tablet.wait_for(&alert).await?;

    upstream.say(Script::words(200, PACE));
    tablet.tap("chat-retry").await?;
    tablet.wait_for(&answer("streaming")).await?;
    wait_for_growth(&tablet, 4).await?;
    tablet.tap("chat-stop").await?;
    tablet.wait_for(&answer("stopped")).await?;
    wait_for_words(&tablet, "멈췄어요").await?;

    upstream.say(Script::words(5, Duration::ZERO));
    tablet.tap("chat-regenerate").await?;
    tablet.wait_for(&answer("done")).await?;
    assert_eq!(tablet.count(&id("message")).await?, 2);

    upstream.say(Script::words(2, Duration::ZERO).ending(Ending::CutOff));
    ask(&tablet, "그리고요?").await?;
    tablet.wait_for(&answer("failed")).await?;
    tablet.tap("other-teams").await?;
    tablet.wait_for_screen("teams").await?;
    tablet.close().await
}
