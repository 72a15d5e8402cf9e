//! A team whose model runs: streaming, stopping, asking again, changing the language.

use std::time::Duration;

use e2e::{LANDSCAPE, Result, Script, Tablet, Upstream, id};

use crate::visit::{
    answer, answer_text, ask, open_chat, scripted_booth, wait_for_turns, wait_for_words,
};

const PACE: Duration = Duration::from_millis(100);
const QUESTION: &str = "숫자를 세어 줄래요?";

#[tokio::test]
async fn an_answer_streams_stops_and_can_be_asked_again() -> Result<()> {
    let upstream = Upstream::start(Script::words(200, PACE)).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;

    ask(&tablet, QUESTION).await?;
    tablet.wait_for(&answer("streaming")).await?;
    let mut lengths = Vec::new();
    for _ in 0..5 {
        tokio::time::sleep(5 * PACE).await;
        lengths.push(answer_text(&tablet).await?.len());
    }
    assert!(
        lengths.is_sorted_by(|shorter, longer| shorter < longer),
        "{lengths:?}"
    );
    assert_eq!(tablet.count(&answer("streaming")).await?, 1);
    assert_eq!(upstream.open(), 1);

    tablet.tap("chat-stop").await?;
    upstream.wait_for_open(0, Duration::from_secs(1)).await?;
    tablet.wait_for(&answer("stopped")).await?;
    wait_for_words(&tablet, "멈췄어요").await?;
    let kept = answer_text(&tablet).await?;
    assert!(kept.contains("낱말1"), "{kept}");

    let whole = Script::words(12, Duration::from_millis(10));
    upstream.say(whole.clone());
    let again = format!("{}, {}", id("chat-regenerate"), id("chat-retry"));
    tablet.tap_on(&again).await?;
    tablet.wait_for(&answer("done")).await?;
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["model"]);
    assert_eq!(answer_text(&tablet).await?.trim(), whole.text().trim());
    assert_eq!(tablet.count(&id("message")).await?, 2);

    let requests = upstream.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(request["model"], "scripted-model");
        let messages = request["messages"].as_array().cloned().unwrap_or_default();
        assert_eq!(
            messages.first().map(|first| &first["role"]),
            Some(&"system".into())
        );
        assert_eq!(
            messages.last().map(|last| &last["role"]),
            Some(&"user".into())
        );
        assert!(
            messages
                .last()
                .is_some_and(|last| last.to_string().contains(QUESTION))
        );
    }
    tablet.close().await
}

#[tokio::test]
async fn a_change_of_language_keeps_the_chat() -> Result<()> {
    let upstream = Upstream::start(Script::words(12, Duration::from_millis(10))).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, QUESTION).await?;
    tablet.wait_for(&answer("done")).await?;
    let korean = tablet.text("visit-end").await?;
    let before = answer_text(&tablet).await?;

    tablet.tap("language-en").await?;
    let english = "return document.documentElement.lang === 'en'";
    tablet
        .wait_until("an English page", Duration::from_secs(5), english)
        .await?;
    assert_ne!(tablet.text("visit-end").await?, korean);
    assert_eq!(tablet.screen().await?, "chat");
    assert_eq!(tablet.count(&id("message")).await?, 2);
    assert_eq!(answer_text(&tablet).await?, before);

    tablet.tap("language-ko").await?;
    let back = "return document.documentElement.lang === 'ko'";
    tablet
        .wait_until("a Korean page", Duration::from_secs(5), back)
        .await?;
    assert_eq!(tablet.text("visit-end").await?, korean);
    tablet.close().await
}

#[tokio::test]
async fn a_model_that_is_away_is_replaced_by_the_guide() -> Result<()> {
    let upstream = Upstream::start(Script::words(1, PACE)).await?;
    let booth = scripted_booth(&upstream, &[]).await?;
    drop(upstream);
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, "이 모델은 무엇을 할 수 있나요?").await?;
    tablet.wait_for(&answer("done")).await?;
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["guide"]);
    tablet.close().await
}

#[tokio::test]
async fn another_model_that_stands_in_is_named_in_place_of_the_teams_own() -> Result<()> {
    let upstream = Upstream::start(Script::words(2, Duration::ZERO)).await?;
    let other = Upstream::start(Script::words(3, Duration::ZERO)).await?;
    let fallbacks = format!(
        "[{{ base_url = \"{}\", model = \"other-model-7b\" }}]",
        other.base_url()
    );
    let more = [
        ("BOOTH_TEAMS__SKT__FALLBACKS", fallbacks.as_str()),
        ("BOOTH_UPSTREAM__RETRIES", "0"),
    ];
    let booth = scripted_booth(&upstream, &more).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    ask(&tablet, QUESTION).await?;
    wait_for_turns(&tablet, 1).await?;

    upstream.say(Script::refusal(500));
    ask(&tablet, QUESTION).await?;
    wait_for_turns(&tablet, 2).await?;
    wait_for_words(&tablet, "other-model-7b").await?;
    assert!(answer_text(&tablet).await?.contains("낱말3"));
    assert_eq!(other.requests().len(), 1);

    let names = tablet.attributes(&answer("done"), "aria-label").await?;
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["model", "model"]);
    let [own, stand_in] = &names[..] else {
        panic!("{names:?}");
    };
    assert!(stand_in.contains("other-model-7b"), "{names:?}");
    assert!(!own.contains("other-model-7b"), "{names:?}");
    let of_own = format!(
        "return [...document.querySelectorAll('[data-role=assistant]')].map((each) => each.textContent \
         .includes({}))",
        serde_json::json!(own.split("의 ").next())
    );
    assert_eq!(
        tablet.script(&of_own).await?,
        serde_json::json!([true, false])
    );
    tablet.close().await
}
