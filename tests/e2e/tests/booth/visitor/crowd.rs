//! A line that has no place left, who sees it from afar, and how a tablet's own place ends.

use std::time::Duration;

use e2e::{Error, LANDSCAPE, LAPTOP, Neighbour, Organiser, Result, Script, Tablet, Upstream, id};
use serde_json::json;

use crate::desk::organiser_console;
use crate::visit::{SOON, answer, ask, open_chat, scripted_booth, wait_for_turns, wait_for_words};

const ONE_MAY_WAIT: [(&str, &str); 2] = [
    ("BOOTH_TEAMS__SKT__MAX_CONCURRENT", "1"),
    ("BOOTH_LIMITS__QUEUE_LEN", "1"),
];
const FULL: &str = "지금 기다리는 분이 많아요. 잠시 뒤에 다시 시도하거나 다른 팀을 만나 보세요\\.";
const AT_ONCE: Duration = Duration::from_secs(1);

/// A model that never comes to an end by itself while a test looks.
fn endless() -> Script {
    Script::words(600, Duration::from_millis(100))
}

/// Waits until the card of the team says how it is doing.
async fn wait_for_card(tablet: &Tablet, words: &str) -> Result<()> {
    let said = format!(
        "return new RegExp({}).test(document.querySelector(\
         '[data-screen=teams] [data-team=skt]')?.innerText ?? '')",
        json!(words)
    );
    tablet.wait_until(words, SOON, &said).await
}

/// Waits until nobody stands in line any more.
async fn wait_for_no_line(organiser: &Organiser) -> Result<()> {
    for _ in 0..100 {
        let told = organiser.get_json("/api/teams").await?;
        let mut teams = told["teams"].as_array().into_iter().flatten();
        if teams.all(|team| team["waiting"] == 0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(Error::Unexpected("somebody still waits".to_owned()))
}

#[tokio::test]
async fn a_full_line_says_so_and_is_seen_from_afar() -> Result<()> {
    let upstream = Upstream::start(endless()).await?;
    let booth = scripted_booth(&upstream, &ONE_MAY_WAIT).await?;
    let first = Neighbour::ask(&booth, "skt").await?;
    let second = Neighbour::ask(&booth, "skt").await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let console = organiser_console(&booth, LAPTOP).await?;
    console.go("/console/teams").await?;
    let row = "return new RegExp('1명 · 약 \\\\d+초').test(document.querySelector(\
        '[data-testid=team-row][data-team=skt]')?.innerText ?? '')";
    console.wait_until("one who waits", SOON, row).await?;
    console.close().await?;

    open_chat(&tablet, "skt").await?;
    tablet
        .forgive("/v1/chat/completions was answered 503")
        .await?;
    ask(&tablet, "자리가 있나요?").await?;
    tablet.wait_for(&answer("failed")).await?;
    wait_for_words(&tablet, FULL).await?;
    assert_eq!(upstream.open(), 1);
    tablet.tap("other-teams").await?;
    tablet.wait_for_screen("teams").await?;
    wait_for_card(&tablet, "앞에 1명 · 약 \\d+초").await?;

    // As soon as somebody has left there is a place, and the same question takes it.
    drop(second);
    wait_for_no_line(&Organiser::sign_in(&booth).await?).await?;
    tablet.forgive_no_more().await?;
    let card = "[data-screen='teams'] [data-team='skt']";
    tablet.tap_on(card).await?;
    tablet.tap("chat-open").await?;
    tablet.tap("chat-retry").await?;
    tablet.wait_for(&id("queue-position")).await?;
    upstream.say(Script::words(3, Duration::ZERO));
    drop(first);
    wait_for_turns(&tablet, 1).await?;
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["model"]);
    tablet.close().await
}

#[tokio::test]
async fn a_reset_by_staff_and_a_killed_browser_let_the_service_go_within_a_second() -> Result<()> {
    let upstream = Upstream::start(endless()).await?;
    let booth = scripted_booth(&upstream, &ONE_MAY_WAIT).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let mut tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let fleet = organiser.get_json("/api/devices").await?;
    let device = fleet["devices"][0]["device_id"]
        .as_str()
        .unwrap_or_default();
    let commands = format!("/api/devices/{device}/commands");

    open_chat(&tablet, "skt").await?;
    ask(&tablet, "끝없이 이야기해 주세요").await?;
    tablet.wait_for(&answer("streaming")).await?;
    assert_eq!(upstream.open(), 1);
    let reset = json!({ "kind": "reset" });
    organiser.post_json(&commands, &reset).await?;
    upstream.wait_for_open(0, AT_ONCE).await?;
    tablet.wait_for_screen("attract").await?;

    open_chat(&tablet, "skt").await?;
    ask(&tablet, "한 번 더요").await?;
    tablet.wait_for(&answer("streaming")).await?;
    assert_eq!(upstream.open(), 1);
    tablet.check_errors().await?;
    tablet.kill()?;
    upstream.wait_for_open(0, AT_ONCE).await
}
