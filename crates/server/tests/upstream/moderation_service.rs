//! A service that judges what is asked and answered.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt, text_of};
use crate::canaries::Log;
use crate::exposition::Samples;
use crate::fake::{Act, Fake, end, reasoning, text, words};
use crate::metrics::{after, assert_is};

const SOON: Duration = Duration::from_secs(1);
const UPSTREAM: &str = "[upstream]\nallow_private = true\nbreaker_failures = 0\n";

fn verdict(flagged: bool) -> String {
    let result = json!({"flagged": flagged, "categories": {"violence": flagged}});
    json!({"id": "m", "model": "judge", "results": [result]}).to_string()
}

fn says(flagged: bool) -> Act {
    Act::Body("application/json", verdict(flagged))
}

/// Flags what has the word 나쁜 in it.
async fn judge() -> Fake {
    Fake::answering(|text| says(text.contains("나쁜"))).await
}

/// How many texts have come to this outcome.
fn assert_judged(samples: &Samples, outcome: &str, count: f64) {
    assert_is(
        samples,
        "booth_moderation_total",
        &[("outcome", outcome)],
        count,
    );
}

/// A booth with a model and somebody who judges.
async fn booth_with(model: &Fake, judge: &Fake, keys: &str) -> Booth {
    let sections = format!(
        "{UPSTREAM}[moderation]\nbase_url = \"{}/\"\nmodel = \"judge-1\"\napi_key_env = \"SKT_KEY\"\n\
        recipient = \"Judges\"\ncountry = \"KR\"\nretention = \"none\"\n",
        judge.base_url
    );
    let keys = format!("fallbacks = []\n{keys}");
    Booth::start(&skt(&model.base_url, &keys, &sections)).await
}

fn asking(text: &str) -> Value {
    let mut body = question(false);
    body["messages"][0]["content"] = json!(text);
    body
}

async fn code(booth: &Booth, body: &Value) -> (u16, Value) {
    let response = booth.send(TABLET, body).await;
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (status, answer["error"]["code"].clone())
}

#[tokio::test]
async fn a_flagged_question_is_asked_of_nobody() {
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    for stream in [false, true] {
        let mut body = asking("나쁜 질문, 010-1234-5678");
        body["stream"] = json!(stream);
        assert_eq!(code(&booth, &body).await, (403, json!("blocked")));
        // The guide's answers are not judged, its questions are.
        body["model"] = json!("upstage");
        assert_eq!(code(&booth, &body).await, (403, json!("blocked")));
    }
    assert!(fake.requests().is_empty());
    let asked = judge.requests();
    assert_eq!(asked.len(), 4);
    for (headers, body) in &asked {
        assert_eq!(headers["authorization"], "Bearer key-of-skt");
        assert_eq!(
            body,
            &json!({"model": "judge-1", "input": "나쁜 질문, [전화번호]"})
        );
    }
    let samples = after(&booth, 4).await;
    assert_judged(&samples, "flagged", 4.0);
    let blocked = [("outcome", "blocked"), ("served_by", "none")];
    assert_is(&samples, "booth_requests_total", &blocked, 4.0);
    // What the rules stop already is put to nobody.
    assert_eq!(booth.status(TABLET, &asking("죽고 싶어요")).await, 403);
    assert_eq!(judge.requests().len(), 4);
}

#[tokio::test]
async fn an_answer_begins_once_its_question_is_judged() {
    let (fake, judge) = (Fake::start(words(&["네."])).await, judge().await);
    judge.next([Act::Paced(vec![verdict(false)], Duration::from_millis(300))]);
    let booth = booth_with(&fake, &judge, "").await;
    let asking = tokio::spawn(booth.ask(TABLET, &question(false)).send());
    judge.until_open(1).await;
    assert!(fake.requests().is_empty());
    judge.until_open(0).await;
    assert_eq!(asking.await.unwrap().unwrap().status(), 200);
    assert_eq!(fake.requests().len(), 1);
    let samples = after(&booth, 1).await;
    // The question, and the answer's one sentence.
    assert_judged(&samples, "passed", 2.0);
    assert_eq!(judge.requests()[1].1["input"], "네.");
}

#[tokio::test]
async fn whoever_is_flagged_leaves_the_line_at_once() {
    let (fake, judge) = (
        Fake::start(Act::Stall(vec![text("가")])).await,
        judge().await,
    );
    let booth = booth_with(&fake, &judge, "max_concurrent = 1").await;
    let mut first = booth.stream(booth.ask(OTHER_TABLET, &question(true))).await;
    first.next_json().await;
    judge.next([Act::Paced(vec![verdict(true)], Duration::from_millis(200))]);
    let mut body = question(true);
    body["stream"] = json!(true);
    let asked = booth.ask(TABLET, &body).header("Booth-Events", "1");
    let started = Instant::now();
    let (chunks, done) = booth.stream(asked).await.rest().await;
    assert!(done && started.elapsed() < SOON);
    assert_eq!(chunks[0]["booth"]["queue"]["position"], 1);
    assert_eq!(chunks.last().unwrap()["error"]["code"], "blocked");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn sentences_are_judged_while_the_answer_goes_on() {
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    let pieces = [text("좋은 말."), text(" 나쁜"), text(" 말. 그리고")];
    for (pieces, told) in [
        (pieces.to_vec(), "좋은 말. 나쁜 말. 그리고"),
        (vec![reasoning("나쁜 생각.")], ""),
    ] {
        let act = Act::Stall(pieces);
        fake.next([act.clone(), act]);
        let started = Instant::now();
        let (chunks, done) = booth.whole_stream().await;
        assert!(done && started.elapsed() < SOON);
        assert_eq!(text_of(&chunks), told);
        assert_eq!(chunks.last().unwrap()["error"]["code"], "blocked");
        assert!(fake.until_open(0).await < SOON);
        assert_eq!(
            code(&booth, &question(false)).await,
            (403, json!("blocked"))
        );
        assert!(fake.until_open(0).await < SOON);
    }
}

/// Its last words need no full stop to be judged, and are masked like all others.
#[tokio::test]
async fn the_last_words_are_judged_before_the_end_is_told() {
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    let act = Act::Stream(vec![text("나쁜 번호는 010-1234"), text("-5678"), end(10)]);
    fake.next([act.clone(), act]);
    let (chunks, done) = booth.whole_stream().await;
    assert!(done);
    assert_eq!(text_of(&chunks), "나쁜 번호는 [전화번호]");
    assert_eq!(chunks.last().unwrap()["error"]["code"], "blocked");
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["choices"][0]["finish_reason"].is_null())
    );
    assert_eq!(
        code(&booth, &question(false)).await,
        (403, json!("blocked"))
    );
    let asked = judge.requests();
    assert!(
        asked
            .iter()
            .all(|(_, body)| !body.to_string().contains("5678"))
    );
}

/// Text is told as it comes, however long a verdict takes.
#[tokio::test]
async fn nothing_waits_for_a_verdict_but_the_end() {
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    judge.next([says(false), Act::Hang]);
    let pieces = ["하나. ", "둘. ", "셋. ", "넷."].map(text);
    let pieces = pieces.into_iter().chain([end(10)]).collect();
    fake.next([Act::Paced(pieces, Duration::from_millis(50))]);
    let started = Instant::now();
    let mut stream = booth.stream(booth.ask(TABLET, &question(true))).await;
    let mut told = String::new();
    while told != "하나. 둘. 셋. 넷." {
        let chunk = stream.next_json().await;
        told += chunk["choices"][0]["delta"]["content"].as_str().unwrap();
    }
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    let (chunks, done) = stream.rest().await;
    assert!(done && chunks[0]["choices"][0]["finish_reason"] == "stop");
    assert!(started.elapsed() > Duration::from_secs(2));
    let inputs: Vec<Value> = judge
        .requests()
        .into_iter()
        .map(|(_, body)| body["input"].clone())
        .collect();
    // One request at a time: what is told meanwhile is judged together.
    assert_eq!(inputs, ["안녕?", "하나.", " 둘. 셋. 넷."]);
}

#[tokio::test]
async fn without_a_verdict_the_rules_alone_decide() {
    let log = Log::default();
    let _kept = log.keep();
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    let own = "own words: Bearer key-of-skt, 나쁜 질문";
    let json = |body: Value| Act::Body("application/json", body.to_string());
    let odd = [
        Act::Status(500, None, own),
        Act::Status(401, None, own),
        Act::Status(302, None, own),
        Act::Body("text/html", own.to_owned()),
        json(json!({"results": [], "own": own})),
        json(json!({"results": [{"flagged": "yes", "own": own}]})),
        json(json!([own])),
        Act::Body("application/json", " ".repeat(70_000) + &verdict(true)),
        Act::Cut(vec![verdict(true)]),
        Act::Hang,
    ];
    let count = odd.len();
    for act in odd {
        let started = Instant::now();
        judge.next([act.clone(), act.clone()]);
        assert_eq!(
            booth.status(TABLET, &asking("나쁜 질문")).await,
            200,
            "{act:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(5), "{act:?}");
        assert_eq!(booth.status(TABLET, &asking("죽고 싶어요")).await, 403);
    }
    let answers = u32::try_from(count).unwrap();
    let samples = after(&booth, answers).await;
    assert_judged(&samples, "failed", f64::from(2 * answers));
    let logged = log.until("no verdict", 2 * count).await;
    for secret in ["나쁜", "죽고", "key-of-skt", "own words"] {
        assert!(!logged.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_service_that_is_away_is_spared() {
    let fake = Fake::start(words(&["네"])).await;
    let judge = Fake::start(Act::Status(500, None, "")).await;
    let sections = format!(
        "[upstream]\nallow_private = true\nbreaker_failures = 2\nbreaker_open_secs = 60\n\
        [moderation]\nbase_url = \"{}\"\n",
        judge.base_url
    );
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", &sections)).await;
    for _ in 0..3 {
        assert_eq!(booth.status(TABLET, &question(false)).await, 200);
    }
    assert_eq!(judge.requests().len(), 2);
    let samples = after(&booth, 3).await;
    assert_judged(&samples, "failed", 6.0);
}

#[tokio::test]
async fn a_private_address_is_not_reached_unless_allowed() {
    let judge = judge().await;
    let section = format!("[moderation]\nbase_url = \"{}\"\n", judge.base_url);
    let booth = Booth::start(&section).await;
    assert_eq!(booth.status(TABLET, &asking("나쁜 질문")).await, 200);
    assert!(judge.requests().is_empty());
}

#[tokio::test]
async fn a_visitor_who_leaves_takes_the_request_along() {
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    judge.next([Act::Stall(vec!["{".to_owned()])]);
    let asking = tokio::spawn(booth.ask(TABLET, &question(false)).send());
    judge.until_open(1).await;
    asking.abort();
    assert!(judge.until_open(0).await < SOON);
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn visitors_are_told_who_judges() {
    let (fake, judge) = (Fake::start(words(&["네"])).await, judge().await);
    let booth = booth_with(&fake, &judge, "").await;
    let event = booth.get("/api/event").send().await.unwrap();
    let event: Value = event.json().await.unwrap();
    let teams: Vec<&Value> = event["teams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|team| &team["id"])
        .collect();
    let recipients = event["privacy_notice"]["recipients"].as_array().unwrap();
    assert_eq!(recipients.len(), 2);
    assert_eq!(
        recipients[1],
        json!({"teams": teams, "name": "Judges", "country": "KR", "retention": "none", "trains_on_input": false})
    );
}
