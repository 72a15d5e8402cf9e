//! A service that fails is spared for a while, and one service stays one, whoever's tables name it.

use std::time::Duration;

use futures_util::future::join_all;
use kiosk_server::storage::ClosedTeams;
use kiosk_wire::device::{TeamState, TeamStatus};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt};
use crate::fake::{Act, Fake, text, words};

fn broken() -> Act {
    Act::Status(500, None, "")
}

fn sparing(failures: u32, secs: u32) -> String {
    format!(
        "[upstream]\nallow_private = true\nretries = 0\nbreaker_failures = {failures}\nbreaker_open_secs = {secs}\n\
        [limits]\nanswers_per_device = 20\n"
    )
}

async fn status(booth: &Booth, team: &str) -> TeamStatus {
    let statuses = booth.state.chat.team_statuses(ClosedTeams::new()).await;
    statuses
        .into_iter()
        .find(|status| status.id == team)
        .unwrap()
}

#[tokio::test]
async fn a_service_that_fails_is_not_asked_any_more() {
    let fake = Fake::start(broken()).await;
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", &sparing(5, 15))).await;
    for _ in 0..5 {
        assert_eq!(booth.status(TABLET, &question(true)).await, 503);
    }
    for stream in [false, true] {
        let refused = booth.send(TABLET, &question(stream)).await;
        assert_eq!(refused.status(), 503);
        let secs = refused.headers()["retry-after"].to_str().unwrap().parse();
        assert!((10..=15).contains(&secs.unwrap()));
        let error: Value = refused.json().await.unwrap();
        assert_eq!(error["error"]["code"], "upstream_unavailable");
    }
    assert_eq!(fake.requests().len(), 5);
    // Without anybody to stand in for it, it is as open as a team can be.
    assert_eq!(status(&booth, "skt").await.state, TeamState::Open);
}

#[tokio::test]
async fn tries_after_the_first_are_spared_too() {
    let fake = Fake::start(broken()).await;
    let upstream = sparing(2, 15).replace("retries = 0", "retries = 9");
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", &upstream)).await;
    assert_eq!(booth.status(TABLET, &question(true)).await, 503);
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn a_refusal_says_nothing_about_the_service() {
    let fake = Fake::start(broken()).await;
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", &sparing(2, 15))).await;
    for act in [400, 429, 401, 404].map(|status| Act::Status(status, None, "")) {
        fake.next([act, broken()]);
        booth.status(TABLET, &question(true)).await;
        booth.status(TABLET, &question(true)).await;
    }
    assert_eq!(fake.requests().len(), 8);
    booth.status(TABLET, &question(true)).await;
    booth.status(TABLET, &question(true)).await;
    // The one before was the first of two in a row.
    assert_eq!(fake.requests().len(), 9);
}

#[tokio::test]
async fn after_a_pause_one_of_many_tries_it_and_the_guide_answers_the_others() {
    let fake = Fake::start(words(&["네"])).await;
    let keys = "max_concurrent = 10";
    let booth = Booth::start(&skt(&fake.base_url, keys, &sparing(1, 1))).await;
    fake.next([broken(), Act::Hang]);
    assert_eq!(
        booth.answer(TABLET, &question(false)).await["model"],
        "guide"
    );
    assert_eq!(status(&booth, "skt").await.state, TeamState::Guide);
    let opened = Instant::now();
    let probe = loop {
        let asked = tokio::spawn(booth.ask(TABLET, &question(false)).send());
        while !asked.is_finished() && fake.open() == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        if fake.open() == 1 {
            break asked;
        }
        assert!(opened.elapsed() < Duration::from_secs(5), "nobody tries it");
        // A tablet may ask sixty times a minute.
        sleep(Duration::from_millis(200)).await;
    };
    assert!(opened.elapsed() > Duration::from_millis(700));
    let body = question(false);
    let asked = (0..5).map(|_| booth.answer(OTHER_TABLET, &body));
    let models = join_all(asked).await;
    assert!(
        models.iter().all(|answer| answer["model"] == "guide"),
        "{models:?}"
    );
    assert_eq!(fake.requests().len(), 2);
    // Whoever tried it leaves: the next one finds that it is well, and everybody is answered by it.
    probe.abort();
    fake.until_open(0).await;
    let mut models = Vec::new();
    while models.last() != Some(&json!("A.X-real")) {
        assert!(models.len() < 20, "{models:?}");
        models.push(booth.answer(OTHER_TABLET, &body).await["model"].clone());
    }
    assert_eq!(status(&booth, "skt").await.state, TeamState::Open);
    let models = join_all((0..5).map(|_| booth.answer(OTHER_TABLET, &body))).await;
    assert!(
        models.iter().all(|answer| answer["model"] == "A.X-real"),
        "{models:?}"
    );
}

/// Two teams at one service: `keys` are those of SKT's, the other one names no key.
async fn two_teams(fake: &Fake, keys: &str, sections: &str) -> Booth {
    let table = skt(&fake.base_url, &format!("fallbacks = []\n{keys}"), sections);
    // A slash more is no other address.
    let base_url = format!("{}/", fake.base_url);
    Booth::start(&format!(
        "{table}\n[teams.upstage]\nbase_url = \"{base_url}\"\nmodel = \"A.X-real\"\nmax_concurrent = 1\nrecipient = \"Tests\"\nfallbacks = []\n"
    ))
    .await
}

fn to_upstage() -> Value {
    let mut body = question(true);
    body["model"] = json!("upstage");
    body
}

#[tokio::test]
async fn teams_at_one_service_stand_in_one_line() {
    let fake = Fake::start(Act::Stall(vec![text("가")])).await;
    let booth = two_teams(&fake, "max_concurrent = 3", "").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let waits = booth
        .ask(OTHER_TABLET, &to_upstage())
        .header("Booth-Events", "1");
    let mut second = booth.stream(waits).await;
    assert_eq!(second.next_json().await["booth"]["queue"]["position"], 1);
    assert_eq!((fake.open(), fake.requests().len()), (1, 1));
    assert_eq!(status(&booth, "skt").await.waiting, 1);
    assert_eq!(status(&booth, "upstage").await.waiting, 1);
    drop(first);
    assert_eq!(second.next_json().await["booth"]["served_by"], "model");
}

#[tokio::test]
async fn another_key_is_another_service() {
    let fake = Fake::start(Act::Stall(vec![text("가")])).await;
    let booth = two_teams(&fake, "max_concurrent = 1\napi_key_env = \"SKT_KEY\"", "").await;
    let mut first = booth.stream(booth.ask(TABLET, &question(true))).await;
    first.next_json().await;
    let mut second = booth.stream(booth.ask(OTHER_TABLET, &to_upstage())).await;
    second.next_json().await;
    assert_eq!(fake.open(), 2);
}

#[tokio::test]
async fn what_one_team_finds_broken_the_other_one_spares() {
    let fake = Fake::start(broken()).await;
    let booth = two_teams(&fake, "", &sparing(2, 15)).await;
    assert_eq!(booth.status(TABLET, &question(true)).await, 503);
    assert_eq!(booth.status(TABLET, &to_upstage()).await, 503);
    assert_eq!(booth.status(TABLET, &question(true)).await, 503);
    assert_eq!(booth.status(TABLET, &to_upstage()).await, 503);
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn a_team_whose_day_is_spent_is_told_as_the_guides() {
    let fake = Fake::start(words(&["네"])).await;
    let limits = "[limits]\ntokens_per_day = 10\n";
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", limits)).await;
    assert_eq!(status(&booth, "skt").await.state, TeamState::Open);
    assert_eq!(booth.status(TABLET, &question(false)).await, 200);
    let asked = Instant::now();
    while status(&booth, "skt").await.state != TeamState::Guide {
        assert!(asked.elapsed() < Duration::from_secs(5));
        sleep(Duration::from_millis(5)).await;
    }
}
