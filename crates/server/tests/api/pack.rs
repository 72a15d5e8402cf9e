//! The ZIP: what is in it, for organisers and for a team, and that it is whole.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use axum::http::StatusCode;
use kiosk_server::config::{Config, TeamConfig};
use kiosk_wire::{
    canonical,
    console::{Reconciliation, Summary},
    receipt::receipt,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::{
    support::{Answer, Device, Server, VISIT, visit, with},
    xlsx,
};

type Files = BTreeMap<String, Vec<u8>>;

fn files(answer: &Answer) -> Files {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    let mut zip = ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

fn lines(files: &Files) -> Vec<Value> {
    let lines = text(files, "entries.jsonl").lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Every file but the sums themselves is named with its own sum.
fn assert_sums(files: &Files) {
    let named = files.iter().filter(|(name, _)| *name != "SHA256SUMS");
    let sum = |bytes: &[u8]| canonical::hex(&Sha256::digest(bytes));
    let mut expected: Vec<String> = named
        .map(|(name, bytes)| format!("{}  {name}", sum(bytes)))
        .collect();
    let mut lines: Vec<&str> = text(files, "SHA256SUMS").lines().collect();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

fn turn(team: &str, text: &str) -> Value {
    json!({"role": "user", "team": team, "text": text})
}

/// Entries of two teams, shared and not.
async fn collected(server: &Server) -> Device {
    let device = server.register("tablet").await;
    let talk = |own: &str| json!([turn("skt", own), turn("upstage", "said to upstage")]);
    let entries = [
        with(
            visit(1),
            &json!({"share_with_team": true, "comment": "=shared", "consent": "conversation",
                "conversation": talk("said to skt"), "tags": ["fast", "shared tag"]}),
        ),
        with(
            visit(2),
            &json!({"comment": "not shared", "tags": ["private tag"]}),
        ),
        with(
            visit(3),
            &json!({"team": "upstage", "demo": "chat", "share_with_team": true,
                "comment": "shared with upstage"}),
        ),
        with(
            visit(4),
            &json!({"share_with_team": true, "consent": "excerpt", "rating": 5,
                "served": {"model": 2, "guide": 0, "models": ["model-1", "SOLAR-OTHER"]},
                "exchange": {"team": "upstage", "prompt": "asked upstage", "answer": "a"}}),
        ),
    ];
    assert_eq!(server.statuses(&device, &entries).await, ["stored"; 4]);
    device
}

#[tokio::test]
async fn organisers_get_everything_with_its_sums() {
    let server = Server::start().await;
    let device = collected(&server).await;
    let cookie = server.organiser().await;
    let answer = server.read(&cookie, "/api/feedback/pack").await;
    let event = &server.state.content.event.id;
    assert_eq!(
        answer.header("content-disposition"),
        format!("attachment; filename=\"booth-{event}-2025-12-30.zip\"")
    );
    let files = files(&answer);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "README.txt",
            "SHA256SUMS",
            "dictionary.csv",
            "dictionary.json",
            "entries.csv",
            "entries.jsonl",
            "entries.xlsx",
            "reconciliation.json",
            "summary.json",
        ]
    );
    assert_sums(&files);
    for (name, format) in [("entries.csv", "csv"), ("entries.jsonl", "jsonl")] {
        let path = format!("/api/feedback/export?format={format}");
        assert_eq!(text(&files, name), server.read(&cookie, &path).await.text());
    }
    let rows = xlsx::rows(&mut xlsx::book(&files["entries.xlsx"]), 0);
    assert_eq!(rows.len(), 5);
    let told: Reconciliation = serde_json::from_slice(&files["reconciliation.json"]).unwrap();
    assert_eq!(
        (&*told.devices[0].device_id, told.devices[0].stored),
        (&*device.id, 4)
    );
    let summary: Summary = serde_json::from_slice(&files["summary.json"]).unwrap();
    assert_eq!(summary.teams.len(), 5);
    let dictionary = server
        .read(&cookie, "/api/feedback/dictionary")
        .await
        .json();
    let packed: Value = serde_json::from_slice(&files["dictionary.json"]).unwrap();
    assert_eq!(packed, dictionary);
    let readme = text(&files, "README.txt");
    assert!(
        readme.contains("90일") && readme.contains("90 days"),
        "{readme}"
    );
    assert!(readme.contains("reconciliation.json"));
}

#[tokio::test]
async fn a_team_gets_what_was_shared_with_it_and_no_trace_of_the_rest() {
    let mut config = Config::default();
    let table = "base_url='https://a.example/v1'\nmodel='model-1'";
    let services = toml::from_str::<TeamConfig>(table).unwrap();
    config.teams.insert("skt".to_owned(), services);
    let server = Server::with(config).await;
    let device = collected(&server).await;
    let team = server.signed_in_as("somebody", "team:skt").await;
    let answer = server.read(&team, "/api/feedback/pack?team=skt").await;
    let event = &server.state.content.event.id;
    assert_eq!(
        answer.header("content-disposition"),
        format!("attachment; filename=\"booth-{event}-skt-2025-12-30.zip\"")
    );
    let files = files(&answer);
    assert_sums(&files);
    assert!(!files.contains_key("reconciliation.json"));
    let entries = lines(&files);
    assert_eq!(entries.len(), 2);
    assert_eq!(
        entries[0]["conversation"],
        json!([turn("skt", "said to skt")])
    );
    assert_eq!(entries[1]["exchange"], Value::Null);
    assert_eq!(entries[1]["served"]["models"], json!(["model-1"]));
    let csv = text(&files, "entries.csv");
    let header = csv.lines().next().unwrap();
    assert!(header.contains("tag_shared tag") && !header.contains("private"));
    for column in ["device_id", "visit_id", "receipt", "seq"] {
        assert!(
            header
                .split(',')
                .all(|name| name.trim_start_matches('\u{feff}') != column)
        );
        assert_eq!(entries[0].get(column), None, "{column}");
    }
    let mut book = xlsx::book(&files["entries.xlsx"]);
    let cells = (0..3)
        .flat_map(|sheet| xlsx::rows(&mut book, sheet))
        .flatten();
    let cells: Vec<String> = cells.map(|cell| cell.to_string()).collect();
    let summary: Summary = serde_json::from_slice(&files["summary.json"]).unwrap();
    let teams: Vec<&str> = summary.teams.iter().map(|team| &*team.team).collect();
    assert_eq!((teams, summary.teams[0].forms[0].count), (vec!["skt"], 2));
    // Nowhere, in whatever form.
    let mut everywhere = cells.join("\n");
    for (_, bytes) in files.iter().filter(|(name, _)| *name != "entries.xlsx") {
        everywhere.push_str(std::str::from_utf8(bytes).unwrap());
    }
    let receipt = receipt(VISIT).unwrap();
    for secret in [
        "upstage\n",
        "asked upstage",
        "said to upstage",
        "not shared",
        "private tag",
        "shared with upstage",
        "SOLAR-OTHER",
        VISIT,
        &*receipt,
        &*device.id,
    ] {
        assert!(!everywhere.contains(secret), "{secret}");
    }
    assert!(everywhere.contains("'=shared") && everywhere.contains("said to skt"));
}

#[tokio::test]
async fn organisers_may_see_what_a_team_gets() {
    let server = Server::start().await;
    collected(&server).await;
    let cookie = server.organiser().await;
    let files = files(
        &server
            .read(&cookie, "/api/feedback/pack?team=upstage")
            .await,
    );
    let entries = lines(&files);
    assert_eq!(
        (entries.len(), &entries[0]["comment"]),
        (1, &json!("shared with upstage"))
    );
}

#[tokio::test]
async fn a_team_gets_no_other_teams_pack() {
    let server = Server::start().await;
    let team = server.signed_in_as("somebody", "team:skt").await;
    for query in [
        "",
        "?team=upstage",
        "?team=nobody",
        "?team=",
        "?team=skt&team=upstage",
    ] {
        let path = format!("/api/feedback/pack{query}");
        server
            .read(&team, &path)
            .await
            .assert_problem(403, "forbidden");
    }
    let cookie = server.organiser().await;
    for query in ["?team=nobody", "?format=csv", "?kind=visit"] {
        let path = format!("/api/feedback/pack{query}");
        let answer = server.read(&cookie, &path).await;
        answer.assert_problem(400, "invalid_request");
    }
}

#[tokio::test]
async fn nothing_collected_is_a_pack_too() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    let files = files(&server.read(&cookie, "/api/feedback/pack").await);
    assert_sums(&files);
    assert!(lines(&files).is_empty());
    assert_eq!(text(&files, "entries.csv").lines().count(), 1);
}
