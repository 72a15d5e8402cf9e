//! Rescue files: taken in as if the tablet had sent them, and never twice.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use kiosk_server::storage::postgres;
use kiosk_wire::canonical::sha256_hex;
use serde_json::{Value, json};

use crate::{
    on_postgres::fresh_database,
    support::{Answer, Server, call, entry_id, visit, with},
};

const DEVICE: &str = "0a1b2c3d-0000-4000-8000-000000000001";
const PATH: &str = "/api/feedback/import";

fn rescue(device: &str, items: &[Value], parked: &[Value]) -> Value {
    let parked: Vec<Value> = parked
        .iter()
        .map(|item| json!({"item": item, "reason": "refused once"}))
        .collect();
    json!({
        "format": "booth-kiosk-rescue", "version": 1, "device_id": device, "name": "tablet 7",
        "saved_at": "2025-12-30T14:31:06+09:00", "last_seq": 9, "items": items, "parked": parked
    })
}

async fn import(server: &Server, file: &Value) -> Answer {
    let cookie = server.organiser().await;
    server.act(&cookie, Method::POST, PATH, file).await
}

fn statuses(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let receipts = answer.json()["receipts"].as_array().unwrap().clone();
    receipts
        .iter()
        .map(|receipt| receipt["status"].clone())
        .collect()
}

#[tokio::test]
async fn an_unknown_tablets_file_is_taken_in_once() {
    let server = Server::start().await;
    let bad = with(visit(3), &json!({"rating": 9}));
    let file = rescue(DEVICE, &[visit(1), bad.clone()], &[visit(4)]);
    let first = import(&server, &file).await;
    assert_eq!(statuses(&first), ["stored", "invalid", "stored"]);
    let receipts = first.json()["receipts"].clone();
    assert_eq!(receipts[0]["id"], entry_id(1));
    assert_eq!(receipts[0]["sha256"], sha256_hex(&visit(1)));
    assert!(receipts[1]["reason"].as_str().unwrap().contains("rating"));
    assert_eq!(receipts[2]["id"], entry_id(4));
    assert_eq!(first.json()["now"], "2025-12-30T05:31:06Z");
    assert_eq!(
        statuses(&import(&server, &file).await),
        ["duplicate", "invalid", "duplicate"]
    );
    let cookie = server.organiser().await;
    assert_eq!(
        server
            .items(&cookie, &format!("?device={DEVICE}"))
            .await
            .len(),
        2
    );
    let told = server
        .read(&cookie, "/api/feedback/reconciliation")
        .await
        .json();
    let device = &told["devices"][0];
    assert_eq!(
        (&device["name"], &device["announced"]),
        (&json!("tablet 7"), &json!(9))
    );
    assert_eq!(device["missing"], json!([2, 3, 5, 6, 7, 8, 9]));
    let audit = server.read(&cookie, "/api/audit").await.json();
    let told = audit["items"].as_array().unwrap();
    let told = told.iter().find(|item| item["action"] == "feedback.import");
    assert_eq!(told.unwrap()["target"], DEVICE);
}

/// Two organisers bring the file of a tablet that was never online, at once, and again, and a later one
/// of the same tablet; and then the tablet comes online.
async fn counts_once(server: &Server) {
    const IN_QUEUE: u64 = 250;
    const PARKED: u64 = 20;
    let items = |numbers: std::ops::RangeInclusive<u64>| numbers.map(visit).collect::<Vec<_>>();
    let file = |last: u64| {
        let mut file = rescue(DEVICE, &items(1..=last), &items(last + 1..=last + PARKED));
        file["last_seq"] = json!(last + PARKED);
        file
    };
    let cookie = server.signed_in_as("one", "organiser").await;
    let other = server.signed_in_as("two", "organiser").await;
    let bring = |cookie: &str, file: Value| {
        let cookie = cookie.to_owned();
        async move { statuses(&server.act(&cookie, Method::POST, PATH, &file).await) }
    };
    let (first, second) = tokio::join!(
        bring(&cookie, file(IN_QUEUE)),
        bring(&other, file(IN_QUEUE))
    );
    assert_eq!(first.len() as u64, IN_QUEUE + PARKED);
    for both in first.iter().zip(&second) {
        let (one, other) = (json!("stored"), json!("duplicate"));
        assert!(both == (&one, &other) || both == (&other, &one), "{both:?}");
    }
    let again = bring(&cookie, file(IN_QUEUE)).await;
    assert!(again.iter().all(|status| status == "duplicate"));
    let later = bring(&cookie, file(IN_QUEUE + 30)).await;
    let stored = later.iter().filter(|status| *status == "stored").count();
    assert_eq!(stored, 30);
    let late = server.register("late").await;
    let sent = server.statuses(&late, &items(1..=100)).await;
    assert_eq!(sent, ["duplicate"; 100]);

    let kept = server.items(&cookie, "?limit=500").await;
    let mut ids: Vec<&str> = kept
        .iter()
        .map(|kept| kept["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    let all: Vec<String> = (1..=IN_QUEUE + 30 + PARKED).map(entry_id).collect();
    assert_eq!(ids, all);
    let told = server.read(&cookie, "/api/feedback/reconciliation").await;
    let told = told.json();
    let mut devices = told["devices"].as_array().unwrap().iter();
    let device = devices
        .find(|device| device["device_id"] == DEVICE)
        .unwrap();
    assert_eq!(device["missing"], json!([]), "{device}");
    assert_eq!(device["announced"], json!(IN_QUEUE + 30 + PARKED));
    assert_eq!(device["stored"], json!(IN_QUEUE + 30 + PARKED));
}

#[tokio::test]
async fn a_file_brought_twice_counts_once_in_sqlite() {
    counts_once(&Server::start().await).await;
}

#[tokio::test]
async fn a_file_brought_twice_counts_once_in_postgres() {
    let clock = Server::start().await.clock;
    let storage = postgres::open(&fresh_database()).await.unwrap();
    counts_once(&Server::on(Arc::new(storage), clock)).await;
}

#[tokio::test]
async fn the_tablet_may_send_its_queue_before_and_after() {
    let server = Server::start().await;
    let device = server.register("known").await;
    server.statuses(&device, &[visit(1)]).await;
    let queue: Vec<Value> = (1..=3).map(visit).collect();
    let answer = import(&server, &rescue(&device.id, &queue, &[])).await;
    assert_eq!(statuses(&answer), ["duplicate", "stored", "stored"]);
    assert_eq!(server.statuses(&device, &queue).await, ["duplicate"; 3]);
    let staff = server.signed_in_as("staff", "staff").await;
    let fleet = server.read(&staff, "/api/devices").await.json();
    // Bringing a file in renames nobody and takes no token away.
    assert_eq!(fleet["devices"][0]["name"], "known");
    assert_eq!(fleet["devices"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_may_be_larger_than_a_batch() {
    let server = Server::start().await;
    let comment = "가".repeat(1_000);
    let items: Vec<Value> = (1..=450)
        .map(|n| with(visit(n), &json!({"comment": comment})))
        .collect();
    let answer = import(&server, &rescue(DEVICE, &items, &[])).await;
    assert_eq!(statuses(&answer).len(), 450);
    assert!(statuses(&answer).iter().all(|status| status == "stored"));
}

#[tokio::test]
async fn an_unreadable_item_stands_alone() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    let whole = rescue(DEVICE, &[visit(1)], &[]).to_string();
    let body = whole.replace(
        "\"items\":[",
        "\"items\":[{\"id\":\"x\",\"comment\":\"\\ud800\"},",
    );
    let request = call(Method::POST, PATH).cookie(&cookie).same_origin();
    let answer = server.send(request.body(Body::from(body))).await;
    assert_eq!(statuses(&answer), ["invalid", "stored"]);
}

#[tokio::test]
async fn texts_are_masked_as_ever() {
    let server = Server::start().await;
    let item = with(visit(1), &json!({"comment": "call 010-1234-5678"}));
    import(&server, &rescue(DEVICE, &[item], &[])).await;
    let cookie = server.organiser().await;
    let items = server.items(&cookie, "").await;
    assert!(!items[0]["comment"].as_str().unwrap().contains("1234"));
}

#[tokio::test]
async fn other_files_are_refused_with_what_to_do() {
    let server = Server::start().await;
    let good = rescue(DEVICE, &[], &[]);
    for (change, hint) in [
        (json!({"format": "other"}), "staff panel"),
        (json!({"version": 2}), "update the server"),
        (json!({"device_id": "tablet"}), "device_id"),
        (json!({"last_seq": 9_007_199_254_740_992_u64}), "last_seq"),
        (json!({"last_seq": u64::MAX}), "last_seq"),
        (json!({"items": {}}), "damaged"),
        (json!({"surprise": 1}), "surprise"),
    ] {
        let answer = import(&server, &with(good.clone(), &change)).await;
        answer.assert_problem(400, "invalid_request");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(hint), "{detail}");
    }
    for file in [json!([]), json!({}), json!("text")] {
        let answer = import(&server, &file).await;
        answer.assert_problem(400, "invalid_request");
    }
}

#[tokio::test]
async fn files_beyond_64_mebibytes_are_too_large() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    let request = call(Method::POST, PATH).cookie(&cookie).same_origin();
    let body = Body::from(vec![b' '; 64 * 1024 * 1024 + 1]);
    server
        .send(request.body(body))
        .await
        .assert_problem(413, "too_large");
}

#[tokio::test]
async fn files_of_more_entries_than_a_tablet_has_are_too_large() {
    let server = Server::start().await;
    let short = |number: usize| vec![json!(1); number];
    let most = import(&server, &rescue(DEVICE, &short(6_000), &short(4_000))).await;
    assert_eq!(statuses(&most).len(), 10_000);
    for (items, parked) in [(6_000, 4_001), (10_001, 0), (0, 10_001), (500_000, 0)] {
        let file = rescue(DEVICE, &short(items), &short(parked));
        let answer = import(&server, &file).await;
        answer.assert_problem(413, "too_large");
        assert!(answer.text().contains("10000 entries"));
    }
}

#[tokio::test]
async fn only_our_own_page_brings_files_in() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    let request = call(Method::POST, PATH)
        .cookie(&cookie)
        .header("origin", "https://elsewhere.example");
    let answer = server.send(request.json(&rescue(DEVICE, &[], &[]))).await;
    answer.assert_problem(403, "forbidden");
}
