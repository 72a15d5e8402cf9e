//! One chat for each demo: it stays while the visitor is elsewhere, and keeps to itself.

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream, id};

use crate::visit::{answer, answer_text, ask, open_chat, scripted_booth};

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

#[tokio::test]
async fn each_demo_keeps_its_own_chat() -> Result<()> {
    let upstream = Upstream::start(Script::echo(", 그렇군요")).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "사과").await?;
    tablet.wait_for(&answer("done")).await?;
    assert_eq!(said(&tablet).await?, ["사과", "사과, 그렇군요"]);

    change_demo(&tablet, "languages").await?;
    assert_eq!(tablet.count(&id("message")).await?, 0);
    ask(&tablet, "바다").await?;
    tablet.wait_for(&answer("done")).await?;
    assert_eq!(said(&tablet).await?, ["바다", "바다, 그렇군요"]);

    tablet.tap("back").await?;
    tablet.wait_for_screen("team").await?;
    tablet.tap("back").await?;
    tablet.wait_for_screen("teams").await?;
    tablet
        .tap_on("[data-screen='teams'] [data-team='upstage']")
        .await?;
    tablet.tap("prompt-chip").await?;
    tablet.wait_for(&answer("done")).await?;
    assert_eq!(tablet.count(&id("message")).await?, 2);

    for _ in 0..2 {
        tablet.tap("back").await?;
        // The head is made anew with its screen.
        tablet.wait_until_still().await?;
    }
    tablet.wait_for_screen("teams").await?;
    tablet
        .tap_on("[data-screen='teams'] [data-team='skt']")
        .await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await?;
    assert_eq!(said(&tablet).await?, ["바다", "바다, 그렇군요"]);
    tablet.tap("language-en").await?;
    change_demo(&tablet, "chat").await?;
    assert_eq!(said(&tablet).await?, ["사과", "사과, 그렇군요"]);

    // A way to go on is a question asked at once, in the visitor's language.
    let chips = tablet.count(&id("follow-up")).await?;
    assert!(chips > 1, "{chips}");
    tablet.tap("follow-up").await?;
    tablet
        .wait_until_gone(&format!("{} + * {}", id("message"), answer("done")))
        .await?;
    tablet.wait_for(&answer("done")).await?;
    let said = said(&tablet).await?;
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said[2].is_ascii(), "{said:?}");
    assert_eq!(said[3], format!("{}, 그렇군요", said[2]));
    assert!(answer_text(&tablet).await?.contains("그렇군요"));

    let requests = upstream.requests();
    let texts: Vec<String> = requests.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 3, "{texts:?}");
    assert!(!texts[1].contains("사과"), "{}", texts[1]);
    assert!(!texts[2].contains("바다") && texts[2].contains("사과"), "{}", texts[2]);
    tablet.close().await
}
