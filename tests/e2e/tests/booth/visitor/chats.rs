//! One chat for each demo: it stays while the visitor is elsewhere, and keeps to itself.

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream, id};

use crate::visit::{ask, open_chat, scripted_booth, wait_for_turns};

/// What all messages of the chat say.
async fn said(tablet: &Tablet) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll(\
        '[data-testid=message] [data-testid=message-text]')].map((each) => each.textContent.trim())";
    Ok(serde_json::from_value(tablet.script(script).await?)?)
}

/// From a chat to its team's page, where another demo is chosen, and into its chat.
async fn change_demo(tablet: &Tablet, demo: &str) -> Result<()> {
    tablet.tap("back").await?;
    tablet.wait_for_screen("team").await?;
    let card = format!("{}[data-demo='{demo}']", id("demo-card"));
    tablet.tap_on(&card).await?;
    tablet
        .wait_for(&format!("{card}[aria-pressed='true']"))
        .await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await
}

/// From a chat to the page of another team.
async fn change_team(tablet: &Tablet, team: &str) -> Result<()> {
    tablet.tap("back").await?;
    tablet.wait_for_screen("team").await?;
    // Two taps at one spot, one right after the other, would be a double tap.
    tablet.tap("team-title").await?;
    tablet.tap("back").await?;
    tablet.wait_for_screen("teams").await?;
    tablet
        .tap_on(&format!("[data-screen='teams'] [data-team='{team}']"))
        .await?;
    tablet.wait_for_screen("team").await
}

/// What stands in the field.
async fn expect_draft(tablet: &Tablet, text: &str) -> Result<()> {
    let value = "return document.querySelector('[data-testid=chat-input]').value";
    assert_eq!(tablet.script(value).await?, text);
    Ok(())
}

#[tokio::test]
async fn each_demo_keeps_its_own_chat() -> Result<()> {
    let upstream = Upstream::start(Script::echo(", 그렇군요")).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "사과").await?;
    wait_for_turns(&tablet, 1).await?;
    assert_eq!(said(&tablet).await?, ["사과", "사과, 그렇군요"]);

    tablet.type_into("chat-input", "아직 쓰는 중").await?;

    change_demo(&tablet, "languages").await?;
    assert_eq!(tablet.count(&id("message")).await?, 0);
    expect_draft(&tablet, "").await?;
    ask(&tablet, "바다").await?;
    wait_for_turns(&tablet, 1).await?;
    assert_eq!(said(&tablet).await?, ["바다", "바다, 그렇군요"]);

    change_team(&tablet, "upstage").await?;
    tablet.tap("prompt-chip").await?;
    wait_for_turns(&tablet, 1).await?;
    change_team(&tablet, "skt").await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await?;
    assert_eq!(said(&tablet).await?, ["바다", "바다, 그렇군요"]);
    tablet.tap("language-en").await?;
    change_demo(&tablet, "chat").await?;
    expect_draft(&tablet, "아직 쓰는 중").await?;
    assert_eq!(said(&tablet).await?, ["사과", "사과, 그렇군요"]);

    // A way to go on is a question asked at once, in the visitor's language.
    let chips = tablet.count(&id("follow-up")).await?;
    assert!(chips > 1, "{chips}");
    tablet.tap("follow-up").await?;
    wait_for_turns(&tablet, 2).await?;
    let said = said(&tablet).await?;
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said[2].is_ascii(), "{said:?}");
    assert_eq!(said[3], format!("{}, 그렇군요", said[2]));

    let requests = upstream.requests();
    let texts: Vec<String> = requests.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(!texts[1].contains("사과"), "{}", texts[1]);
    assert!(
        !texts[2].contains("바다") && texts[2].contains("사과"),
        "{}",
        texts[2]
    );
    tablet.close().await
}
