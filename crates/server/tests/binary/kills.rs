//! The server is killed again and again while many tablets send: what they were told is kept is kept,
//! once.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
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
    on_postgres::{ask_database, fresh_database},
    process::{Server, command, refused},
};

/// How often the server is killed; a long run sets `KIOSK_KILLS`.
const KILLS: u64 = 25;
const TABLETS: u64 = 8;
/// Numbers of one tablet's entries lie within this many ids.
const IDS: u64 = 1_000_000;
/// How long a tablet waits for an answer and between two tries.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(10);
/// How often the database ends every connection.
const CUTS: u32 = 10;

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
fn tablet(
    number: u64,
    token: &str,
    addresses: &[Mutex<String>],
    is_over: &AtomicBool,
) -> Vec<String> {
    let (mut told, mut seq) = (Vec::new(), 0);
    // Each try goes to another server, if there are more.
    let mut servers = addresses.iter().cycle();
    while !is_over.load(Ordering::Relaxed) {
        let items: Vec<Value> = (1..=1 + seq % 4)
            .map(|next| entry(number, seq + next))
            .collect();
        seq += items.len() as u64;
        let receipts = loop {
            let to = servers.next().unwrap().lock().unwrap().clone();
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

/// Ends the tablets' work, also when the test fails.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Kills one server after the other while tablets send; answers those that run in the end, and what the
/// tablets were told of.
fn drill(
    start: &dyn Fn(usize) -> Command,
    mut servers: Vec<Server>,
    then: &dyn Fn(),
) -> (Vec<Server>, Vec<String>) {
    let kills = std::env::var("KIOSK_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let tokens: Vec<String> = (0..TABLETS)
        .map(|number| {
            let name = json!({"name": format!("tablet {number}")});
            let (_, device) = servers[0].post("/api/devices", "", &name);
            device["token"].as_str().unwrap().to_owned()
        })
        .collect();
    let addresses = servers
        .iter()
        .map(|server| Mutex::new(server.address.clone()));
    let (addresses, is_over) = (addresses.collect::<Vec<_>>(), AtomicBool::new(false));
    let told = thread::scope(|scope| {
        let (addresses, is_over) = (addresses.as_slice(), &is_over);
        let over = Over(is_over);
        let tablets: Vec<_> = (0..)
            .zip(&tokens)
            .map(|(number, token)| scope.spawn(move || tablet(number, token, addresses, is_over)))
            .collect();
        for kill in 0..kills {
            // At moments that have nothing to do with what the server is doing.
            thread::sleep(Duration::from_millis(20 + kill * 37 % 180));
            let killed = servers.remove(0);
            killed.kill();
            let at = usize::try_from(kill).unwrap() % addresses.len();
            let started = Server::start(&mut start(at), 0);
            addresses[at].lock().unwrap().clone_from(&started.address);
            servers.push(started);
        }
        then();
        thread::sleep(Duration::from_millis(200));
        drop(over);
        let told = tablets.into_iter().map(|tablet| tablet.join().unwrap());
        told.flatten().collect::<Vec<String>>()
    });
    println!("{kills} kills, {} entries told of", told.len());
    (servers, told)
}

fn expect_no_gap(server: &Server, password: &str) {
    let cookie = server.cookie("organiser", password) + "\r\n";
    let (_, numbers) = server.ask("GET", "/api/feedback/reconciliation", &cookie, "");
    for device in numbers["devices"].as_array().unwrap() {
        assert_eq!(device["missing"], json!([]), "{device}");
        assert_eq!(device["conflicts"], json!([]), "{device}");
    }
}

fn expect_each_once(told: &[String], kept: &[String]) {
    let ids: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    assert_eq!(ids.len(), told.len(), "told of twice");
    assert_eq!(kept.len(), told.len(), "as many as were told of");
    let kept: BTreeSet<&str> = kept.iter().map(String::as_str).collect();
    assert_eq!(ids, kept);
}

#[test]
fn a_killed_server_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let start = |_| command(folder.path());
    let first = Server::start(&mut start(0), 3);
    let password = secret(&first, "organiser password: ").to_owned();
    let (servers, told) = drill(&start, vec![first], &|| {});
    expect_no_gap(&servers[0], &password);
    drop(servers);
    let database = rusqlite::Connection::open(folder.path().join("data/booth.sqlite3")).unwrap();
    let mut rows = database.prepare("SELECT id FROM entries").unwrap();
    let kept = rows.query_map([], |row| row.get(0)).unwrap();
    let kept: Vec<String> = kept.map(Result::unwrap).collect();
    expect_each_once(&told, &kept);
}

/// Two servers on one database, which in the end cuts their connections again and again.
#[test]
fn killed_servers_on_one_postgres_lose_and_double_nothing() {
    let (folder, address) = (tempfile::tempdir().unwrap(), fresh_database());
    let start = |server: usize| {
        let mut command = command(folder.path());
        command
            .args(["--data-dir", &format!("data{server}")])
            .env("BOOTH_DATABASE__URL", &address)
            .env("BOOTH_SERVER__HASH_KEY_ENV", "KEY")
            .env("KEY", "0123456789abcdef0123456789abcdef");
        command
    };
    let servers = vec![
        Server::start(&mut start(0), 3),
        Server::start(&mut start(1), 0),
    ];
    let password = secret(&servers[0], "organiser password: ").to_owned();
    let cut_connections = || {
        for _ in 0..CUTS {
            thread::sleep(Duration::from_millis(150));
            ask_database(
                &address,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = 'kiosk-server'",
            );
        }
    };
    let (servers, told) = drill(&start, servers, &cut_connections);
    // Its connections may just have been cut.
    while servers[0].ask("GET", "/readyz", "", "").0 != 200 {
        thread::sleep(PAUSE);
    }
    expect_no_gap(&servers[0], &password);
    let rows = ask_database(&address, "SELECT id FROM entries");
    let kept: Vec<String> = rows
        .iter()
        .filter_map(|row| match row {
            postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
        .collect();
    expect_each_once(&told, &kept);
}

/// Hashed with different keys, what a tablet sends twice would be at odds with itself.
#[test]
fn a_second_server_needs_the_same_key() {
    let (folder, address) = (tempfile::tempdir().unwrap(), fresh_database());
    let start = |data: &str| {
        let mut command = command(folder.path());
        command
            .args(["--data-dir", data])
            .env("BOOTH_DATABASE__URL", &address);
        command
    };
    let first = Server::start(&mut start("one"), 3);
    let said = refused(start("two").args(["--listen", "127.0.0.1:0"]));
    assert!(said.contains("hash_key_env"), "{said}");
    drop(first);
    Server::start(&mut start("one"), 0).kill();
    let said = refused(start("one").args(["backup", "copy"]));
    assert!(said.contains("pg_dump"), "{said}");
}
