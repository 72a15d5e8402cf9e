//! Registration, the loopback rule, pairing codes, heartbeats, the fleet.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use kiosk_server::config::Config;
use serde_json::json;

use crate::support::{Server, call, visit};

fn public() -> Config {
    let mut config = Config::default();
    config.server.public_url = Some("https://booth.example".parse().unwrap());
    config
}

async fn pairing_code(server: &Server) -> String {
    let cookie = server.sign_in("staff", crate::support::PIN).await;
    let request = call(Method::POST, "/api/pairing-codes").cookie(&cookie);
    let answer = server
        .send(request.header("sec-fetch-site", "same-origin").build())
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert!(answer.json()["expires_at"].as_str().unwrap().ends_with('Z'));
    answer.json()["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn loopback_registers_without_a_code_and_nobody_else_does() {
    let server = Server::start().await;
    let wanted = json!({"name": "tablet"});
    let device = || call(Method::POST, "/api/devices");
    assert_eq!(
        server.send(device().json(&wanted)).await.status,
        StatusCode::CREATED
    );
    for foreign in [
        device().from([10, 0, 0, 2]),
        device().header("x-forwarded-for", "10.0.0.2"),
        device().header("forwarded", "for=10.0.0.2"),
        device().header("x-real-ip", "10.0.0.2"),
        device().header("origin", "https://evil.example"),
    ] {
        server
            .send(foreign.json(&wanted))
            .await
            .assert_problem(403, "forbidden");
    }
    let own_page = device()
        .header("origin", "http://localhost:8080")
        .json(&wanted);
    assert_eq!(server.send(own_page).await.status, StatusCode::CREATED);
    let server = Server::with(public()).await;
    server
        .send(device().json(&wanted))
        .await
        .assert_problem(403, "forbidden");
}

#[tokio::test]
async fn a_device_keeps_its_id_and_loses_its_older_token() {
    let server = Server::start().await;
    let first = server.register("tablet").await;
    let again = json!({"name": "renamed", "device_id": first.id});
    let answer = server
        .send(call(Method::POST, "/api/devices").json(&again))
        .await;
    assert_eq!(answer.json()["device_id"], first.id.as_str());
    assert_eq!(answer.json()["name"], "renamed");
    server
        .post_items(&first, &[visit(1)])
        .await
        .assert_problem(401, "unauthorized");
    let unknown = "0a1b2c3d-0000-4000-8000-000000000000";
    let kept = json!({"name": "from elsewhere", "device_id": unknown});
    let answer = server
        .send(call(Method::POST, "/api/devices").json(&kept))
        .await;
    assert_eq!(answer.json()["device_id"], unknown);
}

#[tokio::test]
async fn registrations_of_another_shape_are_refused() {
    let server = Server::start().await;
    for body in [
        json!({}),
        json!({"name": ""}),
        json!({"name": "x".repeat(65)}),
        json!({"name": 1}),
        json!({"name": "x", "device_id": "1"}),
        json!({"name": "x", "colour": "red"}),
        json!([]),
    ] {
        let answer = server
            .send(call(Method::POST, "/api/devices").json(&body))
            .await;
        answer.assert_problem(400, "invalid_request");
    }
    let answer = server
        .send(call(Method::POST, "/api/devices").body(Body::from("{")))
        .await;
    answer.assert_problem(400, "invalid_request");
    let large = Body::from(vec![b' '; 100_000]);
    let answer = server
        .send(call(Method::POST, "/api/devices").body(large))
        .await;
    answer.assert_problem(413, "too_large");
}

#[tokio::test]
async fn a_pairing_code_works_once_and_for_ten_minutes() {
    let server = Server::with(public()).await;
    let pair = |code: &str| {
        let body = json!({"name": "tablet", "pairing_code": code});
        call(Method::POST, "/api/devices")
            .from([10, 0, 0, 2])
            .json(&body)
    };
    let code = pairing_code(&server).await;
    assert_eq!(code.len(), 8);
    let typed = format!("{} {}", code[..4].to_lowercase(), &code[4..]);
    assert_eq!(server.send(pair(&typed)).await.status, StatusCode::CREATED);
    server
        .send(pair(&code))
        .await
        .assert_problem(403, "bad_code");
    let late = pairing_code(&server).await;
    server.clock.advance_secs(601);
    server
        .send(pair(&late))
        .await
        .assert_problem(403, "bad_code");
}

#[tokio::test]
async fn a_code_that_is_sent_is_checked_on_loopback_too() {
    let server = Server::start().await;
    let body = json!({"name": "tablet", "pairing_code": "00000000"});
    let answer = server
        .send(call(Method::POST, "/api/devices").json(&body))
        .await;
    answer.assert_problem(403, "bad_code");
}

#[tokio::test]
async fn ten_wrong_codes_a_minute_are_too_many_for_right_ones_too() {
    let server = Server::start().await;
    let code = pairing_code(&server).await;
    let pair = |code: &str, peer| {
        let body = json!({"name": "tablet", "pairing_code": code});
        call(Method::POST, "/api/devices").from(peer).json(&body)
    };
    for _ in 0..10 {
        server
            .send(pair("WRONG000", [10, 0, 0, 2]))
            .await
            .assert_problem(403, "bad_code");
    }
    let answer = server.send(pair(&code, [10, 0, 0, 2])).await;
    answer.assert_problem(429, "rate_limited");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
    let elsewhere = server.send(pair(&code, [10, 0, 0, 3])).await;
    assert_eq!(elsewhere.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_heartbeat_tells_what_the_server_holds() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    server.statuses(&device, &[visit(1), visit(3)]).await;
    let full = json!({"screen": "attract", "pending": 0, "last_seq": 5});
    let answer = server.beat(&device, &full).await;
    assert_eq!(answer.status, StatusCode::OK);
    let body = answer.json();
    assert_eq!(body["last_seq"], 3);
    assert_eq!(body["now"], "2025-12-30T05:31:06Z");
    assert_eq!(body["panel_verifier"], crate::support::PANEL_VERIFIER);
    let teams: Vec<_> = body["teams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["id"])
        .collect();
    assert_eq!(
        teams,
        ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"]
    );
    let empty = server.beat(&device, &json!({})).await;
    assert_eq!(empty.status, StatusCode::OK);
    server
        .beat(&device, &json!({"screen": 1}))
        .await
        .assert_problem(400, "invalid_request");
    let stranger = call(Method::POST, "/api/devices/me/heartbeat").json(&json!({}));
    server
        .send(stranger)
        .await
        .assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn the_fleet_shows_gaps_and_silence() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    server.statuses(&device, &[visit(1), visit(3)]).await;
    server.beat(&device, &json!({"last_seq": 5})).await;
    let cookie = server.sign_in("staff", crate::support::PIN).await;
    let fleet = || server.read(&cookie, "/api/devices");
    let seen = &fleet().await.json()["devices"][0];
    assert_eq!(seen["missing"], json!([2, 4, 5]));
    assert_eq!(
        (&seen["silent"], &seen["revoked"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(seen["heartbeat"], json!({"last_seq": 5}));
    server.clock.advance_secs(60);
    assert_eq!(fleet().await.json()["devices"][0]["silent"], true);
}

#[tokio::test]
async fn a_revoked_device_is_not_known_any_more() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let cookie = server.signed_in_as("minji", "staff").await;
    let revoke = |id: &str| {
        let path = format!("/api/devices/{id}");
        let (server, cookie) = (&server, &cookie);
        async move { server.act(cookie, Method::DELETE, &path, &json!({})).await }
    };
    assert_eq!(revoke(&device.id).await.status, StatusCode::NO_CONTENT);
    let fleet = server.read(&cookie, "/api/devices").await.json();
    assert_eq!(fleet["devices"][0]["revoked"], true);
    for (method, path) in [
        (Method::POST, "/api/devices/me/heartbeat"),
        (Method::POST, "/api/feedback"),
        (Method::GET, "/api/devices/me/commands"),
    ] {
        let request = call(method, path).token(&device.token).json(&json!({}));
        server
            .send(request)
            .await
            .assert_problem(401, "unauthorized");
    }
    for (method, path) in [
        (Method::GET, "/v1/models"),
        (Method::POST, "/v1/chat/completions"),
    ] {
        let request = call(method, path).token(&device.token).json(&json!({}));
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.json()["error"]["code"], "unauthorized");
    }
    revoke("none").await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn numbers_beyond_those_that_json_carries_are_refused() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    for over in [9_007_199_254_740_992, u64::MAX] {
        let answer = server.beat(&device, &json!({"last_seq": over})).await;
        answer.assert_problem(400, "invalid_request");
        assert!(answer.text().contains("last_seq"));
    }
    let most = server
        .beat(&device, &json!({"last_seq": 9_007_199_254_740_991_u64}))
        .await;
    assert_eq!(most.status, StatusCode::OK);
}
