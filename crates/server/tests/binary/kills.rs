//! The server is killed again and again while many tablets send: what they were told is kept is kept,
//! once.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    life::secret,
    process::{Server, command},
};

/// How often the server is killed; a long run sets `KIOSK_KILLS`.
const KILLS: u64 = 25;
const TABLETS: u64 = 8;
/// Numbers of one tablet's entries lie within this many ids.
const IDS: u64 = 1_000_000;
/// How long a tablet waits for an answer and between two tries.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);

fn entry(tablet: u64, seq: u64) -> Value {
    json!({
        "id": format!("0193f0c2-0000-7000-8000-{:012x}", tablet * IDS + seq), "seq": seq,
        "visit_id": format!("7d444840-9dc0-4d1e-b245-{tablet:012x}"), "kind": "visit", "rating": 5,
        "created_at": "2025-12-30T14:31:05+09:00", "language": "ko"
    })
}

/// One try; nothing if the server went away before its answer was whole.
fn send(address: &str, token: &str, items: &[Value]) -> Option<Vec<Value>> {
    let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": items}).to_string();
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(
        stream,
        "POST /api/feedback HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{batch}",
        batch.len(),
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return None;
    }
    let mut answer: Value = serde_json::from_str(body).ok()?;
    Some(std::mem::take(answer["receipts"].as_array_mut()?))
}

/// Sends entry after entry until it is over, each until it has its receipt; the ids it was told of.
fn tablet(number: u64, token: &str, address: &Mutex<String>, is_over: &AtomicBool) -> Vec<String> {
    let (mut told, mut seq) = (Vec::new(), 0);
    while !is_over.load(Ordering::Relaxed) {
        let items: Vec<Value> = (1..=1 + seq % 4)
            .map(|next| entry(number, seq + next))
            .collect();
        seq += items.len() as u64;
        let receipts = loop {
            let to = address.lock().unwrap().clone();
            match send(&to, token, &items) {
                Some(receipts) => break receipts,
                None => thread::sleep(PAUSE),
            }
        };
        assert_eq!(receipts.len(), items.len());
        for receipt in receipts {
            let status = receipt["status"].as_str().unwrap();
            // Taken in before the kill, its answer lost: then it is known already.
            assert!(matches!(status, "stored" | "duplicate"), "{receipt}");
            told.push(receipt["id"].as_str().unwrap().to_owned());
        }
    }
    told
}

#[test]
fn a_killed_server_loses_and_doubles_nothing() {
    let kills = std::env::var("KIOSK_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(&mut command(folder.path()), 3);
    let password = secret(&server, "organiser password: ").to_owned();
    let tokens: Vec<String> = (0..TABLETS)
        .map(|number| {
            let name = json!({"name": format!("tablet {number}")});
            let (_, device) = server.post("/api/devices", "", &name);
            device["token"].as_str().unwrap().to_owned()
        })
        .collect();
    let (address, is_over) = (Mutex::new(server.address.clone()), AtomicBool::new(false));
    let (server, told) = thread::scope(|scope| {
        let (address, is_over) = (&address, &is_over);
        let tablets: Vec<_> = (0..)
            .zip(&tokens)
            .map(|(number, token)| scope.spawn(move || tablet(number, token, address, is_over)))
            .collect();
        for kill in 0..kills {
            // At moments that have nothing to do with what the server is doing.
            thread::sleep(Duration::from_millis(20 + kill * 37 % 180));
            server.kill();
            server = Server::start(&mut command(folder.path()), 0);
            *address.lock().unwrap() = server.address.clone();
        }
        thread::sleep(Duration::from_millis(200));
        is_over.store(true, Ordering::Relaxed);
        let told = tablets.into_iter().map(|tablet| tablet.join().unwrap());
        let told: Vec<String> = told.flatten().collect();
        (server, told)
    });

    let cookie = server.cookie("organiser", &password) + "\r\n";
    let (_, numbers) = server.ask("GET", "/api/feedback/reconciliation", &cookie, "");
    for device in numbers["devices"].as_array().unwrap() {
        assert_eq!(device["missing"], json!([]), "{device}");
        assert_eq!(device["conflicts"], json!([]), "{device}");
    }
    server.kill();
    println!("{kills} kills, {} entries told of", told.len());
    let ids: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    assert_eq!(ids.len(), told.len(), "told of twice");
    let database = rusqlite::Connection::open(folder.path().join("data/booth.sqlite3")).unwrap();
    let mut rows = database.prepare("SELECT id FROM entries").unwrap();
    let kept = rows.query_map([], |row| row.get(0)).unwrap();
    let kept: Vec<String> = kept.map(Result::unwrap).collect();
    assert_eq!(kept.len(), told.len(), "as many as were told of");
    assert!(ids.iter().all(|id| kept.iter().any(|one| one == id)));
}
