//! Taking feedback in: receipts, refusals, consent, masking, listing.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use kiosk_wire::canonical::sha256_hex;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Device, Server, VISIT, call, entry_id, visit, with};

async fn started() -> (Server, Device) {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    (server, device)
}

#[tokio::test]
async fn a_receipt_has_the_hash_of_the_item_as_sent() {
    let (server, device) = started().await;
    let item = with(visit(1), &json!({"comment": "call 010-1234-5678"}));
    let answer = server
        .post_items(&device, std::slice::from_ref(&item))
        .await;
    let receipt = &answer.json()["receipts"][0];
    assert_eq!(receipt["id"], entry_id(1));
    assert_eq!(receipt["status"], "stored");
    assert_eq!(receipt["sha256"], sha256_hex(&item));
    assert_eq!(receipt.get("reason"), None);
}

#[tokio::test]
async fn the_same_again_is_a_duplicate_and_other_content_a_conflict() {
    let (server, device) = started().await;
    let changed = with(visit(1), &json!({"rating": 1}));
    assert_eq!(server.statuses(&device, &[visit(1)]).await, ["stored"]);
    assert_eq!(server.statuses(&device, &[visit(1)]).await, ["duplicate"]);
    assert_eq!(
        server
            .statuses(&device, std::slice::from_ref(&changed))
            .await,
        ["conflict"]
    );
    assert_eq!(server.statuses(&device, &[changed]).await, ["conflict"]);
    let cookie = server.organiser().await;
    let items = server.items(&cookie, "").await;
    assert_eq!((items.len(), &items[0]["rating"]), (1, &json!(4)));
    let kept: i64 = Connection::open(server.database())
        .unwrap()
        .query_row("SELECT count(*) FROM conflicts", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn one_batch_may_hold_an_id_twice() {
    let (server, device) = started().await;
    let changed = with(visit(1), &json!({"rating": 1}));
    let statuses = server
        .statuses(&device, &[visit(1), visit(1), changed])
        .await;
    assert_eq!(statuses, ["stored", "duplicate", "conflict"]);
}

#[tokio::test]
async fn a_number_used_twice_is_stored_all_the_same() {
    let (server, device) = started().await;
    let other = with(visit(2), &json!({"seq": 1}));
    assert_eq!(
        server.statuses(&device, &[visit(1), other]).await,
        ["stored", "stored"]
    );
}

#[tokio::test]
async fn entries_of_an_erased_visit_are_released_and_not_kept() {
    let (server, device) = started().await;
    let receipt = kiosk_wire::receipt::receipt(VISIT).unwrap();
    Connection::open(server.database())
        .unwrap()
        .execute(
            "INSERT INTO erased_visits (receipt, erased_ms) VALUES (?1, 0)",
            [receipt],
        )
        .unwrap();
    assert_eq!(server.statuses(&device, &[visit(1)]).await, ["erased"]);
    let cookie = server.organiser().await;
    assert!(server.items(&cookie, "").await.is_empty());
    let staff = server.sign_in("staff", crate::support::PIN).await;
    let fleet = server
        .send(call(Method::GET, "/api/devices").cookie(&staff).build())
        .await;
    assert_eq!(fleet.json()["devices"][0]["missing"], json!([]));
}

#[tokio::test]
async fn one_bad_item_never_blocks_the_other_ninety_nine() {
    let (server, device) = started().await;
    let mut items: Vec<Value> = (1..=100).map(visit).collect();
    items[41] = with(visit(42), &json!({"rating": "five"}));
    let statuses = server.statuses(&device, &items).await;
    assert_eq!(
        statuses.iter().filter(|status| *status == "stored").count(),
        99
    );
    assert_eq!(statuses[41], "invalid");
}

/// Posts a body as it is written here, which JSON values cannot hold.
async fn post_raw(server: &Server, device: &Device, items: &str) -> crate::support::Answer {
    let body = format!("{{\"sent_at\":\"2025-12-30T14:31:06+09:00\",\"items\":[{items}]}}");
    let request = call(Method::POST, "/api/feedback").token(&device.token);
    server.send(request.body(Body::from(body))).await
}

#[tokio::test]
async fn an_unreadable_item_stands_alone() {
    let (server, device) = started().await;
    let deep = "[".repeat(200) + &"]".repeat(200);
    let items = format!("{{\"id\":\"\\ud800\"}},{deep},{},7", visit(1));
    let answer = post_raw(&server, &device, &items).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let receipts = answer.json()["receipts"].clone();
    let statuses: Vec<_> = (0..4).map(|at| receipts[at]["status"].clone()).collect();
    assert_eq!(statuses, ["invalid", "invalid", "stored", "invalid"]);
}

#[tokio::test]
async fn an_unreadable_item_keeps_its_name() {
    let (server, device) = started().await;
    let items = "{\"comment\":\"\\ud800\",\"id\":\"abc\"}";
    let answer = post_raw(&server, &device, items).await.json();
    assert_eq!(answer["receipts"][0]["id"], "abc");
    assert_eq!(answer["receipts"][0]["status"], "invalid");
}

/// They would pass the masks, which find texts by their names.
#[tokio::test]
async fn lists_in_place_of_objects_are_invalid() {
    let (server, device) = started().await;
    let call = "010-1234-5678";
    let none = Value::Null;
    let exchange = json!([none, none, none, none, none, call, call, none, none, none]);
    let turn = json!(["user", none, none, none, none, none, call]);
    let excerpt = json!({"consent": "excerpt", "age_14_or_over": true, "exchange": exchange});
    let turns = json!({"consent": "conversation", "age_14_or_over": true, "conversation": [turn]});
    let counts = json!({"served": [1, 0, []]});
    let items = [
        with(visit(1), &excerpt),
        with(visit(2), &turns),
        with(visit(3), &counts),
        json!([1, 2]),
    ];
    assert_eq!(server.statuses(&device, &items).await, ["invalid"; 4]);
}

#[tokio::test]
async fn batches_of_another_shape_are_refused_as_a_whole() {
    let (server, device) = started().await;
    let post = |body: String| {
        let request = call(Method::POST, "/api/feedback").token(&device.token);
        server.send(request.body(Body::from(body)))
    };
    let items: Vec<Value> = (1..=101).map(visit).collect();
    let over = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": items}).to_string();
    for body in [
        over,
        "{".to_owned(),
        "[]".to_owned(),
        json!({"items": []}).to_string(),
        json!({"sent_at": 1, "items": []}).to_string(),
        json!({"sent_at": "now", "items": {}}).to_string(),
    ] {
        post(body).await.assert_problem(400, "invalid_request");
    }
    post(" ".repeat(1024 * 1024 + 1))
        .await
        .assert_problem(413, "too_large");
    let stranger = call(Method::POST, "/api/feedback")
        .token("wrong")
        .json(&json!({}));
    server
        .send(stranger)
        .await
        .assert_problem(401, "unauthorized");
    assert!(server.statuses(&device, &[]).await.is_empty());
}

/// Entries that must be refused, and a word of the reason.
fn invalid() -> Vec<(Value, &'static str)> {
    let text = json!({"prompt": "p", "answer": "a"});
    let turn = json!([{"role": "user", "text": "t"}]);
    let answer = json!({"kind": "answer", "rating": null, "thumb": "up"});
    let excerpt = json!({"kind": "fact_error", "rating": null, "consent": "excerpt"});
    let outcome = json!({"ended_by": "idle", "turns": 1, "teams": ["nobody"], "secs": 1});
    let fields = [
        (
            json!({"id": "0193f0c2-0000-4000-8000-000000000001"}),
            "id must",
        ),
        (
            json!({"id": "0193F0C2-0000-7000-8000-000000000001"}),
            "id must",
        ),
        (
            json!({"visit_id": "0193f0c2-0000-7000-8000-000000000001"}),
            "visit_id",
        ),
        (json!({"seq": 0}), "seq"),
        (json!({"seq": 1.5}), "integer"),
        (json!({"seq": -1}), "integer"),
        (json!({"seq": 9_007_199_254_740_992_u64}), "integer"),
        (json!({"created_at": "yesterday"}), "created_at"),
        (json!({"created_at": null}), "created_at"),
        (json!({"team": "nobody"}), "nobody"),
        (json!({"surprise": 1}), "surprise"),
        (json!({"language": "fr"}), "fr"),
        (json!({"kind": "poem"}), "poem"),
        (json!({"origin": "robot"}), "robot"),
        (json!({"rating": null}), "rating"),
        (json!({"rating": 0}), "rating"),
        (json!({"rating": 6}), "rating"),
        (json!({"thumb": "up"}), "thumb"),
        (json!({"kind": "answer", "rating": null}), "thumb"),
        (json!({"kind": "answer", "thumb": "up"}), "rating"),
        (json!({"kind": "outcome", "rating": null}), "outcome"),
        (
            json!({"kind": "outcome", "rating": null, "outcome": outcome}),
            "nobody",
        ),
        (json!({"exchange": text}), "consent"),
        (json!({"conversation": turn}), "consent"),
        (
            json!({"consent": "excerpt", "conversation": turn}),
            "consent",
        ),
        (
            json!({"consent": "conversation", "exchange": text}),
            "consent",
        ),
        (json!({"comment": "hello", "age_14_or_over": false}), "age"),
        (
            json!({"consent": "excerpt", "exchange": text, "age_14_or_over": false}),
            "age",
        ),
        (json!({"comment": "가".repeat(1_001)}), "comment"),
        (json!({"tags": vec!["t"; 11]}), "tags"),
        (json!({"tags": [1]}), "string"),
        (json!({"demo": "d".repeat(32_001)}), "text"),
        (json!({"served": {"model": -1}}), "integer"),
        (
            json!({"exchange": {"prompt": "p"}, "consent": "excerpt"}),
            "answer",
        ),
    ];
    let mut invalid: Vec<(Value, &str)> = fields
        .into_iter()
        .map(|(fields, reason)| (with(visit(1), &fields), reason))
        .collect();
    let answers: serde_json::Map<_, _> = (0..33).map(|n| (format!("q{n}"), "a".into())).collect();
    invalid.push((with(visit(1), &json!({"answers": answers})), "answers"));
    let long: Vec<Value> = (0..17)
        .map(|_| json!({"role": "user", "text": "a".repeat(32_000)}))
        .collect();
    let long = json!({"consent": "conversation", "conversation": long});
    invalid.push((with(visit(1), &long), "conversation"));
    invalid.push((
        with(with(visit(1), &answer), &json!({"consent": "excerpt"})),
        "consent",
    ));
    invalid.push((
        with(
            with(visit(1), &excerpt),
            &json!({"answers": {"category": "x"}}),
        ),
        "category",
    ));
    let unconsented = json!({"consent": "rating", "answers": {"category": "law"}});
    invalid.push((with(with(visit(1), &excerpt), &unconsented), "excerpt"));
    invalid.extend(sentences());
    invalid.push((json!({}), "missing field"));
    invalid.push((json!(7), "invalid type"));
    invalid
}

/// Sentences where names belong, which would become headers or be kept without consent.
fn sentences() -> Vec<(Value, &'static str)> {
    let long = "가".repeat(101);
    let exchange = |key: &str| {
        let exchange = json!({"prompt": "p", "answer": "a", key: long});
        json!({"consent": "excerpt", "exchange": exchange})
    };
    let turn = |key: &str| {
        let turn = json!({"role": "user", "text": "t", key: long});
        json!({"consent": "conversation", "conversation": [turn]})
    };
    let fields = [
        (json!({"demo": long}), "demo"),
        (json!({"tags": ["fast", long]}), "tag"),
        (json!({"tags": ["two\nlines"]}), "tag"),
        (json!({"answers": {&*long: "x"}}), "key of answers"),
        (json!({"answers": {"a\u{0}b": "x"}}), "key of answers"),
        (json!({"served": {"models": [long]}}), "model"),
        (json!({"served": {"models": vec!["m"; 101]}}), "models"),
        (json!({"survey_version": long}), "survey_version"),
        (json!({"app_build": long}), "app_build"),
        (exchange("request_id"), "request_id"),
        (exchange("demo"), "demo"),
        (exchange("model"), "model"),
        (exchange("finish_reason"), "finish_reason"),
        (turn("request_id"), "request_id"),
        (turn("demo"), "demo"),
        (turn("model"), "model"),
        (
            json!({"answers": {"q": long}, "age_14_or_over": false}),
            "age",
        ),
        (
            json!({"answers": {"q": "two\nlines"}, "age_14_or_over": false}),
            "age",
        ),
    ];
    let entries = fields.into_iter();
    entries
        .map(|(fields, reason)| (with(visit(1), &fields), reason))
        .collect()
}

#[tokio::test]
async fn entries_against_a_rule_are_invalid_with_a_reason() {
    let (server, device) = started().await;
    for (item, word) in invalid() {
        let answer = server
            .post_items(&device, std::slice::from_ref(&item))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let receipt = &answer.json()["receipts"][0];
        assert_eq!(receipt["status"], "invalid", "{word}: {item}");
        let reason = receipt["reason"].as_str().unwrap();
        assert!(reason.contains(word), "{word} is not in: {reason}");
        assert_eq!(receipt["sha256"], sha256_hex(&item));
    }
}

#[tokio::test]
async fn entries_of_every_kind_and_unknown_words_are_stored() {
    let (server, device) = started().await;
    let text = json!({"prompt": "p", "answer": "a"});
    let entries = [
        with(
            visit(1),
            &json!({"demo": "of the future", "tags": ["new"], "answers": {"q9": "x"}}),
        ),
        with(
            visit(2),
            &json!({"kind": "answer", "rating": null, "thumb": "down"}),
        ),
        with(
            visit(3),
            &json!({"kind": "fact_error", "rating": null, "consent": "excerpt",
                "answers": {"category": "law"}, "exchange": text}),
        ),
        with(
            visit(4),
            &json!({"kind": "outcome", "rating": null, "team": null, "demo": null,
                "age_14_or_over": false,
                "outcome": {"ended_by": "start_over", "turns": 0, "teams": [], "secs": 12}}),
        ),
        with(
            visit(5),
            &json!({"consent": "conversation",
            "conversation": [{"role": "assistant", "team": "skt", "text": "t"}]}),
        ),
        with(
            visit(6),
            &json!({"comment": "", "age_14_or_over": false, "conversation": []}),
        ),
        json!({"id": entry_id(7), "seq": 7, "visit_id": VISIT, "kind": "visit", "rating": 5,
            "created_at": "1970-01-01T00:00:00Z", "language": "en"}),
        with(
            visit(8),
            &json!({"tags": null, "answers": null, "served": null}),
        ),
        with(
            visit(9),
            &json!({"tags": ["설명이 쉬워요", "가".repeat(100)], "age_14_or_over": false,
                "answers": {"처음인가요": "네", "가".repeat(100): "나".repeat(100)}}),
        ),
        with(
            visit(10),
            &json!({"answers": {"written": "가\n나".repeat(1_000)}}),
        ),
    ];
    let statuses = server.statuses(&device, &entries).await;
    assert_eq!(statuses, ["stored"; 10]);
}

#[tokio::test]
async fn personal_data_is_masked_before_it_reaches_the_disk() {
    let (server, device) = started().await;
    let secret = "010-1234-5678";
    let entries = [
        with(visit(1), &json!({"comment": format!("call {secret}")})),
        with(
            visit(2),
            &json!({"consent": "excerpt",
            "exchange": {"prompt": format!("I am {secret}"), "answer": "me@example.com"}}),
        ),
        with(
            visit(3),
            &json!({"consent": "conversation",
            "conversation": [{"role": "user", "text": secret}]}),
        ),
        with(visit(3), &json!({"comment": format!("again {secret}")})),
    ];
    let statuses = server.statuses(&device, &entries).await;
    assert_eq!(statuses, ["stored", "stored", "stored", "conflict"]);
    let cookie = server.organiser().await;
    let comment = server.items(&cookie, "").await[2]["comment"].clone();
    assert_eq!(comment, format!("call {}", kiosk_privacy::PHONE));
    server.state.storage.close().await;
    for entry in std::fs::read_dir(server.database().parent().unwrap()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for personal in [secret, "me@example.com"] {
            let found = bytes
                .windows(personal.len())
                .any(|part| part == personal.as_bytes());
            assert!(!found, "{personal} is on the disk");
        }
    }
}

#[tokio::test]
async fn the_hash_of_what_was_sent_is_not_kept() {
    let (server, device) = started().await;
    let hash = sha256_hex(&visit(1));
    server.statuses(&device, &[visit(1)]).await;
    let kept: String = Connection::open(server.database())
        .unwrap()
        .query_row("SELECT keyed_hash FROM entries", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept.len(), 64);
    assert_ne!(kept, hash);
}

#[tokio::test]
async fn a_closed_database_is_unavailable_and_says_when_to_come_back() {
    let (server, device) = started().await;
    server.state.storage.close().await;
    let answer = server.post_items(&device, &[visit(1)]).await;
    answer.assert_problem(503, "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    server
        .get("/readyz")
        .await
        .assert_problem(503, "unavailable");
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn filters_find_what_they_name() {
    let (server, device) = started().await;
    let entries = [
        with(visit(1), &json!({"rating": 1, "comment": "Slow ANSWER"})),
        with(
            visit(2),
            &json!({"rating": 3, "team": "upstage", "language": "en"}),
        ),
        with(
            visit(3),
            &json!({"kind": "answer", "rating": null, "thumb": "up"}),
        ),
        with(
            visit(4),
            &json!({"rating": 5, "created_at": "2025-12-31T00:00:00+09:00"}),
        ),
    ];
    server.statuses(&device, &entries).await;
    let other = server.register("other").await;
    server
        .statuses(&other, &[with(visit(5), &json!({"rating": 2}))])
        .await;
    let cookie = server.organiser().await;
    let device_query = format!("?device={}", other.id);
    for (query, expected) in [
        ("", vec![5, 4, 3, 2, 1]),
        ("?team=upstage", vec![2]),
        ("?kind=answer", vec![3]),
        ("?rating_min=3", vec![4, 2]),
        ("?rating_max=2", vec![5, 1]),
        ("?rating_min=2&rating_max=3", vec![5, 2]),
        ("?language=en", vec![2]),
        (device_query.as_str(), vec![5]),
        ("?from=2025-12-31", vec![4]),
        ("?to=2025-12-30", vec![5, 3, 2, 1]),
        (
            "?from=2025-12-30T15:00:00Z&to=2025-12-30T15:00:00Z",
            vec![4],
        ),
        ("?q=answer", vec![1]),
        ("?q=nothing", vec![]),
        ("?team=", vec![5, 4, 3, 2, 1]),
    ] {
        let found: Vec<u64> = server
            .items(&cookie, query)
            .await
            .iter()
            .map(|item| item["seq"].as_u64().unwrap())
            .collect();
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_doubles() {
    let (server, device) = started().await;
    let entries: Vec<Value> = (1..=7).map(visit).collect();
    server.statuses(&device, &entries).await;
    let cookie = server.organiser().await;
    let mut found = Vec::new();
    let mut path = "/api/feedback?limit=3".to_owned();
    loop {
        let page = server
            .send(call(Method::GET, &path).cookie(&cookie).build())
            .await
            .json();
        found.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|i| i["seq"].as_u64().unwrap()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/feedback?limit=3&cursor={cursor}");
    }
    assert_eq!(found, [7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn bad_filters_are_refused() {
    let (server, _) = started().await;
    let cookie = server.organiser().await;
    for query in [
        "team=nobody",
        "kind=poem",
        "rating_min=0",
        "rating_max=x",
        "language=fr",
        "device=1",
        "from=soon",
        "to=2025-02-30",
        "limit=0",
        "limit=501",
        "cursor=x",
        "colour=red",
    ] {
        let path = format!("/api/feedback?{query}");
        let answer = server
            .send(call(Method::GET, &path).cookie(&cookie).build())
            .await;
        answer.assert_problem(400, "invalid_request");
    }
}
