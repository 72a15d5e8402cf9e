//! Sign-in, its cookie, slowing down guesses, roles, foreign pages.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use jiff::SignedDuration;
use kiosk_server::{clock::Clock, config::Config};
use serde_json::json;

use crate::support::{PASSWORD, PIN, Server, call};

fn sign_in(role: &str, secret: &str) -> axum::http::Request<Body> {
    call(Method::POST, "/api/session").json(&json!({"role": role, "secret": secret}))
}

#[tokio::test]
async fn the_first_people_have_their_roles() {
    let server = Server::start().await;
    for (role, secret, becomes) in [("staff", PIN, "lead"), ("organiser", PASSWORD, "organiser")] {
        let answer = server.send(sign_in(role, secret)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains("Secure"));
        let who = server.read(&answer.cookie(), "/api/session").await.json();
        assert_eq!(
            (&who["role"], &who["name"]),
            (&json!(becomes), &json!("first"))
        );
    }
    server
        .get("/api/session")
        .await
        .assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn the_cookie_is_secure_behind_https() {
    let mut config = Config::default();
    config.server.public_url = Some("https://booth.example".parse().unwrap());
    let server = Server::with(config).await;
    let answer = server.send(sign_in("staff", PIN)).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn a_session_ends_by_sign_out_and_by_time() {
    let server = Server::start().await;
    let who = async |cookie: &str| server.read(cookie, "/api/session").await;
    let cookie = server.organiser().await;
    let answer = server
        .act(&cookie, Method::DELETE, "/api/session", &json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    who(&cookie).await.assert_problem(401, "unauthorized");
    let cookie = server.organiser().await;
    server.clock.advance_secs(12 * 3_600 - 1);
    assert_eq!(who(&cookie).await.status, StatusCode::OK);
    server.clock.advance_secs(1);
    who(&cookie).await.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn wrong_tries_are_slowed_down_by_name_and_address() {
    let server = Server::start().await;
    for _ in 0..5 {
        server
            .send(sign_in("staff", "000000"))
            .await
            .assert_problem(401, "unauthorized");
    }
    let answer = server.send(sign_in("staff", PIN)).await;
    answer.assert_problem(429, "rate_limited");
    let first: i64 = answer.header("retry-after").parse().unwrap();
    assert_eq!(
        server.send(sign_in("organiser", PASSWORD)).await.status,
        StatusCode::OK
    );
    let elsewhere = call(Method::POST, "/api/session").from([10, 0, 0, 9]);
    let elsewhere = elsewhere.json(&json!({"role": "staff", "secret": PIN}));
    assert_eq!(server.send(elsewhere).await.status, StatusCode::OK);
    server.clock.advance_secs(first);
    server
        .send(sign_in("staff", "000000"))
        .await
        .assert_problem(401, "unauthorized");
    let answer = server.send(sign_in("staff", PIN)).await;
    assert_eq!(
        answer.header("retry-after").parse::<i64>().unwrap(),
        2 * first
    );
    server.clock.advance_secs(2 * first);
    assert_eq!(
        server.send(sign_in("staff", PIN)).await.status,
        StatusCode::OK
    );
    server
        .send(sign_in("staff", "000000"))
        .await
        .assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn a_clock_that_is_set_back_locks_nobody_out() {
    let server = Server::start().await;
    let right = server.clock.now();
    server.clock.set(right + SignedDuration::from_hours(72));
    for _ in 0..6 {
        server.send(sign_in("staff", "000000")).await;
    }
    let guess = || {
        let body = json!({"name": "tablet", "pairing_code": "00000000"});
        call(Method::POST, "/api/devices").json(&body)
    };
    for _ in 0..11 {
        server.send(guess()).await;
    }
    server.clock.set(right);
    server.clock.advance_secs(60);
    let answer = server.send(sign_in("staff", PIN)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    server.send(guess()).await.assert_problem(403, "bad_code");
}

#[tokio::test]
async fn a_form_on_a_foreign_page_cannot_sign_in() {
    let server = Server::start().await;
    let body = json!({"role": "staff", "secret": PIN}).to_string();
    let form = call(Method::POST, "/api/session").header("content-type", "text/plain");
    server
        .send(form.body(Body::from(body)))
        .await
        .assert_problem(400, "invalid_request");
    for wrong in [
        json!({"role": "king", "secret": "x"}),
        json!({"role": "staff"}),
        json!(1),
    ] {
        let answer = server
            .send(call(Method::POST, "/api/session").json(&wrong))
            .await;
        answer.assert_problem(400, "invalid_request");
    }
}
