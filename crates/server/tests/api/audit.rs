//! The audit: every action leaves one line, and none is done without it.

use axum::http::{Method, StatusCode};
use kiosk_server::audit::{self, Action};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, call};

async fn page(server: &Server, organiser: &str, query: &str) -> (Vec<Value>, Option<String>) {
    let answer = server.read(organiser, &format!("/api/audit{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let page = answer.json();
    let items = page["items"].as_array().unwrap().clone();
    (items, page["next_cursor"].as_str().map(str::to_owned))
}

fn line(item: &Value) -> [&str; 3] {
    ["who", "action", "target"].map(|key| item[key].as_str().unwrap())
}

#[tokio::test]
async fn what_is_done_is_told_newest_first() {
    let server = Server::start().await;
    let device = server.register("tablet").await.id;
    let organiser = server.sign_in("organiser", PASSWORD).await;
    let act = async |method, path: String, body| {
        let answer = server.act(&organiser, method, &path, &body).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    };
    let commands = format!("/api/devices/{device}/commands");
    act(
        Method::POST,
        "/api/people".to_owned(),
        json!({"name": "minji", "role": "staff"}),
    )
    .await;
    server.clock.advance_secs(1);
    act(Method::POST, commands.clone(), json!({"kind": "reset"})).await;
    act(
        Method::POST,
        commands,
        json!({"kind": "message", "text": "secret words"}),
    )
    .await;
    act(
        Method::POST,
        "/api/devices/all/commands".to_owned(),
        json!({"kind": "reset"}),
    )
    .await;
    let closed = json!({"state": "closed", "reason": {"ko": "점심", "en": "secret words"}});
    act(Method::POST, "/api/teams/skt/state".to_owned(), closed).await;
    act(
        Method::POST,
        "/api/teams/skt/state".to_owned(),
        json!({"state": "open"}),
    )
    .await;
    act(Method::DELETE, format!("/api/devices/{device}"), json!({})).await;
    act(Method::DELETE, "/api/people/minji".to_owned(), json!({})).await;
    let (items, next) = page(&server, &organiser, "").await;
    let me = "first (organiser)";
    let tablet = format!("device {device}");
    let expected: [[&str; 3]; 9] = [
        [me, "people.remove", "minji"],
        [me, "device.revoke", &device],
        [me, "team.state", "skt open"],
        [me, "team.state", "skt closed"],
        [me, "device.reset", "all"],
        [me, "device.reset", &device],
        [me, "people.make", "minji"],
        [me, "session.start", "first"],
        [&tablet, "device.pair", &device],
    ];
    assert_eq!(items.iter().map(line).collect::<Vec<_>>(), expected);
    assert_eq!(next, None);
    assert_eq!(
        (&items[0]["at"], &items[8]["at"]),
        (
            &json!("2025-12-30T05:31:07Z"),
            &json!("2025-12-30T05:31:06Z")
        )
    );
}

#[tokio::test]
async fn what_was_refused_is_not_told() {
    let server = Server::start().await;
    let organiser = server.signed_in_as("first", "organiser").await;
    let (before, _) = page(&server, &organiser, "").await;
    let wrong = json!({"role": "staff", "secret": "000000"});
    server
        .send(call(Method::POST, "/api/session").json(&wrong))
        .await;
    for (method, path, body) in [
        (
            Method::POST,
            "/api/devices/none/commands",
            json!({"kind": "reset"}),
        ),
        (Method::DELETE, "/api/devices/none", json!({})),
        (Method::DELETE, "/api/people/nobody", json!({})),
        (
            Method::POST,
            "/api/people",
            json!({"name": "first", "role": "staff"}),
        ),
        (
            Method::POST,
            "/api/teams/skt/state",
            json!({"state": "shut"}),
        ),
    ] {
        let answer = server.act(&organiser, method, path, &body).await;
        assert!(answer.status.is_client_error(), "{path}");
    }
    assert_eq!(page(&server, &organiser, "").await.0, before);
}

#[tokio::test]
async fn pages_follow_each_other_while_more_is_done() {
    let server = Server::start().await;
    let organiser = server.signed_in_as("first", "organiser").await;
    for n in 0..7 {
        server.register(&format!("tablet {n}")).await;
    }
    let (all, _) = page(&server, &organiser, "").await;
    let mut seen = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let (items, next) = page(&server, &organiser, &query).await;
        assert!((1..=3).contains(&items.len()));
        seen.extend(items);
        server.register("one more").await;
        let Some(cursor) = next else { break };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(seen, all);
    for bad in [
        "limit=0",
        "limit=501",
        "limit=x",
        "cursor=x",
        "cursor=-1",
        "team=skt",
    ] {
        server
            .read(&organiser, &format!("/api/audit?{bad}"))
            .await
            .assert_problem(400, "invalid_request");
    }
    assert_eq!(page(&server, &organiser, "?limit=500").await.1, None);
}

#[tokio::test]
async fn nothing_is_done_that_cannot_be_told() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let organiser = server.signed_in_as("hana", "organiser").await;
    Connection::open(server.database())
        .unwrap()
        .execute_batch("ALTER TABLE audit RENAME TO gone")
        .unwrap();
    let commands = format!("/api/devices/{}/commands", device.id);
    let path = format!("/api/devices/{}", device.id);
    for (method, path, body) in [
        (
            Method::POST,
            "/api/people",
            json!({"name": "minji", "role": "staff"}),
        ),
        (Method::DELETE, "/api/people/hana", json!({})),
        (
            Method::POST,
            "/api/teams/skt/state",
            json!({"state": "closed"}),
        ),
        (Method::POST, &*commands, json!({"kind": "reset"})),
        (Method::DELETE, &*path, json!({})),
        (
            Method::DELETE,
            "/api/feedback/K7QF2-MDX4P?remember=true",
            json!({}),
        ),
        (Method::POST, "/api/devices", json!({"name": "other"})),
        (
            Method::POST,
            "/api/session",
            json!({"role": "organiser", "secret": PASSWORD}),
        ),
    ] {
        server
            .act(&organiser, method, path, &body)
            .await
            .assert_problem(503, "unavailable");
    }
    let people = server.read(&organiser, "/api/people").await;
    assert!(people.text().contains("hana") && !people.text().contains("minji"));
    let fleet = server.read(&organiser, "/api/devices").await.json();
    let devices = fleet["devices"].as_array().unwrap();
    assert_eq!((devices.len(), &devices[0]["revoked"]), (1, &json!(false)));
    let beat = server.beat(&device, &json!({})).await.json();
    assert_eq!(beat["teams"][2]["state"], "guide");
    let hash = kiosk_server::auth::device::token_hash(&device.token);
    let now = server.state.clock.now();
    let waiting = server.state.storage.waiting_commands(&hash, now).await;
    assert_eq!(waiting.unwrap(), Some(Vec::new()));
}

#[tokio::test]
async fn actions_have_the_names_that_are_promised() {
    let server = Server::start().await;
    let cookie = server.signed_in_as("hana", "organiser").await;
    let session = kiosk_server::storage::SessionRecord {
        token_hash: String::new(),
        name: "hana".to_owned(),
        role: "organiser".to_owned(),
        expires_at: jiff::Timestamp::UNIX_EPOCH,
    };
    for (action, code) in [
        (Action::FeedbackExport, "feedback.export"),
        (Action::FeedbackImport, "feedback.import"),
        (Action::FeedbackErase, "feedback.erase"),
    ] {
        audit::note(&server.state, &session, action, "target")
            .await
            .unwrap();
        let (items, _) = page(&server, &cookie, "?limit=1").await;
        assert_eq!(line(&items[0]), ["hana (organiser)", code, "target"]);
    }
}
