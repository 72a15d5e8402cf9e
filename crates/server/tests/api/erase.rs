//! Erasing a visit by its receipt: gone from the database and its file, and it stays gone.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use axum::http::{Method, StatusCode};
use kiosk_server::storage::{Storage, sqlite};
use kiosk_wire::receipt::receipt;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Answer, Server, VISIT, visit, with};

const OTHER_VISIT: &str = "7d444840-9dc0-4d1e-b245-000000000001";

async fn erase(server: &Server, written: &str) -> Answer {
    let cookie = server.organiser().await;
    let path = format!("/api/feedback/{written}");
    server
        .act(&cookie, Method::DELETE, &path, &Value::Null)
        .await
}

/// The receipts of which the audit tells that they were erased.
async fn told_erasures(server: &Server) -> Vec<String> {
    let cookie = server.organiser().await;
    let audit = server.read(&cookie, "/api/audit").await.json();
    let told = audit["items"].as_array().unwrap();
    told.iter()
        .filter(|item| item["action"] == "feedback.erase")
        .map(|item| item["target"].as_str().unwrap().to_owned())
        .collect()
}

fn of_other_visit(n: u64) -> Value {
    with(visit(n), &json!({"visit_id": OTHER_VISIT}))
}

#[tokio::test]
async fn a_visits_entries_and_conflicts_go_and_others_stay() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let changed = with(visit(1), &json!({"rating": 1}));
    let entries = [visit(1), visit(2), of_other_visit(3), changed];
    server.statuses(&device, &entries).await;
    let answer = erase(&server, &receipt(VISIT).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    let cookie = server.organiser().await;
    let items = server.items(&cookie, "").await;
    assert_eq!((items.len(), &items[0]["seq"]), (1, &json!(3)));
    let told = server
        .read(&cookie, "/api/feedback/reconciliation")
        .await
        .json();
    let told = &told["devices"][0];
    assert_eq!((&told["stored"], &told["missing"]), (&json!(1), &json!([])));
    assert_eq!(told["conflicts"], json!([]));
    // What the tablet still had is released and not kept.
    let late = server.statuses(&device, &[visit(1), visit(9)]).await;
    assert_eq!(late, ["erased", "erased"]);
    assert_eq!(server.items(&cookie, "").await.len(), 1);
    let audit = server.read(&cookie, "/api/audit").await.json();
    let told = audit["items"].as_array().unwrap();
    let told = told.iter().find(|item| item["action"] == "feedback.erase");
    assert_eq!(told.unwrap()["target"], json!(receipt(VISIT)));
}

#[tokio::test]
async fn the_highest_number_stays_known() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    server
        .statuses(&device, &[of_other_visit(1), visit(2)])
        .await;
    erase(&server, &receipt(VISIT).unwrap()).await;
    let beat = server.beat(&device, &json!({})).await.json();
    assert_eq!(beat["last_seq"], 2);
}

#[tokio::test]
async fn receipts_are_read_as_people_write_them() {
    // The receipt 00000-00011 in every way a person may write it.
    for written in ["00000-00011", "ooooo-oooil", "OOOOOOOOLI", "00000%2000011"] {
        let server = Server::start().await;
        let device = server.register("tablet").await;
        let id = "7d444840-9dc0-4d1e-b244-000000000021";
        server
            .statuses(&device, &[with(visit(1), &json!({"visit_id": id}))])
            .await;
        assert_eq!(receipt(id).as_deref(), Some("00000-00011"));
        assert_eq!(
            erase(&server, written).await.status,
            StatusCode::NO_CONTENT,
            "{written}"
        );
    }
}

#[tokio::test]
async fn what_is_not_here_is_not_found_or_remembered() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let receipt = receipt(VISIT).unwrap();
    erase(&server, &receipt)
        .await
        .assert_problem(404, "not_found");
    assert_eq!(told_erasures(&server).await, [""; 0]);
    assert_eq!(server.statuses(&device, &[visit(1)]).await, ["stored"]);
    let other = kiosk_wire::receipt::receipt(OTHER_VISIT).unwrap();
    let answer = erase(&server, &format!("{other}?remember=true")).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(told_erasures(&server).await, [&*other]);
    assert_eq!(
        server.statuses(&device, &[of_other_visit(2)]).await,
        ["erased"]
    );
    let answer = erase(&server, &format!("{receipt}?remember=true")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn anything_else_is_no_receipt() {
    let server = Server::start().await;
    for written in [
        "K7QF2",
        "K7QF2-MDX4U",
        "%FF",
        "..",
        "K7QF2-MDX4P?remember=perhaps",
    ] {
        erase(&server, written)
            .await
            .assert_problem(400, "invalid_request");
    }
}

/// Whether a file of the database holds this text.
fn holds(server: &Server, text: &str) -> bool {
    folder_holds(server.database().parent().unwrap(), text)
}

fn folder_holds(folder: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .any(|bytes| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        })
}

#[tokio::test]
async fn the_text_is_gone_from_the_files_too() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let turn = |text: &str| json!({"role": "user", "team": "skt", "text": text});
    let talk = |text: &str| json!([turn(&text.repeat(1_500)), turn(text)]);
    let fields = |mark: &str| {
        json!({"comment": format!("comment of {mark}"), "consent": "conversation",
            "conversation": talk(mark)})
    };
    let mut entries: Vec<Value> = (1..=30)
        .map(|n| with(of_other_visit(n), &fields("stays-where-it-is")))
        .collect();
    entries.insert(11, with(visit(31), &fields("gone-for-good")));
    // A small one lies in a page with others.
    entries.insert(19, with(visit(32), &json!({"comment": "gone-for-good"})));
    server.statuses(&device, &entries).await;
    let conflict = with(visit(31), &json!({"comment": "gone-for-good, later"}));
    assert_eq!(server.statuses(&device, &[conflict]).await, ["conflict"]);
    assert!(holds(&server, "gone-for-good"));
    let answer = erase(&server, &receipt(VISIT).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(!holds(&server, "gone-for-good"));
    assert!(holds(&server, "stays-where-it-is"));
    // The log was emptied by the server itself; nothing is left for this one to write back.
    let database = Connection::open(server.database()).unwrap();
    let left: i64 = database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(1))
        .unwrap();
    assert_eq!(left, 0);
    assert!(!holds(&server, "gone-for-good"));
}

/// A server with an erased visit whose text a reader from outside keeps in the log.
async fn erased_under_a_reader() -> (Server, Connection) {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let told = with(visit(1), &json!({"comment": "gone-for-good"}));
    server.statuses(&device, &[told]).await;
    let cookie = server.organiser().await;
    let reader = Connection::open(server.database()).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let read = |row: &rusqlite::Row<'_>| row.get(0);
    let seen: i64 = reader
        .query_row("SELECT count(*) FROM entries", [], read)
        .unwrap();
    assert_eq!(seen, 1);
    let asked = Instant::now();
    let path = format!("/api/feedback/{}", receipt(VISIT).unwrap());
    let answer = server
        .act(&cookie, Method::DELETE, &path, &Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    // Others want to write meanwhile.
    let late = server.statuses(&device, &[of_other_visit(2)]).await;
    assert_eq!(late, ["stored"]);
    assert!(asked.elapsed() < Duration::from_secs(2), "{asked:?}");
    assert!(holds(&server, "gone-for-good"));
    (server, reader)
}

#[tokio::test]
async fn what_a_reader_keeps_in_the_log_goes_once_it_is_gone() {
    let (server, reader) = erased_under_a_reader().await;
    reader.execute_batch("COMMIT").unwrap();
    let since = Instant::now();
    while holds(&server, "gone-for-good") {
        assert!(since.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_a_killed_server_left_in_the_log_goes_at_the_next_start() {
    let (server, _reader) = erased_under_a_reader().await;
    // The files as a server leaves them that is killed now.
    let left = tempfile::tempdir().unwrap();
    for end in ["sqlite3", "sqlite3-wal"] {
        let file = server.database().with_extension(end);
        std::fs::copy(&file, left.path().join(file.file_name().unwrap())).unwrap();
    }
    assert!(folder_holds(left.path(), "gone-for-good"));
    let again = sqlite::open(&left.path().join("booth.sqlite3")).unwrap();
    assert!(!folder_holds(left.path(), "gone-for-good"));
    assert_eq!(again.newest_position().await.unwrap(), 2);
}
