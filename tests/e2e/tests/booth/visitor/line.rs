//! A model that answers one at a time: the line before it, in words, and the ways out of it.

use std::time::Duration;

use e2e::{LANDSCAPE, Neighbour, Result, Script, Tablet, Upstream, id};

use crate::visit::{SOON, answer, ask, open_chat, scripted_booth, wait_for_turns, wait_for_words};

const ONE_AT_A_TIME: [(&str, &str); 1] = [("BOOTH_TEAMS__SKT__MAX_CONCURRENT", "1")];
const AT_ONCE: Duration = Duration::from_secs(2);

/// A model that never comes to an end by itself while a test looks.
fn endless() -> Script {
    Script::words(600, Duration::from_millis(100))
}

/// Waits for the place in line to say this.
async fn wait_for_place(tablet: &Tablet, words: &str) -> Result<()> {
    let said = format!(
        "return document.querySelector('[data-testid=queue-position]')\
         ?.textContent.includes('{words}') ?? false"
    );
    tablet.wait_until(words, SOON, &said).await
}

#[tokio::test]
async fn a_line_is_told_moves_up_and_can_be_left() -> Result<()> {
    let upstream = Upstream::start(endless()).await?;
    let booth = scripted_booth(&upstream, &ONE_AT_A_TIME).await?;
    let first = Neighbour::ask(&booth, "skt").await?;
    let second = Neighbour::ask(&booth, "skt").await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "제 차례에 답해 주세요").await?;
    tablet.wait_for(&answer("queued")).await?;
    wait_for_place(&tablet, "앞에 1명").await?;
    wait_for_words(&tablet, "차례를 기다려요 · [2-9]초").await?;

    drop(second);
    wait_for_place(&tablet, "다음 차례예요").await?;
    assert_eq!(upstream.open(), 1);
    upstream.say(Script::words(3, Duration::from_millis(10)));
    drop(first);
    wait_for_turns(&tablet, 1).await?;
    assert_eq!(tablet.count(&id("queue-position")).await?, 0);
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["model"]);

    // Once more, and this time it takes too long.
    upstream.say(endless());
    let first = Neighbour::ask(&booth, "skt").await?;
    let impatient = "너무 오래 걸려요";
    ask(&tablet, impatient).await?;
    tablet.wait_for(&id("queue-position")).await?;
    tablet.tap("other-teams").await?;
    tablet.wait_for_screen("teams").await?;
    // Whoever still stood in line would come before this one.
    let behind = Neighbour::ask(&booth, "skt").await?;
    drop(first);
    upstream.wait_for_requests(4, AT_ONCE).await?;
    for request in upstream.requests() {
        assert!(!request.to_string().contains(impatient), "{request}");
    }
    drop(behind);

    // An answer that has begun is given up as well when the visitor starts over.
    tablet
        .tap_on("[data-screen='teams'] [data-team='skt']")
        .await?;
    tablet.tap("chat-open").await?;
    wait_for_words(&tablet, "멈췄어요").await?;
    ask(&tablet, "다시 물어볼게요").await?;
    tablet.wait_for(&answer("streaming")).await?;
    upstream.wait_for_open(1, AT_ONCE).await?;
    tablet.tap("start-over").await?;
    tablet.wait_until_gone(&id("start-over-undo")).await?;
    upstream.wait_for_open(0, AT_ONCE).await?;
    tablet.close().await
}
