//! The whole path, with nothing configured.

use e2e::{Booth, Error, LANDSCAPE, Organiser, Result, Tablet, id, receipt_of};
use serde_json::Value;

use crate::visit::{SOON, answer, ask_starter, open_form, open_team, wait_for_delivery};

const TEAMS: [&str; 5] = ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"];

#[tokio::test]
async fn a_visit_reaches_the_organiser() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;

    tablet.tap("start").await?;
    tablet.wait_for_screen("teams").await?;
    let teams = tablet.attributes(&id("team-card"), "data-team").await?;
    assert_eq!(teams, TEAMS);

    ask_starter(&tablet, "skt").await?;
    let roles = tablet.attributes(&id("message"), "data-role").await?;
    assert_eq!(roles, ["user", "assistant"]);
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["guide"]);
    let said = tablet
        .wait_for(&format!("{} {}", answer("done"), id("message-text")))
        .await?;
    assert!(said.text().await?.chars().count() > 10);

    open_form(&tablet).await?;
    tablet.tap("rating-4").await?;
    tablet.tap("feedback-tag").await?;
    tablet.tap("feedback-submit").await?;
    tablet.wait_for_screen("thanks").await?;
    let receipt = tablet.text("receipt").await?;
    wait_for_delivery(&tablet, "sent").await?;
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("attract").await?;
    tablet.close().await?;

    let organiser = Organiser::sign_in(&booth).await?;
    organiser.wait_for("outcome", 1, SOON).await?;
    let entries = organiser.export().await?;
    assert_eq!(entries.len(), 2, "{entries:?}");
    let visits = organiser.export_of("visit").await?;
    let [visit] = visits.as_slice() else {
        return Err(Error::Unexpected(format!("{visits:?}")));
    };
    assert_eq!(
        receipt_of(visit["visit_id"].as_str().unwrap_or_default()),
        receipt
    );
    assert_eq!(visit["rating"], 4);
    assert_eq!(visit["team"], "skt");
    assert_eq!(visit["consent"], "rating");
    assert_eq!(visit["tags"].as_array().map(Vec::len), Some(1));
    assert_eq!(visit["served"]["guide"], 1);
    assert_eq!(visit["served"]["model"], 0);
    for field in ["comment", "exchange", "conversation", "thumb"] {
        assert_eq!(visit[field], Value::Null, "{field}");
    }

    let outcomes = organiser.export_of("outcome").await?;
    assert_eq!(outcomes[0]["visit_id"], visit["visit_id"]);
    assert_eq!(outcomes[0]["outcome"]["ended_by"], "submit");
    assert_eq!(outcomes[0]["outcome"]["turns"], 1);
    let mut numbers: Vec<_> = entries.iter().map(|entry| entry["seq"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [Some(1), Some(2)]);
    let listed = organiser.list().await?;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    Ok(())
}

/// How many taps the browser counted at one spot.
const COUNT_TAPS: &str =
    "addEventListener('mousedown', (event) => { window.taps = event.detail }, true)";

#[tokio::test]
async fn a_double_tap_is_one_tap() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    // Where the start button was, the next screen has a team's card.
    tablet.tap_times("start", 2).await?;
    tablet.wait_for_screen("teams").await?;
    tablet
        .tap_on("[data-screen='teams'] [data-team='nc-ai']")
        .await?;
    tablet.tap("chat-open").await?;
    for _ in 0..3 {
        tablet.type_into("chat-input", "파트너는 누구예요?").await?;
        tablet.script(COUNT_TAPS).await?;
        // Where the send button was, there is now the one that stops.
        tablet.tap_times("chat-send", 2).await?;
        let over = format!("{}, {}", answer("done"), answer("stopped"));
        tablet.wait_for(&over).await?;
        // On a busy machine a driver's two taps may lie too far apart to be a double tap.
        if tablet.script("return window.taps").await? == 2 {
            assert_eq!(tablet.count(&answer("stopped")).await?, 0);
            return tablet.close().await;
        }
        tablet.tap("start-over").await?;
        tablet.wait_for_screen("attract").await?;
        open_team(&tablet, "nc-ai").await?;
        tablet.tap("chat-open").await?;
    }
    Err(Error::Unexpected("no double tap came about".to_owned()))
}

#[tokio::test]
async fn the_page_allows_nothing_inline() -> Result<()> {
    let booth = Booth::start().await?;
    for path in ["/", "/any/other/page"] {
        let answer = reqwest::get(format!("{}{path}", booth.url())).await?;
        assert_eq!(answer.status(), 200);
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(!policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(!header("referrer-policy").is_empty());
        assert!(!header("permissions-policy").is_empty());
    }
    Ok(())
}
