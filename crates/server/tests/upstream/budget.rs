//! What a team's model may use in a day.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt};
use crate::fake::{Act, Fake, end, text, words};

async fn booth(fake: &Fake, tokens_per_day: u32, keys: &str) -> Booth {
    let limits = format!("[limits]\nanswers_per_device = 20\ntokens_per_day = {tokens_per_day}\n");
    let keys = format!("fallbacks = []\nmax_tokens = 100\n{keys}");
    Booth::start(&skt(&fake.base_url, &keys, &limits)).await
}

/// What SKT's model has used so far.
async fn used(booth: &Booth) -> u64 {
    let now = booth.state.clock.now();
    let zone = booth.state.content.event.time_zone.as_str();
    let day = now.in_tz(zone).unwrap().date().to_string();
    let used = booth.state.storage.tokens_of_day(&day).await.unwrap();
    used.get("skt").copied().unwrap_or(0)
}

/// The same, once it is at least this much.
async fn used_at_least(booth: &Booth, tokens: u64) -> u64 {
    let started = Instant::now();
    loop {
        let used = used(booth).await;
        if used >= tokens {
            return used;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{used}");
        sleep(Duration::from_millis(10)).await;
    }
}

async fn model_of(booth: &Booth, token: &str) -> Value {
    let answer = booth.answer(token, &question(false)).await;
    answer["model"].clone()
}

#[tokio::test]
async fn over_its_tokens_of_the_day_the_guide_answers() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = booth(&fake, 10, "").await;
    assert_eq!(model_of(&booth, TABLET).await, "A.X-real");
    // While the first is not counted yet, its tokens are held back.
    assert_eq!(model_of(&booth, TABLET).await, "guide");
    assert_eq!(used_at_least(&booth, 1).await, 10);
    assert_eq!(model_of(&booth, TABLET).await, "guide");
}

#[tokio::test]
async fn many_answers_at_once_go_beyond_it_by_one_at_most() {
    let pieces = vec![text("네"), end(150)];
    let fake = Fake::start(Act::Paced(pieces, Duration::from_millis(100))).await;
    let booth = booth(&fake, 700, "max_concurrent = 12").await;
    let asked = (0..12).map(|n| model_of(&booth, [TABLET, OTHER_TABLET][n % 2]));
    let by = join_all(asked).await;
    let models = by.iter().filter(|model| *model == "A.X-real").count();
    // Each may need some hundred: prompts, question, answer.
    assert!((1..=3).contains(&models), "{by:?}");
    assert_eq!(fake.requests().len(), models);
    let counted = used_at_least(&booth, 150 * u64::try_from(models).unwrap()).await;
    assert!(counted < 700 + 150, "{counted}");
}

#[tokio::test]
async fn whoever_leaves_is_counted_and_holds_nothing_back() {
    let fake = Fake::start(words(&["네"])).await;
    let prompt = "말".repeat(400);
    let booth = booth(&fake, 600, &format!("system_prompt = \"{prompt}\"")).await;
    fake.next([Act::Stall(vec![text("안녕")])]);
    let mut stream = booth.stream(booth.ask(TABLET, &question(true))).await;
    stream.next_json().await;
    drop(stream);
    let counted = used_at_least(&booth, 1).await;
    // The prompts, which nobody sees, and not the hundred tokens that might have come.
    assert!((400..500).contains(&counted), "{counted}");
    assert_eq!(model_of(&booth, TABLET).await, "A.X-real");
}

#[tokio::test]
async fn a_server_that_stops_counts_first() {
    let fake = Fake::start(Act::Stall(vec![text("안녕")])).await;
    let booth = booth(&fake, 1_000, "").await;
    let mut stream = booth.stream(booth.ask(TABLET, &question(true))).await;
    stream.next_json().await;
    booth.state.chat.stop().await;
    // Not waited for: it is there.
    assert!(used(&booth).await > 0);
    let (chunks, done) = stream.rest().await;
    assert!(done);
    assert_eq!(
        chunks.last().unwrap()["error"]["code"],
        "upstream_unavailable"
    );
    assert_eq!(fake.open(), 0);
}

/// A claim that no answer can have used blocks no team, and breaks no sum.
#[tokio::test]
async fn a_claim_beyond_belief_is_bounded() {
    let claim = |total: u64| {
        let usage =
            format!("{{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":{total}}}");
        format!("data: {{\"choices\":[],\"usage\":{usage}}}\n\n")
    };
    let pieces = vec![
        text("네"),
        claim(i64::MAX.unsigned_abs()),
        "data: [DONE]\n\n".to_owned(),
    ];
    let fake = Fake::start(Act::Stream(pieces)).await;
    let booth = booth(&fake, 1_000_000, "").await;
    model_of(&booth, TABLET).await;
    let counted = used_at_least(&booth, 1).await;
    assert!(counted < 10_000, "{counted}");
    model_of(&booth, TABLET).await;
    assert_eq!(fake.requests().len(), 2);
}

/// A day nobody can read has none left: the guide answers, not an unlimited model.
#[tokio::test]
async fn without_its_database_no_limit_is_passed() {
    let fake = Fake::start(Act::Stall(vec![text("안녕")])).await;
    let booth = booth(&fake, 1_000, "max_concurrent = 1").await;
    let request = booth.ask(TABLET, &question(true));
    let mut first = booth.stream(request).await;
    first.next_json().await;
    let waits = booth
        .ask(OTHER_TABLET, &question(true))
        .header("Booth-Events", "1");
    let mut second = booth.stream(waits).await;
    second.next_json().await;
    booth.state.storage.close().await;
    drop(first);
    let (chunks, done) = second.rest().await;
    assert!(done);
    assert_eq!(chunks[0]["booth"]["served_by"], "guide");
    assert_eq!(fake.requests().len(), 1);
}
