//! `GET /metrics`: who may read it, and what is never in it.

use axum::http::{Method, StatusCode};
use kiosk_server::config::Config;
use serde_json::json;

use crate::exposition::Samples;
use crate::support::{Server, call};

const TOKEN: &str = "token-of-the-monitor";

/// A booth with a token for metrics, known by this name.
async fn booth(public_url: Option<&str>) -> Server {
    let mut config = Config::default();
    config.server.public_url = public_url.map(|url| url.parse().unwrap());
    config.metrics.token_env = Some("METRICS".to_owned());
    config
        .secrets
        .insert("METRICS".to_owned(), TOKEN.to_owned());
    Server::with(config).await
}

#[tokio::test]
async fn this_machine_reads_metrics_without_a_token() {
    let server = Server::start().await;
    let answer = server.get("/metrics").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let samples = Samples::read(&answer.text());
    for team in ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"] {
        let none = samples.get("booth_requests_total", &[("team", team)]);
        assert!(none.abs() < 0.5);
        samples.get("booth_tokens_today", &[("team", team)]);
    }
}

#[tokio::test]
async fn others_need_the_token_and_nothing_else_is_one() {
    let public = booth(Some("https://booth.example")).await;
    let organiser = public.organiser().await;
    let ask = |token: Option<&str>| {
        let request = call(Method::GET, "/metrics").from([10, 0, 0, 9]);
        match token {
            Some(token) => request.header("authorization", token),
            None => request,
        }
    };
    for wrong in [
        None,
        Some(""),
        Some("Bearer "),
        Some("Bearer token-of-the-monito"),
        Some("Bearer token-of-the-monitors"),
        Some("Basic token-of-the-monitor"),
        Some("token-of-the-monitor"),
    ] {
        let answer = public.send(ask(wrong).build()).await;
        answer.assert_problem(401, "unauthorized");
    }
    let cookie = ask(None).cookie(&organiser).same_origin().build();
    public
        .send(cookie)
        .await
        .assert_problem(401, "unauthorized");
    for right in ["Bearer token-of-the-monitor", "bearer token-of-the-monitor"] {
        let answer = public.send(ask(Some(right)).build()).await;
        assert_eq!(answer.status, StatusCode::OK);
        Samples::read(&answer.text());
    }
    // With a public name, coming from this machine grants nothing: a proxy comes from there too.
    let near = public.get("/metrics").await;
    near.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn without_a_token_nobody_else_can_read_them() {
    let server = Server::start().await;
    for request in [
        call(Method::GET, "/metrics").from([10, 0, 0, 9]),
        call(Method::GET, "/metrics").header("x-forwarded-for", "10.0.0.9"),
        call(Method::GET, "/metrics").header("origin", "https://evil.example"),
        call(Method::GET, "/metrics").from([10, 0, 0, 9]).token(""),
    ] {
        let answer = server.send(request.build()).await;
        answer.assert_problem(403, "forbidden");
    }
}

#[tokio::test]
async fn a_thousand_requests_add_no_series_and_nobodys_name() {
    let mut config = Config::default();
    config.limits.requests_per_minute = 10_000;
    let server = Server::with(config).await;
    let count = |text: &str| Samples::read(text).0.len();
    let before = count(&server.get("/metrics").await.text());
    let tablets = [
        server.register("first tablet").await,
        server.register("other tablet").await,
    ];
    let teams = [
        "naver-cloud",
        "upstage",
        "skt",
        "nc-ai",
        "lg-ai-research",
        "no-team",
    ];
    for n in 0..1_000 {
        let tablet = &tablets[n % 2];
        let body = json!({
            "model": teams[n % 6], "stream": false, "metadata": {"language": "en"},
            "messages": [{"role": "user", "content": format!("Who wrote question number {n}?")}],
        });
        let request = call(Method::POST, "/v1/chat/completions");
        let request = match n % 10 {
            9 => request,
            _ => request.token(&tablet.token),
        };
        server.send(request.json(&body)).await;
    }
    let text = server.get("/metrics").await.text();
    assert_eq!(count(&text), before);
    assert!(before < 1_000, "{before} series without a single service");
    let samples = Samples::read(&text);
    let guide = [("outcome", "ok"), ("served_by", "guide")];
    let answered = samples.get("booth_requests_total", &guide);
    let refused = samples.get("booth_refusals_total", &[]);
    assert!(
        (answered + refused - 1_000.0).abs() < 0.5,
        "{answered} + {refused}"
    );
    for (code, at_least) in [("unknown_team", 100.0), ("unauthorized", 90.0)] {
        assert!(samples.get("booth_refusals_total", &[("code", code)]) > at_least);
    }
    for secret in tablets
        .iter()
        .flat_map(|tablet| [&tablet.id, &tablet.token])
    {
        assert!(!text.contains(secret.as_str()));
    }
    assert!(!text.contains("no-team") && !text.contains("question number"));
}
