//! Downloads: shape of CSV and JSON lines, columns, guard, local time.

use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Answer, Server, call, visit, with};

async fn download(server: &Server, query: &str) -> Answer {
    let cookie = server.organiser().await;
    let path = format!("/api/feedback/export?{query}");
    server
        .send(call(Method::GET, &path).cookie(&cookie).build())
        .await
}

/// Header and rows by column name.
fn table(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let named = |record: csv::StringRecord| {
        assert_eq!(record.len(), header.len());
        header
            .iter()
            .map(str::to_owned)
            .zip(record.iter().map(str::to_owned))
            .collect()
    };
    reader
        .records()
        .map(|record| named(record.unwrap()))
        .collect()
}

#[tokio::test]
async fn csv_has_one_row_an_entry_and_a_column_a_tag_and_answer() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let entries = [
        with(
            visit(1),
            &json!({"comment": "=SUM(A1)\n\"quoted\", 좋아요", "tags": ["fast", "odd"]}),
        ),
        with(
            visit(2),
            &json!({"answers": {"new_question": "yes"}, "tags": []}),
        ),
        with(visit(3), &json!({"created_at": "2025-12-30T15:00:01Z"})),
    ];
    server.statuses(&device, &entries).await;
    let answer = download(&server, "format=csv").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("\u{feff}id,device_id,seq,") && text.ends_with("\r\n"));
    let rows = table(&text);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["comment"], "'=SUM(A1)\n\"quoted\", 좋아요");
    assert_eq!((&*rows[0]["tag_fast"], &*rows[0]["tag_odd"]), ("1", "1"));
    assert_eq!((&*rows[1]["tag_fast"], &*rows[1]["tag_odd"]), ("0", "0"));
    assert_eq!(rows[0]["answer_ai_level"], "beginner");
    assert_eq!(
        (
            &*rows[0]["answer_new_question"],
            &*rows[1]["answer_new_question"]
        ),
        ("", "yes")
    );
    assert_eq!(rows[0]["device_id"], device.id);
    assert_eq!(
        (&*rows[0]["local_date"], &*rows[0]["local_hour"]),
        ("2025-12-30", "14")
    );
    assert_eq!(rows[0]["local_time"], "14:31:05");
    // Fifteen hours UTC is midnight of the next day in Seoul.
    assert_eq!(
        (&*rows[2]["local_date"], &*rows[2]["local_hour"]),
        ("2025-12-31", "0")
    );
    assert_eq!(
        (&*rows[0]["share_with_team"], &*rows[0]["age_14_or_over"]),
        ("0", "1")
    );
}

#[tokio::test]
async fn file_names_carry_event_and_local_date() {
    let server = Server::start().await;
    let event = &server.state.content.event.id;
    for format in ["csv", "xlsx", "jsonl"] {
        let answer = download(&server, &format!("format={format}")).await;
        assert_eq!(
            answer.header("content-disposition"),
            format!("attachment; filename=\"booth-{event}-2025-12-30.{format}\"")
        );
    }
}

#[tokio::test]
async fn jsonl_is_lossless() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let item = with(visit(1), &json!({"comment": "plain", "tags": ["odd tag"]}));
    server.statuses(&device, std::slice::from_ref(&item)).await;
    let answer = download(&server, "format=jsonl").await;
    let lines: Vec<Value> = answer
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let expected = with(
        item,
        &json!({"device_id": device.id, "received_at": "2025-12-30T05:31:06Z"}),
    );
    assert_eq!(lines, [expected]);
}

#[tokio::test]
async fn many_entries_come_in_order_and_filters_apply() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    for batch in 0..12 {
        let entries: Vec<Value> = (1..=100)
            .map(|n| with(visit(batch * 100 + n), &json!({"rating": n % 5 + 1})))
            .collect();
        server.statuses(&device, &entries).await;
    }
    let all = table(&download(&server, "format=csv").await.text());
    let seqs: Vec<u64> = all.iter().map(|row| row["seq"].parse().unwrap()).collect();
    assert_eq!(seqs, (1..=1_200).collect::<Vec<_>>());
    let few = download(&server, "format=jsonl&rating_min=5").await;
    assert_eq!(few.text().lines().count(), 240);
}

#[tokio::test]
async fn other_formats_are_refused() {
    let server = Server::start().await;
    for query in [
        "format=pdf",
        "format=CSV",
        "",
        "format=csv&limit=1",
        "format=csv&kind=poem",
    ] {
        download(&server, query)
            .await
            .assert_problem(400, "invalid_request");
    }
}

#[tokio::test]
async fn downloads_are_told_in_the_audit() {
    let server = Server::start().await;
    download(&server, "format=csv").await;
    let cookie = server.organiser().await;
    let audit = server.read(&cookie, "/api/audit").await.json();
    let told = audit["items"].as_array().unwrap();
    let told = told.iter().find(|item| item["action"] == "feedback.export");
    let event = &server.state.content.event.id;
    assert_eq!(
        told.unwrap()["target"],
        format!("booth-{event}-2025-12-30.csv")
    );
}

#[tokio::test]
async fn downloads_that_failed_are_not_told() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    server.statuses(&device, &[visit(1)]).await;
    let cookie = server.organiser().await;
    Connection::open(server.database())
        .unwrap()
        .execute_batch("UPDATE entries SET item = '{}'")
        .unwrap();
    for path in ["/api/feedback/export?format=xlsx", "/api/feedback/pack"] {
        let answer = server.read(&cookie, path).await;
        answer.assert_problem(500, "internal");
    }
    let audit = server.read(&cookie, "/api/audit").await.text();
    assert!(!audit.contains("feedback.export"), "{audit}");
}

#[tokio::test]
async fn nothing_is_downloaded_that_cannot_be_told() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    Connection::open(server.database())
        .unwrap()
        .execute_batch("ALTER TABLE audit RENAME TO gone")
        .unwrap();
    for path in [
        "/api/feedback/export?format=csv",
        "/api/feedback/export?format=jsonl",
        "/api/feedback/export?format=xlsx",
        "/api/feedback/pack",
    ] {
        let answer = server.read(&cookie, path).await;
        answer.assert_problem(503, "unavailable");
    }
}

#[tokio::test]
async fn the_dictionary_tells_every_column_of_csv_in_its_order() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let odd = with(
        visit(1),
        &json!({"tags": ["new tag"], "answers": {"new_question": "yes"}}),
    );
    server.statuses(&device, &[odd]).await;
    let cookie = server.organiser().await;
    let answer = server.read(&cookie, "/api/feedback/dictionary").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let dictionary = answer.json();
    let columns = dictionary["columns"].as_array().unwrap();
    let names: Vec<&str> = columns
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    let csv = download(&server, "format=csv").await.text();
    let header = csv.trim_start_matches('\u{feff}').lines().next().unwrap();
    assert_eq!(names.join(","), header);
    for column in columns {
        for part in ["label", "meaning"] {
            for language in ["ko", "en"] {
                let text = column[part][language].as_str().unwrap();
                assert!(!text.is_empty(), "{column}");
            }
        }
        assert!(column["type"].is_string());
    }
    let column = |name: &str| columns.iter().find(|c| c["name"] == name).unwrap();
    assert_eq!(column("tag_fast")["label"]["ko"], "태그: 빨라요");
    assert_eq!(column("tag_new tag")["type"], "flag");
    let choices = column("answer_ai_level")["values"].as_array().unwrap();
    assert_eq!(choices[0]["value"], "beginner");
    assert_eq!(choices[0]["text"]["en"], "This is my first time");
    assert_eq!(column("team")["values"].as_array().unwrap().len(), 5);
    assert_eq!(column("rating")["values"][4]["text"]["ko"], "매우 좋아요");
    assert_eq!(column("exchange_total_ms")["unit"], "ms");
    assert!(dictionary["conversation_columns"].as_array().unwrap().len() > 5);
}
