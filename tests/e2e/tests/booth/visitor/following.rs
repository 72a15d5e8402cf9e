//! The view follows an answer while the visitor looks at its end, and never moves otherwise.

use std::time::Duration;

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream};

use crate::visit::{SOON, ask, open_chat, scripted_booth, wait_for_growth};

/// Some of the numbered paragraphs.
const MORE: usize = 60;

/// The log is what scrolls on a tablet that lies.
const AT_END: &str = "
    const log = document.querySelector('[role=log]').getBoundingClientRect();
    const end = [...document.querySelectorAll('[data-testid=message-text]')].at(-1)
      .getBoundingClientRect().bottom;
    return end <= log.bottom + 1 && end > log.bottom - 100";

async fn place(tablet: &Tablet) -> Result<f64> {
    let top = tablet
        .script("return document.querySelector('[role=log]').scrollTop")
        .await?;
    Ok(top.as_f64().unwrap_or_default())
}

/// Lets a part of the answer come; fails if the view moves meanwhile.
async fn expect_rest(tablet: &Tablet, what: &str) -> Result<()> {
    let before = place(tablet).await?;
    for _ in 0..3 {
        wait_for_growth(tablet, MORE).await?;
        let now = place(tablet).await?;
        assert!((now - before).abs() < 1.0, "{what}: {before} to {now}");
    }
    Ok(())
}

/// Lets a part of the answer come; fails unless the view goes with it.
async fn expect_following(tablet: &Tablet, what: &str) -> Result<()> {
    let before = place(tablet).await?;
    for _ in 0..3 {
        wait_for_growth(tablet, MORE).await?;
        tablet.wait_until(what, SOON, AT_END).await?;
    }
    let now = place(tablet).await?;
    assert!(now > before, "{what}: {before} to {now}");
    Ok(())
}

/// A finger on the log, or away from it, as the page hears of it.
fn finger(event: &str) -> String {
    format!(
        "const log = document.querySelector('[role=log]');
         log.dispatchEvent(new PointerEvent('{event}', {{ bubbles: true, pointerType: 'touch' }}))"
    )
}

#[tokio::test]
async fn the_view_follows_an_answer_only_at_its_end() -> Result<()> {
    let upstream = Upstream::start(Script::paragraphs(400, Duration::from_millis(50))).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "길게 이야기해 주세요").await?;
    let fills = "const log = document.querySelector('[role=log]');
        return log.scrollHeight > log.clientHeight + 400";
    tablet.wait_until("a long answer", SOON, fills).await?;
    expect_following(&tablet, "at the end").await?;

    tablet
        .script("document.querySelector('[role=log]').scrollTop -= 300")
        .await?;
    expect_rest(&tablet, "scrolled up").await?;

    // Back at the end, but with a finger on it.
    let to_end = "const log = document.querySelector('[role=log]');
        log.scrollTop = log.scrollHeight";
    tablet.script(to_end).await?;
    tablet.script(&finger("pointerdown")).await?;
    expect_rest(&tablet, "held").await?;
    tablet.script(&finger("pointerup")).await?;
    tablet.script(to_end).await?;
    expect_following(&tablet, "let go at the end").await?;

    tablet.tap("chat-stop").await?;
    upstream.wait_for_open(0, Duration::from_secs(2)).await?;
    tablet.close().await
}
