//! What goes around every request: hosts, headers, unknown paths, pages, the event.

use std::io::Read as _;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::routing::get;
use kiosk_server::config::Config;
use serde_json::json;

use crate::support::{Answer, Server, call};

#[tokio::test]
async fn only_our_names_are_answered_but_for_probes() {
    let mut config = Config::default();
    config.server.public_url = Some("https://booth.example".parse().unwrap());
    let server = Server::with(config).await;
    let ask = |path: &'static str, host: &'static str| {
        server.send(call(Method::GET, path).header("host", host).build())
    };
    for host in ["evil.example", "10.0.0.1:8080"] {
        for path in ["/", "/api/ping", "/api/event", "/metrics"] {
            let answer = ask(path, host).await;
            answer.assert_problem(421, "wrong_host");
        }
        let answer = ask("/v1/models", host).await;
        answer.assert_openai(421, "invalid_request");
    }
    for host in [
        "localhost:1",
        "127.0.0.1",
        "[::1]:8080",
        "booth.example",
        "booth.example:443",
    ] {
        assert_eq!(
            ask("/api/ping", host).await.status,
            StatusCode::OK,
            "{host}"
        );
    }
    for path in ["/healthz", "/readyz"] {
        let answer = ask(path, "evil.example").await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (StatusCode::OK, "ok")
        );
    }
}

#[tokio::test]
async fn a_ping_names_the_service() {
    let server = Server::start().await;
    let ping = server.get("/api/ping").await.json();
    assert_eq!(
        ping,
        json!({"service": "booth-kiosk", "now": "2025-12-30T05:31:06Z"})
    );
}

#[tokio::test]
async fn unknown_paths_keep_the_shape_of_their_interface() {
    let server = Server::start().await;
    for path in ["/api", "/api/nothing", "/api/feedback/a/b"] {
        server.get(path).await.assert_problem(404, "not_found");
    }
    for path in ["/v1", "/v1/nothing", "/v1/models/skt/parts"] {
        let answer = server.get(path).await;
        answer.assert_openai(404, "invalid_request");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_know_is_refused_with_those_it_knows() {
    let server = Server::start().await;
    let allowed = |answer: &Answer| {
        let mut methods: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
        methods.sort_unstable();
        methods.join(" ")
    };
    for (method, path, known) in [
        (Method::PATCH, "/api/feedback", "GET HEAD POST"),
        (Method::POST, "/api/ping", "GET HEAD"),
        (Method::OPTIONS, "/api/session", "DELETE GET HEAD POST"),
        (Method::GET, "/api/people/somebody", "DELETE"),
        (Method::POST, "/metrics", "GET HEAD"),
        (Method::POST, "/some/page", "GET HEAD"),
    ] {
        let answer = server.send(call(method, path).build()).await;
        answer.assert_problem(405, "invalid_request");
        assert_eq!(allowed(&answer), known, "{path}");
    }
    for (method, path, known) in [
        (Method::DELETE, "/v1/models", "GET HEAD"),
        (Method::POST, "/v1/models/skt", "GET HEAD"),
        (Method::GET, "/v1/chat/completions", "POST"),
    ] {
        let answer = server.send(call(method, path).build()).await;
        answer.assert_openai(405, "invalid_request");
        assert_eq!(allowed(&answer), known, "{path}");
    }
}

#[tokio::test]
async fn a_handler_that_panics_is_a_failure_in_the_shape_of_its_interface() {
    async fn boom() -> &'static str {
        panic!("on purpose")
    }
    let server = Server::start().await;
    let endpoints = Router::new()
        .route("/api/boom", get(boom))
        .route("/v1/boom", get(boom));
    let server = server.serving(endpoints);
    let answer = server.get("/api/boom").await;
    answer.assert_problem(500, "internal");
    let answer = server.get("/v1/boom").await;
    answer.assert_openai(500, "internal");
}

#[tokio::test]
async fn every_page_path_is_the_app() {
    let server = Server::start().await;
    for path in [
        "/",
        "/?team=skt",
        "/console",
        "/console/fleet",
        "/some/page",
        "/apiary",
        "/v1.5",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.text().contains("<title>app"));
    }
    server
        .get("/kiosk-ffffffffffffffff.js")
        .await
        .assert_problem(404, "not_found");
}

#[tokio::test]
async fn files_are_compressed_and_kept() {
    let server = Server::start().await;
    let path = "/kiosk-0123456789abcdef_bg.wasm";
    let ask = call(Method::GET, path)
        .header("accept-encoding", "gzip, br")
        .build();
    let answer = server.send(ask).await;
    assert_eq!(answer.header("content-encoding"), "br");
    assert_eq!(answer.header("vary"), "accept-encoding");
    assert_eq!(answer.header("content-type"), "application/wasm");
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(answer.text(), "brotli");
    let plain = server.get("/sw.js").await;
    assert_eq!(plain.header("cache-control"), "no-cache");
    let known = call(Method::GET, "/sw.js")
        .header("if-none-match", plain.header("etag"))
        .build();
    assert_eq!(server.send(known).await.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let server = Server::start().await;
    for path in ["/", "/sw.js", "/api/ping", "/healthz"] {
        let answer = server.send(call(Method::HEAD, path).build()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn pages_carry_the_policies() {
    let server = Server::start().await;
    for path in ["/apix", "/v1.2", "/console"] {
        let page = server.get(path).await;
        assert!(!page.header("content-security-policy").is_empty(), "{path}");
    }
    let page = server.get("/").await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert!(!page.header("permissions-policy").is_empty());
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let server = Server::start().await;
    let id = "0a1b2c3d-0000-4000-8000-000000000000";
    let named = call(Method::GET, "/api/ping")
        .header("x-request-id", id)
        .build();
    assert_eq!(server.send(named).await.header("x-request-id"), id);
    let odd = call(Method::GET, "/api/nothing")
        .header("x-request-id", "<odd>")
        .build();
    assert!(kiosk_wire::id::is_uuid(
        server.send(odd).await.header("x-request-id")
    ));
}

#[tokio::test]
async fn the_event_is_complete_and_knows_when_it_has_not_changed() {
    let mut config = Config::default();
    config.privacy.controller = "Example Office".to_owned();
    config.privacy.contact = "privacy@booth.example".to_owned();
    config.privacy.retention_days = 30;
    config.limits.idle_secs = 45;
    let server = Server::with(config).await;
    let answer = server.get("/api/event").await;
    let event = answer.json();
    assert_eq!(event["build"], "1.0.0+test");
    assert_eq!(event["limits"]["idle_secs"], 45);
    assert_eq!(event["limits"]["max_turns"], 30);
    assert_eq!(event["feedback_schema"], 1);
    let notice = &event["privacy_notice"];
    assert_eq!(notice["controller"], "Example Office");
    assert_eq!(notice["retention_days"], 30);
    let told = notice.to_string();
    assert!(told.contains("privacy@booth.example") && !told.contains("{contact"));
    assert!(!answer.text().contains("system_prompt"));
    let etag = answer.header("etag");
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 10);
    let known = call(Method::GET, "/api/event")
        .header("if-none-match", etag)
        .build();
    let unchanged = server.send(known).await;
    assert_eq!(unchanged.status, StatusCode::NOT_MODIFIED);
    assert!(unchanged.body.is_empty());
    let stale = call(Method::GET, "/api/event")
        .header("if-none-match", "\"old\"")
        .build();
    assert_eq!(server.send(stale).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_event_travels_compressed_to_whoever_understands_it() {
    let server = Server::start().await;
    let plain = server.get("/api/event").await;
    let asked = call(Method::GET, "/api/event")
        .header("accept-encoding", "gzip, br")
        .build();
    let packed = server.send(asked).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(packed.header("vary"), "accept-encoding");
    assert_ne!(packed.header("etag"), plain.header("etag"));
    assert!(packed.body.len() * 2 < plain.body.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&packed.body[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    assert!(unpacked == plain.body);
    let refused = call(Method::GET, "/api/event")
        .header("accept-encoding", "gzip;q=0")
        .build();
    assert!(server.send(refused).await.body == plain.body);
}

#[tokio::test]
async fn names_in_paths_that_are_no_text_are_refused_as_everything_else() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    for (method, path, body) in [
        (Method::DELETE, "/api/devices/%FF", json!(null)),
        (
            Method::POST,
            "/api/devices/%FF/commands",
            json!({"kind": "reset"}),
        ),
        (Method::DELETE, "/api/people/%FF", json!(null)),
        (
            Method::POST,
            "/api/teams/%FF/state",
            json!({"state": "open"}),
        ),
    ] {
        let stranger = server.send(call(method.clone(), path).json(&body)).await;
        stranger.assert_problem(401, "unauthorized");
        let answer = server.act(&cookie, method, path, &body).await;
        answer.assert_problem(404, "not_found");
    }
    let device = server.register("tablet").await;
    let cancel = || call(Method::POST, "/v1/chat/completions/%FF/cancel");
    for (request, status, code) in [
        (cancel().build(), 401, "unauthorized"),
        (
            cancel().token(&device.token).build(),
            404,
            "invalid_request",
        ),
    ] {
        let answer = server.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert_eq!(answer.json()["error"]["code"], code);
    }
}
