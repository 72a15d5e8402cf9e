//! Requests that are refused before anybody is asked.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt};
use crate::fake::{Fake, words};

const IN_TIME: Duration = Duration::from_secs(5);

async fn code(booth: &Booth, body: impl Into<reqwest::Body>) -> (u16, String) {
    let request = booth
        .post("/v1/chat/completions")
        .bearer_auth(TABLET)
        .header("content-type", "application/json");
    let response = request.body(body).send().await.unwrap();
    let status = response.status().as_u16();
    let error: Value = response.json().await.unwrap();
    assert!(
        !error["error"]["message"].as_str().unwrap().is_empty()
            && error["error"]["type"].is_string()
    );
    (status, error["error"]["code"].as_str().unwrap().to_owned())
}

fn with(key: &str, value: Value) -> String {
    let mut body = question(true);
    body[key] = value;
    body.to_string()
}

fn user(text: &str) -> Value {
    json!({"role": "user", "content": text})
}

async fn booth(fake: &Fake) -> Booth {
    let limits = "[limits]\nrequests_per_minute = 1000\nmax_input_chars = 5\nmax_turns = 2\n";
    Booth::start(&skt(&fake.base_url, "", limits)).await
}

async fn assert_refused(cases: Vec<(String, u16, &str)>) {
    let fake = Fake::start(words(&["네"])).await;
    let booth = booth(&fake).await;
    for (body, status, name) in cases {
        let start: String = body.chars().take(200).collect();
        assert_eq!(
            code(&booth, body).await,
            (status, name.to_owned()),
            "{start}"
        );
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn fields_of_the_wrong_shape_are_refused() {
    assert_refused(vec![
        ("{".to_owned(), 400, "invalid_request"),
        ("[]".to_owned(), 400, "invalid_request"),
        ("{}".to_owned(), 400, "invalid_request"),
        (with("model", json!(3)), 400, "invalid_request"),
        (with("model", json!("nobody")), 400, "unknown_team"),
        (
            with("metadata", json!({"demo": "nothing"})),
            400,
            "invalid_request",
        ),
        (
            with("metadata", json!({"language": "fr"})),
            400,
            "invalid_request",
        ),
        (with("max_tokens", json!(0)), 400, "invalid_request"),
        (
            with("max_completion_tokens", json!(-1)),
            400,
            "invalid_request",
        ),
        (
            with("padding", json!("x".repeat(257 * 1024))),
            413,
            "too_large",
        ),
        (
            with("padding", json!("x".repeat(5 * 1024 * 1024))),
            413,
            "too_large",
        ),
    ])
    .await;
}

#[tokio::test]
async fn messages_that_cannot_be_answered_are_refused() {
    let answer = json!({"role": "assistant", "content": "b"});
    let picture = |url: &str| {
        let part = json!({"type": "image_url", "image_url": {"url": url}});
        with("messages", json!([{"role": "user", "content": [part]}]))
    };
    assert_refused(vec![
        (with("messages", json!([])), 400, "invalid_request"),
        (with("messages", json!("hello")), 400, "invalid_request"),
        (with("messages", json!(["hello"])), 400, "invalid_request"),
        (
            with("messages", json!([{"role": "tool", "content": "x"}])),
            400,
            "invalid_request",
        ),
        (
            with("messages", json!([{"role": "user"}])),
            400,
            "invalid_request",
        ),
        (
            with("messages", json!([user("  ")])),
            400,
            "invalid_request",
        ),
        (
            with("messages", json!([user("a"), answer])),
            400,
            "invalid_request",
        ),
        (
            with("messages", json!([{"role": "system", "content": "b"}])),
            400,
            "invalid_request",
        ),
        (
            with("messages", json!([user("여섯글자예요"), user("a")])),
            400,
            "too_long",
        ),
        (
            with("messages", json!([user("a"), user("b"), user("c")])),
            400,
            "turn_limit",
        ),
        (
            picture("https://example.com/cat.png"),
            400,
            "invalid_request",
        ),
        (
            picture("data:image/png;base64,iVBORw0KGgo="),
            400,
            "invalid_request",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_ordinary_clients_send_is_taken() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = booth(&fake).await;
    let body = json!({
        "model": "skt", "stream": null, "metadata": null, "stream_options": null,
        "max_tokens": null, "n": 1,
        "messages": [user("다섯글자."), {"role": "assistant", "content": null}, user("a")],
    });
    assert_eq!(booth.status(TABLET, &body).await, 200);
}

#[tokio::test]
async fn the_sentence_is_in_the_language_of_the_request() {
    let booth = Booth::start("").await;
    let mut body = question(false);
    body["model"] = json!("nobody");
    let ko: Value = booth.answer(TABLET, &body).await;
    body["metadata"] = json!({"language": "en"});
    let en: Value = booth.answer(TABLET, &body).await;
    assert!(en["error"]["message"].as_str().unwrap().is_ascii());
    assert!(!ko["error"]["message"].as_str().unwrap().is_ascii());
    assert_eq!(en["error"]["param"], "model");
}

#[tokio::test]
async fn only_registered_tablets_are_answered() {
    let booth = Booth::start("").await;
    for token in ["", "wrong"] {
        let response = booth.send(token, &question(true)).await;
        assert_eq!(response.status(), 401);
        assert_eq!(
            response.json::<Value>().await.unwrap()["error"]["code"],
            "unauthorized"
        );
    }
    assert_eq!(
        booth
            .cancel("wrong", "0193f0c2-0000-7000-8000-000000000001")
            .await,
        401
    );
}

#[tokio::test]
async fn ids_that_are_no_uuid_are_refused() {
    let booth = Booth::start("").await;
    let response = booth
        .ask(TABLET, &question(true))
        .header("x-request-id", "42")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    assert_eq!(
        response.json::<Value>().await.unwrap()["error"]["code"],
        "invalid_request"
    );
}

#[tokio::test]
async fn a_tablet_that_asks_too_often_is_told_when_to_come_back() {
    let booth = Booth::start("[limits]\nrequests_per_minute = 2\n").await;
    for _ in 0..2 {
        assert_eq!(booth.status(TABLET, &question(false)).await, 200);
    }
    let refused = booth.send(TABLET, &question(false)).await;
    assert_eq!(refused.status(), 429);
    let secs: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((50..=60).contains(&secs), "{secs}");
    assert_eq!(
        refused.json::<Value>().await.unwrap()["error"]["code"],
        "rate_limited"
    );
    assert_eq!(booth.status(OTHER_TABLET, &question(false)).await, 200);
}

#[tokio::test]
async fn a_database_that_fails_is_no_wrong_token() {
    let booth = Booth::start("").await;
    booth.state.storage.close().await;
    let response = booth.send(TABLET, &question(true)).await;
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let models = booth.get("/v1/models").bearer_auth(TABLET);
    assert_eq!(models.send().await.unwrap().status(), 503);
    assert_eq!(
        booth
            .cancel(TABLET, "0193f0c2-0000-7000-8000-000000000001")
            .await,
        503
    );
}

#[tokio::test]
async fn cancelling_what_does_not_run_answers_an_error_object() {
    let booth = Booth::start("").await;
    let path = "/v1/chat/completions/0193f0c2-0000-7000-8000-000000000001/cancel";
    let response = booth.post(path).bearer_auth(TABLET).send().await.unwrap();
    assert_eq!(response.status(), 404);
    let error: Value = response.json().await.unwrap();
    assert_eq!(error["error"]["code"], "invalid_request");
}

/// Some clients send head and body apart, and use the connection again.
#[tokio::test]
async fn a_refusal_does_not_cost_the_connection() {
    let booth = Booth::start("").await;
    let url = booth.url("");
    let host = url.trim_start_matches("http://");
    let long = "x".repeat(3 * 1024 * 1024);
    let question = question(false).to_string();
    for (path, token, body, status) in [
        ("/v1/chat/completions", "wrong", &question, 401),
        ("/api/feedback", "wrong", &question, 401),
        ("/api/feedback", "wrong", &long, 401),
        ("/api/feedback", TABLET, &long, 413),
        ("/api/session", "", &long, 413),
        ("/nowhere", "", &long, 405),
    ] {
        let mut connection = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        for _ in 0..2 {
            let answer = timeout(IN_TIME, sent_apart(&mut connection, &head, body));
            let answer = answer.await.expect(path);
            let expected = format!("HTTP/1.1 {status} ");
            assert!(answer.starts_with(&expected), "{path}: {answer}");
        }
    }
}

/// It sends nothing behind a refusal: what came next would be taken for its body.
#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_its_body_is_not_waited_for() {
    let booth = Booth::start("").await;
    let url = booth.url("");
    let host = url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST /api/feedback HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer wrong\r\n\
         expect: 100-continue\r\ncontent-length: 9\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let closed = timeout(IN_TIME, connection.read_to_string(&mut answer)).await;
    closed.expect("the connection stays open").unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

/// The beginning of what is answered.
async fn sent_apart(connection: &mut TcpStream, head: &str, body: &str) -> String {
    connection.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    connection.write_all(body.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = connection.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}
