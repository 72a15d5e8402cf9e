//! What is counted of answers and of the services that give them.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt};
use crate::exposition::Samples;
use crate::fake::{Act, Fake, end, text, words};

const MODEL: (&str, &str) = ("gen_ai_request_model", "A.X-real");
const DURATIONS: &str = "gen_ai_client_inference_duration_seconds_count";

async fn read(booth: &Booth) -> String {
    let response = booth.get("/metrics").send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

/// The samples once this one has this value: what a client is told of is counted right after.
pub(crate) async fn until(
    booth: &Booth,
    name: &str,
    labels: &[(&str, &str)],
    expected: f64,
) -> Samples {
    let started = Instant::now();
    loop {
        let samples = Samples::read(&read(booth).await);
        let value = samples.get(name, labels);
        if (value - expected).abs() < 1e-9 {
            return samples;
        }
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{name} {labels:?} is {value}"
        );
        sleep(Duration::from_millis(5)).await;
    }
}

/// The samples once as many answers are over.
pub(crate) async fn after(booth: &Booth, answers: u32) -> Samples {
    until(booth, "booth_requests_total", &[], f64::from(answers)).await
}

#[track_caller]
pub(crate) fn assert_is(samples: &Samples, name: &str, labels: &[(&str, &str)], expected: f64) {
    let value = samples.get(name, labels);
    assert!(
        (value - expected).abs() < 1e-9,
        "{name} {labels:?} is {value}"
    );
}

#[tokio::test]
async fn an_answer_moves_its_counters_and_no_others() {
    let pieces = vec![text("하나"), text("둘"), end(10)];
    let fake = Fake::start(Act::Paced(pieces, Duration::from_millis(30))).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let before = Samples::read(&read(&booth).await);
    booth.answer(TABLET, &question(false)).await;
    let team = ("team", "skt");
    let samples = until(&booth, "booth_tokens_today", &[team], 10.0).await;
    let ok = [team, ("outcome", "ok"), ("served_by", "model")];
    assert_is(&samples, "booth_requests_total", &ok, 1.0);
    let service = [
        team,
        MODEL,
        ("gen_ai_operation_name", "chat"),
        ("gen_ai_provider_name", "openai"),
    ];
    assert_is(&samples, DURATIONS, &service, 1.0);
    let cancelled = [("error_type", "cancelled")];
    assert_is(&samples, DURATIONS, &cancelled, 0.0);
    for (name, expected) in [
        (
            "gen_ai_client_inference_time_to_first_chunk_seconds_count",
            1.0,
        ),
        ("gen_ai_client_inference_usage_input_tokens_total", 1.0),
        ("gen_ai_client_inference_usage_output_tokens_total", 9.0),
    ] {
        assert_is(&samples, name, &service, expected);
    }
    for name in [
        "gen_ai_server_request_duration_seconds_count",
        "gen_ai_server_time_to_first_token_seconds_count",
    ] {
        assert_is(&samples, name, &[team, ("served_by", "model")], 1.0);
        assert_is(&samples, name, &[], 1.0);
    }
    assert_is(
        &samples,
        "gen_ai_server_time_per_output_token_seconds_count",
        &[team],
        1.0,
    );
    assert_is(&samples, "booth_line_wait_seconds_count", &[team], 1.0);
    assert_is(&samples, "booth_tokens_today", &[], 10.0);
    // What took time has taken time.
    let first = samples.get("gen_ai_server_time_to_first_token_seconds_sum", &[]);
    let whole = samples.get("gen_ai_server_request_duration_seconds_sum", &[]);
    assert!(
        first >= 0.03 && whole > first && whole < 5.0,
        "{first} {whole}"
    );
    assert_eq!(
        before.0.keys().collect::<Vec<_>>(),
        samples.0.keys().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn each_failure_counts_as_itself() {
    let fake = Fake::start(words(&["네"])).await;
    let upstream = "[upstream]\nallow_private = true\nretries = 0\nfirst_token_timeout_secs = 1\n";
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", upstream)).await;
    let whole = |body: &str| Act::Body("text/event-stream", body.to_owned());
    let filtered = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n";
    let cases = [
        (Act::Status(400, None, ""), "upstream_invalid", "none"),
        (
            Act::Status(429, Some(1), ""),
            "upstream_rate_limited",
            "none",
        ),
        (Act::Status(500, None, ""), "upstream_unavailable", "none"),
        (Act::Hang, "upstream_timeout", "none"),
        (whole("data: [DONE]\n\n"), "empty_answer", "none"),
        (whole(filtered), "blocked", "none"),
        (Act::Cut(vec![text("가")]), "upstream_unavailable", "model"),
    ];
    for (number, (act, code, served_by)) in (1..).zip(cases) {
        let before = Samples::read(&read(&booth).await);
        fake.next([act]);
        booth.send(TABLET, &question(false)).await;
        let samples = after(&booth, number).await;
        let moved = |name: &str, labels: &[(&str, &str)]| {
            samples.get(name, labels) - before.get(name, labels)
        };
        let outcome = [("team", "skt"), ("outcome", code), ("served_by", served_by)];
        assert!(moved("booth_requests_total", &outcome) > 0.5, "{code}");
        assert!(
            moved(DURATIONS, &[MODEL, ("error_type", code)]) > 0.5,
            "{code}"
        );
        assert!(moved(DURATIONS, &[MODEL]) < 1.5, "{code} counts once");
    }
}

#[tokio::test]
async fn a_stopped_answer_and_a_lost_tablet_leave_no_place_taken() {
    let fake = Fake::start(Act::Stall(vec![text("가")])).await;
    let booth = Booth::start(&skt(&fake.base_url, "max_concurrent = 1", "")).await;
    let id = "0193f0c2-1234-7fff-bfff-ffffffffffff";
    let request = booth
        .ask(TABLET, &question(true))
        .header("x-request-id", id);
    let mut stopped = booth.stream(request).await;
    stopped.next().await;
    let waiting = booth
        .ask(OTHER_TABLET, &question(true))
        .header("Booth-Events", "1");
    let mut lost = booth.stream(waiting).await;
    assert!(lost.next_json().await["booth"]["queue"].is_object());
    let samples = Samples::read(&read(&booth).await);
    let place = [("team", "skt"), ("place", "0")];
    assert_is(&samples, "booth_line_answering", &place, 1.0);
    assert_is(&samples, "booth_line_waiting", &place, 1.0);
    drop(lost);
    let samples = after(&booth, 1).await;
    assert_is(&samples, "booth_line_waiting", &place, 0.0);
    let gone = [("outcome", "gone"), ("served_by", "none")];
    assert_is(&samples, "booth_requests_total", &gone, 1.0);
    assert_eq!(booth.cancel(TABLET, id).await, 204);
    let samples = after(&booth, 2).await;
    let cancelled = [("outcome", "cancelled"), ("served_by", "model")];
    assert_is(&samples, "booth_requests_total", &cancelled, 1.0);
    assert_is(&samples, DURATIONS, &[("error_type", "cancelled")], 1.0);
    assert_is(&samples, "booth_line_answering", &place, 0.0);
}

#[tokio::test]
async fn whoever_stands_in_is_counted_under_its_own_model() {
    let broken = Fake::start(Act::Status(400, None, "")).await;
    let second = Fake::start(words(&["둘째"])).await;
    let fallback = format!(
        "fallbacks = [{{ base_url = \"{}\", model = \"the \\\"second\\\" \\\\\", recipient = \"T\" }}, \"guide\"]",
        second.base_url
    );
    let booth = Booth::start(&skt(&broken.base_url, &fallback, "")).await;
    booth.answer(TABLET, &question(false)).await;
    let samples = after(&booth, 1).await;
    let second_model = ("gen_ai_request_model", "the \"second\" \\");
    assert_is(
        &samples,
        DURATIONS,
        &[MODEL, ("error_type", "upstream_invalid")],
        1.0,
    );
    assert_is(&samples, DURATIONS, &[second_model], 1.0);
    assert_is(&samples, "booth_line_waiting", &[("place", "1")], 0.0);
    second.next([Act::Status(400, None, "")]);
    booth.answer(TABLET, &question(false)).await;
    let samples = after(&booth, 2).await;
    let guide = [("team", "skt"), ("outcome", "ok"), ("served_by", "guide")];
    assert_is(&samples, "booth_requests_total", &guide, 1.0);
    let tokens = "gen_ai_client_inference_usage_output_tokens_total";
    assert_is(&samples, tokens, &[], 9.0);
}

#[tokio::test]
async fn what_is_refused_before_anybody_is_asked_is_counted_apart() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let mut nobody = question(false);
    nobody["model"] = json!("nobody");
    assert_eq!(booth.status(TABLET, &nobody).await, 400);
    assert_eq!(booth.status("no token", &question(false)).await, 401);
    let odd = booth
        .ask(TABLET, &question(false))
        .header("x-request-id", "odd");
    assert_eq!(odd.send().await.unwrap().status(), 400);
    let samples = after(&booth, 0).await;
    for code in ["unknown_team", "unauthorized", "invalid_request"] {
        assert_is(&samples, "booth_refusals_total", &[("code", code)], 1.0);
    }
    assert_is(&samples, "booth_refusals_total", &[], 3.0);
}

#[tokio::test]
async fn a_service_that_is_spared_shows_and_is_not_asked() {
    let fake = Fake::start(Act::Status(500, None, "")).await;
    let upstream = "[upstream]\nallow_private = true\nretries = 0\nbreaker_failures = 1\nbreaker_open_secs = 60\n";
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", upstream)).await;
    let place = [("team", "skt"), ("place", "0")];
    let samples = after(&booth, 0).await;
    assert_is(&samples, "booth_breaker_state", &place, 0.0);
    for answers in 1..=2 {
        assert_eq!(booth.status(TABLET, &question(false)).await, 503);
        let samples = after(&booth, answers).await;
        assert_is(&samples, "booth_breaker_state", &place, 1.0);
        assert_is(&samples, DURATIONS, &[MODEL], 1.0);
    }
}
