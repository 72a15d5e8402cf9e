//! However an answer ends early, the provider is let go within a second.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt};
use crate::fake::{Act, Fake, text};

const FIRST: &str = "0193f0c2-0000-7000-8000-000000000001";
const SECOND: &str = "0193f0c2-0000-7000-8000-000000000002";
const SOON: Duration = Duration::from_secs(1);

fn stalled() -> Act {
    Act::Stall(vec![text("안녕")])
}

#[tokio::test]
async fn cancel_drops_the_upstream_request_before_it_answers() {
    let fake = Fake::start(stalled()).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let request = booth
        .ask(TABLET, &question(true))
        .header("x-request-id", FIRST);
    let mut stream = booth.stream(request).await;
    assert_eq!(
        stream.next_json().await["choices"][0]["delta"]["content"],
        "안녕"
    );
    assert_eq!(booth.cancel(OTHER_TABLET, FIRST).await, 404);
    assert_eq!(booth.cancel(TABLET, SECOND).await, 404);
    assert_eq!(fake.open(), 1);
    assert_eq!(booth.cancel(TABLET, FIRST).await, 204);
    assert!(fake.until_open(0).await < SOON);
    let (chunks, done) = stream.rest().await;
    assert!(done);
    assert_eq!(chunks.last().unwrap()["error"]["code"], "cancelled");
    assert_eq!(booth.cancel(TABLET, FIRST).await, 404);
}

#[tokio::test]
async fn cancel_before_the_first_token_is_a_status() {
    let fake = Fake::start(Act::Hang).await;
    let booth = Booth::start(&skt(&fake.base_url, "", "")).await;
    for stream in [false, true] {
        let request = booth
            .ask(TABLET, &question(stream))
            .header("x-request-id", FIRST);
        let asking = tokio::spawn(request.send());
        fake.until_open(1).await;
        assert_eq!(booth.cancel(TABLET, FIRST).await, 204);
        let response = asking.await.unwrap().unwrap();
        assert_eq!(response.status(), 409);
        // OpenAI's clients would ask again by themselves.
        assert_eq!(response.headers()["x-should-retry"], "false");
        assert_eq!(
            response.json::<Value>().await.unwrap()["error"]["code"],
            "cancelled"
        );
        assert!(fake.until_open(0).await < SOON);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_takes_the_upstream_request_along() {
    let fake = Fake::start(stalled()).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let mut stream = booth.stream(booth.ask(TABLET, &question(true))).await;
    stream.next_json().await;
    assert_eq!(fake.open(), 1);
    drop(stream);
    assert!(fake.until_open(0).await < SOON);
    for stream in [false, true] {
        fake.next([Act::Hang]);
        let asking = tokio::spawn(booth.ask(TABLET, &question(stream)).send());
        fake.until_open(1).await;
        asking.abort();
        assert!(fake.until_open(0).await < SOON);
    }
}

#[tokio::test]
async fn one_more_answer_cancels_the_oldest() {
    let fake = Fake::start(stalled()).await;
    let booth = Booth::start(&skt(
        &fake.base_url,
        "fallbacks = []\nmax_concurrent = 1",
        "",
    ))
    .await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    // With room for one, the second answer needs the first one's place.
    let mut second = booth.stream(booth.ask(TABLET, &question(true))).await;
    second.next_json().await;
    let (chunks, done) = first.rest().await;
    assert!(done);
    assert_eq!(chunks[0]["error"]["code"], "cancelled");
    assert_eq!(fake.open(), 1);
}

#[tokio::test]
async fn a_running_id_cannot_be_used_again_by_the_same_tablet() {
    let fake = Fake::start(stalled()).await;
    let limits = "[limits]\nanswers_per_device = 2\n";
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", limits)).await;
    let ask = |token| {
        booth
            .ask(token, &question(true))
            .header("x-request-id", FIRST)
    };
    let mut first = booth.stream(ask(TABLET)).await;
    first.next_json().await;
    let again = ask(TABLET).send().await.unwrap();
    assert_eq!(again.status(), 409);
    assert_eq!(again.headers()["x-should-retry"], "false");
    assert_eq!(
        again.json::<Value>().await.unwrap()["error"]["code"],
        "in_use"
    );
    assert_eq!(ask(OTHER_TABLET).send().await.unwrap().status(), 200);
    drop(first);
    // The id is free once the server has seen the client leave.
    for _ in 0..100 {
        if ask(TABLET).send().await.unwrap().status() == 200 {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("the id is still in use");
}
