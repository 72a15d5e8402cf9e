//! What a provider can do wrong, and what the client is told.

use std::time::Duration;

use serde_json::{Value, json};

use crate::booth::{Booth, TABLET, question, skt, text_of};
use crate::fake::{Act, Fake, reasoning, text, words};

const SECRET: &str = "{\"error\":{\"message\":\"the provider's own words\"}}";

/// The status, code and `Retry-After` of a refused question, streamed and whole alike.
async fn refusal(booth: &Booth, fake: &Fake, act: Act) -> (u16, String, Option<String>) {
    let mut seen = Vec::new();
    for stream in [false, true] {
        fake.next([act.clone()]);
        let response = booth.send(TABLET, &question(stream)).await;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get("retry-after")
            .map(|value| value.to_str().unwrap().to_owned());
        let body = response.text().await.unwrap();
        assert!(!body.contains("own words"), "{body}");
        let error: Value = serde_json::from_str(&body).unwrap();
        seen.push((
            status,
            error["error"]["code"].as_str().unwrap().to_owned(),
            retry_after,
        ));
    }
    assert_eq!(seen[0], seen[1]);
    seen.remove(0)
}

async fn impatient(fake: &Fake) -> Booth {
    let upstream = "[upstream]\nallow_private = true\nretries = 0\nbreaker_failures = 0\nfirst_token_timeout_secs = 1\nbetween_tokens_timeout_secs = 1\n";
    Booth::start(&skt(&fake.base_url, "fallbacks = []", upstream)).await
}

#[tokio::test]
async fn each_failure_has_its_code() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = impatient(&fake).await;
    let cases = [
        (
            Act::Status(400, None, SECRET),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Status(401, None, SECRET),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Status(404, None, SECRET),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Status(302, None, SECRET),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Status(429, Some(7), SECRET),
            429,
            "upstream_rate_limited",
            Some("7"),
        ),
        (
            Act::Status(500, None, SECRET),
            503,
            "upstream_unavailable",
            Some("5"),
        ),
        (
            Act::Status(503, Some(3), SECRET),
            503,
            "upstream_unavailable",
            Some("3"),
        ),
        (
            Act::Body("text/html", "<html>own words</html>".to_owned()),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Body("application/json", "<html>own words".to_owned()),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Body("image/png", "own words".to_owned()),
            502,
            "upstream_invalid",
            None,
        ),
        (
            Act::Body("text/event-stream", format!("data: {SECRET}\n\n")),
            503,
            "upstream_unavailable",
            Some("5"),
        ),
        (
            Act::Body("text/event-stream", "data: [DONE]\n\n".to_owned()),
            502,
            "empty_answer",
            None,
        ),
        (
            Act::Cut(vec![": hello\n\n".to_owned()]),
            503,
            "upstream_unavailable",
            Some("5"),
        ),
        (Act::Hang, 504, "upstream_timeout", None),
        (
            Act::Stall(vec![": hello\n\n".to_owned()]),
            504,
            "upstream_timeout",
            None,
        ),
    ];
    for (act, status, code, retry_after) in cases {
        let seen = refusal(&booth, &fake, act.clone()).await;
        assert_eq!(
            seen,
            (status, code.to_owned(), retry_after.map(str::to_owned)),
            "{act:?}"
        );
    }
    assert_eq!(fake.until_open(0).await.as_secs(), 0);
}

#[tokio::test]
async fn nobody_listening_is_unavailable() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let booth = Booth::without_fallback(&format!("http://{closed}/v1")).await;
    let response = booth.send(TABLET, &question(true)).await;
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(
        response.json::<Value>().await.unwrap()["error"]["code"],
        "upstream_unavailable"
    );
}

#[tokio::test]
async fn after_the_first_token_a_failure_is_one_event_and_done() {
    let fake = Fake::start(words(&["네"])).await;
    let upstream = "[upstream]\nallow_private = true\nbetween_tokens_timeout_secs = 1\n";
    // The guide must not go on where a model broke off.
    let booth = Booth::start(&skt(&fake.base_url, "", upstream)).await;
    let error = format!("data: {SECRET}\n\n");
    let cases = [
        (Act::Cut(vec![text("가")]), "upstream_unavailable"),
        (Act::Stream(vec![text("가")]), "upstream_unavailable"),
        (Act::Stall(vec![text("가")]), "upstream_timeout"),
        (Act::Stream(vec![text("가"), error]), "upstream_unavailable"),
        (
            Act::Stream(vec![text("가"), "data: oops\n\n".to_owned()]),
            "upstream_invalid",
        ),
        (
            Act::Stream(vec![reasoning("a"), "data: [DONE]\n\n".to_owned()]),
            "empty_answer",
        ),
    ];
    for (act, code) in cases {
        fake.next([act.clone()]);
        let (chunks, done) = booth.whole_stream().await;
        assert!(done, "{act:?}");
        assert_eq!(chunks.len(), 2, "{act:?}: {chunks:?}");
        assert_eq!(chunks[1]["error"]["code"], code, "{act:?}");
        assert!(!chunks[1].to_string().contains("own words"));
    }
}

#[tokio::test]
async fn before_the_first_token_the_guide_stands_in_and_says_so() {
    let fake = Fake::start(Act::Status(400, None, SECRET)).await;
    let booth = Booth::start(&skt(&fake.base_url, "", "")).await;
    let request = booth
        .ask(TABLET, &question(true))
        .header("Booth-Events", "1");
    let (chunks, done) = booth.stream(request).await.rest().await;
    assert!(done && !text_of(&chunks).is_empty());
    assert_eq!(
        chunks[0]["booth"],
        json!({"served_by": "guide", "model": "guide"})
    );
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["system_fingerprint"] == "guide")
    );
}

#[tokio::test]
async fn fallbacks_are_tried_in_order() {
    let broken = Fake::start(Act::Status(400, None, SECRET)).await;
    let second = Fake::start(words(&["둘째"])).await;
    let table = format!(
        "{{ base_url = \"{}\", model = \"second\", recipient = \"Tests\" }}",
        second.base_url
    );
    let booth = Booth::start(&skt(
        &broken.base_url,
        &format!("fallbacks = [{table}, \"guide\"]"),
        "",
    ))
    .await;
    let answer: Value = booth.answer(TABLET, &question(false)).await;
    assert_eq!(
        (
            &answer["model"],
            &answer["choices"][0]["message"]["content"]
        ),
        (&json!("second"), &json!("둘째"))
    );
    second.next([Act::Status(401, None, SECRET)]);
    let answer: Value = booth.answer(TABLET, &question(false)).await;
    assert_eq!(answer["model"], "guide");
    assert_eq!((broken.requests().len(), second.requests().len()), (2, 2));
    let asked = booth.ask(TABLET, &question(true));
    let asked = booth.stream(asked.header("Booth-Events", "1")).await;
    let (chunks, _) = asked.rest().await;
    let served = chunks.iter().map(|chunk| &chunk["booth"]);
    let served = served.filter(|booth| booth["served_by"] == "model");
    assert_eq!(
        served.collect::<Vec<_>>(),
        [&json!({"served_by": "model", "model": "second", "stand_in": true})]
    );
}

#[tokio::test]
async fn passing_failures_are_tried_again_and_refusals_are_not() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    fake.next([
        Act::Status(503, None, SECRET),
        Act::Status(429, Some(1), SECRET),
    ]);
    let started = std::time::Instant::now();
    assert_eq!(booth.status(TABLET, &question(true)).await, 200);
    assert_eq!(fake.requests().len(), 3);
    assert!(
        started.elapsed() >= Duration::from_secs(1),
        "Retry-After was not waited for"
    );
    fake.next([Act::Status(400, None, SECRET)]);
    assert_eq!(booth.status(TABLET, &question(true)).await, 502);
    assert_eq!(fake.requests().len(), 4);
    fake.next([
        Act::Status(500, None, SECRET),
        Act::Status(500, None, SECRET),
        Act::Status(500, None, SECRET),
    ]);
    assert_eq!(booth.status(TABLET, &question(true)).await, 503);
    assert_eq!(fake.requests().len(), 7);
}

#[tokio::test]
async fn private_addresses_are_not_reached_unless_allowed() {
    let fake = Fake::start(words(&["네"])).await;
    let upstream = "[upstream]\nallow_private = false\n";
    let named = fake.base_url.replace("127.0.0.1", "localhost");
    for base_url in [&fake.base_url, &named] {
        let booth = Booth::start(&skt(base_url, "fallbacks = []", upstream)).await;
        let response = booth.send(TABLET, &question(true)).await;
        assert_eq!(
            response.json::<Value>().await.unwrap()["error"]["code"],
            "upstream_unavailable",
            "{base_url}"
        );
    }
    assert!(fake.requests().is_empty());
}
