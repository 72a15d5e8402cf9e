//! A real model on this machine, whole way from a tablet: asked, stopped, waited for, and killed in the
//! middle of a word.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, LocalModel, Neighbour, Result, Tablet, id};

use crate::visit::{SOON, answer, answer_text, ask, open_chat, wait_for_growth, wait_for_words};

/// It speaks English alone.
const SHORT: &str = "Name three colours.";
const LONG: &str = "Tell me a very long story about a lighthouse.";
const LOST: &str = "The team's service could not answer\\. Try again, or meet another team\\.";
const GUIDE: &str = "The guide answered instead\\. This is not the team's model\\.";
/// How often a model that is back may be missed, until the service is no longer spared.
const TRIES: usize = 5;

async fn booth_with(model: &LocalModel) -> Result<Booth> {
    let base_url = model.base_url();
    let settings = [
        ("BOOTH_TEAMS__SKT__DIALECT", "openai"),
        ("BOOTH_TEAMS__SKT__BASE_URL", base_url.as_str()),
        ("BOOTH_TEAMS__SKT__MODEL", model.name()),
        ("BOOTH_TEAMS__SKT__MAX_CONCURRENT", "1"),
        ("BOOTH_TEAMS__SKT__MAX_TOKENS", "400"),
        ("BOOTH_UPSTREAM__ALLOW_PRIVATE", "true"),
        ("BOOTH_UPSTREAM__RETRIES", "0"),
        ("BOOTH_UPSTREAM__BREAKER_FAILURES", "1"),
        ("BOOTH_UPSTREAM__BREAKER_OPEN_SECS", "2"),
    ];
    Booth::start_with(&settings).await
}

/// Asks, and answers who gave the answer in the end.
async fn ask_whom(tablet: &Tablet, question: &str, turn: usize) -> Result<String> {
    ask(tablet, question).await?;
    wait_for_end(tablet, turn).await
}

async fn wait_for_end(tablet: &Tablet, turn: usize) -> Result<String> {
    let all = "[...document.querySelectorAll('[data-testid=message][data-role=assistant]')]";
    let done = format!("return {all}.length === {turn} && {all}.at(-1).dataset.state === 'done'");
    tablet.wait_until("a whole answer", 3 * SOON, &done).await?;
    assert!(!answer_text(tablet).await?.trim().is_empty());
    let by = tablet
        .script(&format!("return {all}.at(-1).dataset.servedBy"))
        .await?;
    Ok(by.as_str().unwrap_or_default().to_owned())
}

/// Whether the service is spared, as `/metrics` tells.
async fn is_spared(booth: &Booth) -> Result<bool> {
    let told = reqwest::get(format!("{}/metrics", booth.url())).await?;
    let told = told.text().await?;
    let mut lines = told
        .lines()
        .filter(|line| line.starts_with("booth_breaker_state{") && line.contains("\"skt\""));
    Ok(lines.any(|line| !line.ends_with(" 0")))
}

#[tokio::test]
async fn a_real_model_is_asked_stopped_waited_for_and_missed_while_it_is_dead() -> Result<()> {
    let Some(mut model) = LocalModel::start().await? else {
        eprintln!("not made: `cargo xtask test --long` installs a model and sets LOCAL_MODEL");
        return Ok(());
    };
    let booth = booth_with(&model).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    tablet.tap("language-en").await?;
    open_chat(&tablet, "skt").await?;
    assert_eq!(ask_whom(&tablet, SHORT, 1).await?, "model");

    ask(&tablet, LONG).await?;
    tablet.wait_for(&answer("streaming")).await?;
    wait_for_growth(&tablet, 20).await?;
    tablet.tap("chat-stop").await?;
    tablet.wait_for(&answer("stopped")).await?;

    // Somebody is before us, and goes.
    let neighbour = Neighbour::ask_this(&booth, "skt", LONG).await?;
    ask(&tablet, SHORT).await?;
    tablet.wait_for(&id("queue-position")).await?;
    drop(neighbour);
    assert_eq!(wait_for_end(&tablet, 3).await?, "model");

    ask(&tablet, LONG).await?;
    tablet.wait_for(&answer("streaming")).await?;
    wait_for_growth(&tablet, 20).await?;
    model.kill()?;
    tablet.wait_for(&answer("failed")).await?;
    wait_for_words(&tablet, LOST).await?;
    assert!(answer_text(&tablet).await?.chars().count() >= 20);

    // Until it is back somebody else answers, and says so.
    assert_eq!(ask_whom(&tablet, SHORT, 5).await?, "guide");
    wait_for_words(&tablet, GUIDE).await?;
    assert!(is_spared(&booth).await?);
    assert_eq!(ask_whom(&tablet, SHORT, 6).await?, "guide");

    model.restart().await?;
    let mut by = String::new();
    for turn in 7..7 + TRIES {
        by = ask_whom(&tablet, SHORT, turn).await?;
        if by == "model" {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(by, "model");
    assert!(!is_spared(&booth).await?);
    tablet.close().await
}
