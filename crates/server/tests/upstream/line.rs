//! Waiting in line.

use std::time::Duration;

use kiosk_server::storage::ClosedTeams;
use kiosk_wire::device::TeamState;
use serde_json::Value;

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt};
use crate::fake::{Act, Fake, text, words};

async fn booth_for_one(fake: &Fake, limits: &str, keys: &str) -> Booth {
    let keys = format!("max_concurrent = 1\n{keys}");
    Booth::start(&skt(
        &fake.base_url,
        &keys,
        &format!("[limits]\n{limits}\n"),
    ))
    .await
}

#[tokio::test]
async fn whoever_waits_is_told_the_place_and_is_answered_next() {
    let fake = Fake::start(words(&["네"])).await;
    fake.next([Act::Stall(vec![text("가")])]);
    let booth = booth_for_one(&fake, "", "fallbacks = []").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let request = booth
        .ask(OTHER_TABLET, &question(true))
        .header("Booth-Events", "1");
    let mut second = booth.stream(request).await;
    let queue = second.next_json().await;
    assert_eq!(queue["booth"]["queue"]["position"], 1);
    assert!(queue["booth"]["queue"]["wait_secs"].as_u64() > Some(0));
    assert_eq!(
        (queue["choices"].as_array().map(Vec::len), &queue["model"]),
        (Some(0), &"A.X-real".into())
    );
    let status = booth
        .state
        .chat
        .team_statuses(ClosedTeams::new())
        .await
        .into_iter()
        .find(|team| team.id == "skt")
        .unwrap();
    assert_eq!((status.state, status.waiting), (TeamState::Open, 1));
    drop(first);
    let (chunks, done) = second.rest().await;
    assert!(done);
    assert_eq!(chunks[0]["booth"]["served_by"], "model");
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn leaving_the_line_makes_room() {
    let fake = Fake::start(Act::Stall(vec![text("가")])).await;
    let booth = booth_for_one(&fake, "", "fallbacks = []").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let waiting = booth
        .stream(
            booth
                .ask(OTHER_TABLET, &question(true))
                .header("Booth-Events", "1"),
        )
        .await;
    let count = async || {
        let statuses = booth.state.chat.team_statuses(ClosedTeams::new()).await;
        statuses.iter().map(|team| team.waiting).sum::<u32>()
    };
    assert_eq!(count().await, 1);
    drop(waiting);
    for _ in 0..100 {
        if count().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((count().await, fake.requests().len()), (0, 1));
}

#[tokio::test]
async fn a_full_line_is_refused_and_the_guide_is_no_way_around() {
    let fake = Fake::start(Act::Stall(vec![text("가")])).await;
    let booth = booth_for_one(&fake, "queue_len = 0", "").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let refused = booth.send(OTHER_TABLET, &question(true)).await;
    assert_eq!(refused.status(), 503);
    assert!(
        refused.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse::<u64>()
            .unwrap()
            >= 1
    );
    let error = refused.json::<Value>().await.unwrap();
    assert_eq!(error["error"]["code"], "queue_full");
    // What to do meanwhile.
    let sentence = error["error"]["message"].as_str().unwrap();
    assert!(sentence.contains("다른 팀"), "{sentence}");
}

#[tokio::test]
async fn a_newer_question_of_a_tablet_takes_over_its_place() {
    let fake = Fake::start(words(&["네"])).await;
    fake.next([Act::Stall(vec![text("가")])]);
    let limits = "queue_len = 1\nanswers_per_device = 3";
    let booth = booth_for_one(&fake, limits, "fallbacks = []").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let ask = || {
        booth
            .ask(OTHER_TABLET, &question(true))
            .header("Booth-Events", "1")
    };
    let mut older = booth.stream(ask()).await;
    assert_eq!(older.next_json().await["booth"]["queue"]["position"], 1);
    let mut newer = booth.stream(ask()).await;
    assert_eq!(newer.next_json().await["booth"]["queue"]["position"], 1);
    let (chunks, done) = older.rest().await;
    assert!(done);
    assert_eq!(chunks.last().unwrap()["error"]["code"], "cancelled");
    drop(first);
    let (chunks, done) = newer.rest().await;
    assert!(done);
    assert_eq!(chunks[0]["booth"]["served_by"], "model");
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn after_the_longest_wait_the_guide_answers() {
    let fake = Fake::start(Act::Stall(vec![text("가")])).await;
    let booth = booth_for_one(&fake, "queue_wait_secs = 1", "").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let answer = booth.send(OTHER_TABLET, &question(false)).await;
    assert_eq!(
        answer.json::<Value>().await.unwrap()["system_fingerprint"],
        "guide"
    );
    assert_eq!(fake.requests().len(), 1);
}
