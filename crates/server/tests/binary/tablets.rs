//! Many tablets that send at once, each entry until its receipt has come, while something goes wrong;
//! and the comparison of what they were told with what is kept.
//!
//! Owns the tablets' patience. Invariant: an answer that is neither receipts nor "503, later" fails the
//! test, whatever is wrong with the server: a tablet would stop, or throw an entry away.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use kiosk_wire::canonical::sha256_hex;
use serde_json::{Value, json};

use crate::{on_postgres::ask_database, process::Server};

pub(crate) const TABLETS: u64 = 8;
/// A count for each.
type Counts = [AtomicU64; 8];
/// Numbers of one tablet's entries lie within this many ids.
const IDS: u64 = 1_000_000;
/// How long a tablet waits for an answer, like the real one.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it waits between two tries; much less than the real one.
pub(crate) const PAUSE: Duration = Duration::from_millis(10);
/// How often a trouble is seen to.
const NOW_AND_THEN: Duration = Duration::from_millis(500);
/// A condition that is not met by then never will be.
const TOO_LONG: Duration = Duration::from_mins(1);

/// How often a server is killed in a test; `cargo xtask test --long` says more in `KIOSK_KILLS`.
pub(crate) fn kills() -> u64 {
    std::env::var("KIOSK_KILLS").map_or(25, |kills| kills.parse().unwrap())
}

fn entry(tablet: u64, seq: u64) -> Value {
    // Of many lengths, so that tries end in many places.
    let words = usize::try_from(seq * 37 % 60).unwrap();
    json!({
        "id": format!("0193f0c2-0000-7000-8000-{:012x}", tablet * IDS + seq), "seq": seq,
        "visit_id": format!("7d444840-9dc0-4d1e-b245-{tablet:012x}"), "kind": "visit", "rating": 5,
        "created_at": "2025-12-30T14:31:05+09:00", "language": "ko", "age_14_or_over": true,
        "comment": format!("{}좋아요", "정말 ".repeat(words))
    })
}

enum Answer {
    Receipts(Vec<Value>),
    Later,
    /// It did not come, or not whole.
    Broken,
}

fn send(address: &str, token: &str, items: &[Value]) -> Answer {
    let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": items}).to_string();
    let exchange = || {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "POST /api/feedback HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{batch}",
            batch.len(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    let Ok(answer) = exchange() else {
        return Answer::Broken;
    };
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        return Answer::Broken;
    };
    let whole = serde_json::from_str(body);
    let status = head.split(' ').nth(1);
    match (status, whole) {
        (_, Err(_)) => Answer::Broken,
        (Some("200"), Ok(Value::Object(mut answer))) => {
            let receipts = answer.remove("receipts");
            Answer::Receipts(receipts.unwrap().as_array().unwrap().clone())
        }
        (Some("503"), Ok(problem)) => {
            assert_eq!(problem["code"], "unavailable", "{head}");
            assert!(says_when(head), "{head}");
            Answer::Later
        }
        _ => panic!("a tablet is told: {answer}"),
    }
}

/// Whether these headers say when to come again.
fn says_when(head: &str) -> bool {
    let value = head
        .lines()
        .find_map(|line| line.strip_prefix("retry-after: "));
    value.is_some_and(|secs| secs.parse::<u64>().is_ok_and(|secs| secs > 0))
}

/// Asserts that a server says it is not ready, and when to come again.
#[track_caller]
pub(crate) fn expect_not_ready(server: &Server) {
    let answer = server.raw("GET", "/readyz", "", "");
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(says_when(&answer), "{answer}");
}

/// Waits until the condition is met.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut is_met: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_met() {
        assert!(start.elapsed() < TOO_LONG, "never: {what}");
        thread::sleep(PAUSE);
    }
}

/// Waits until this server answers that it is ready.
#[track_caller]
pub(crate) fn wait_until_ready(server: &Server) {
    wait_until("the server is ready", || {
        server.ask("GET", "/readyz", "", "").0 == 200
    });
}

/// What the tablets have seen so far, for whoever makes trouble.
#[derive(Default)]
pub(crate) struct Watch {
    told: Counts,
    later: Counts,
    broken: AtomicU64,
    is_over: AtomicBool,
    is_lost: AtomicBool,
}

fn counts(each: &Counts) -> Vec<u64> {
    each.iter()
        .map(|count| count.load(Ordering::Relaxed))
        .collect()
}

#[track_caller]
fn wait_for_each(
    what: &str,
    each: &Counts,
    times: u64,
    is_lost: &AtomicBool,
    now_and_then: &mut dyn FnMut(),
) {
    let (before, mut looked) = (counts(each), Instant::now());
    wait_until(what, || {
        if looked.elapsed() > NOW_AND_THEN {
            now_and_then();
            looked = Instant::now();
        }
        assert!(!is_lost.load(Ordering::Relaxed), "a tablet gave up");
        let mut pairs = before.iter().zip(counts(each));
        pairs.all(|(before, now)| now >= before + times)
    });
}

impl Watch {
    /// Waits until every tablet has been sent away with "503, later", and sees to the trouble meanwhile.
    #[track_caller]
    pub(crate) fn wait_until_all_are_sent_away(&self, again: &mut dyn FnMut()) {
        wait_for_each(
            "every tablet is sent away",
            &self.later,
            1,
            &self.is_lost,
            again,
        );
    }

    /// Waits until every tablet has got receipts anew.
    #[track_caller]
    pub(crate) fn wait_until_all_are_served(&self) {
        // One answer may have been on its way before.
        wait_for_each(
            "every tablet is served",
            &self.told,
            2,
            &self.is_lost,
            &mut || {},
        );
    }

    pub(crate) fn broken(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }
}

/// Ends the tablets' work, also when the test fails.
struct Over<'a>(&'a Watch);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Relaxed);
    }
}

/// Tells that a tablet gave up: nobody waits for it any longer.
struct Lost<'a>(&'a Watch);

impl Drop for Lost<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.is_lost.store(true, Ordering::Relaxed);
        }
    }
}

/// What the tablets were told is kept: its id and its comment.
pub(crate) type Told = BTreeMap<String, String>;

/// Sends entry after entry until it is over, each until it has its receipt.
fn tablet(number: u64, token: &str, way: &(dyn Fn(u64) -> String + Sync), watch: &Watch) -> Told {
    let _lost = Lost(watch);
    let (mut kept, mut seq, mut tries) = (Told::new(), 0, 0);
    let at = usize::try_from(number).unwrap();
    while !watch.is_over.load(Ordering::Relaxed) {
        let items: Vec<Value> = (1..=1 + seq % 4)
            .map(|next| entry(number, seq + next))
            .collect();
        seq += items.len() as u64;
        let receipts = loop {
            tries += 1;
            match send(&way(tries), token, &items) {
                Answer::Receipts(receipts) => break receipts,
                Answer::Later => watch.later[at].fetch_add(1, Ordering::Relaxed),
                Answer::Broken => watch.broken.fetch_add(1, Ordering::Relaxed),
            };
            if watch.is_lost.load(Ordering::Relaxed) {
                return kept;
            }
            thread::sleep(PAUSE);
        };
        assert_eq!(receipts.len(), items.len());
        for (receipt, item) in receipts.iter().zip(items) {
            expect_kept(receipt, &item);
            let texts = ["id", "comment"].map(|name| item[name].as_str().unwrap().to_owned());
            let [id, comment] = texts;
            assert_eq!(kept.insert(id, comment), None, "told of twice");
        }
        watch.told[at].fetch_add(1, Ordering::Relaxed);
    }
    kept
}

/// Asserts that a receipt says that just this entry is kept.
#[track_caller]
pub(crate) fn expect_kept(receipt: &Value, item: &Value) {
    let status = receipt["status"].as_str().unwrap();
    // Taken in before, its answer lost: then it is known already.
    assert!(matches!(status, "stored" | "duplicate"), "{receipt}");
    assert_eq!(receipt["id"], item["id"]);
    assert_eq!(receipt["sha256"], sha256_hex(item));
}

/// Registers the tablets; their tokens.
pub(crate) fn register(server: &Server) -> Vec<String> {
    let names = (0..TABLETS).map(|number| json!({"name": format!("tablet {number}")}));
    names
        .map(|name| {
            let (_, device) = server.post("/api/devices", "", &name);
            device["token"].as_str().unwrap().to_owned()
        })
        .collect()
}

/// Lets the tablets send while there is `trouble`; answers what they were told of. `way` says where a
/// tablet goes at each of its tries.
pub(crate) fn under_load(
    tokens: &[String],
    way: &(dyn Fn(u64, u64) -> String + Sync),
    trouble: impl FnOnce(&Watch),
) -> Told {
    let (watch, start) = (Watch::default(), Instant::now());
    let told: Told = thread::scope(|scope| {
        let (watch, over, lost) = (&watch, Over(&watch), Lost(&watch));
        let tablets: Vec<_> = (0..)
            .zip(tokens)
            .map(|(number, token)| {
                scope.spawn(move || tablet(number, token, &|tries| way(number, tries), watch))
            })
            .collect();
        trouble(watch);
        thread::sleep(Duration::from_millis(200));
        drop((over, lost));
        let told = tablets.into_iter().map(|tablet| tablet.join().unwrap());
        told.flatten().collect()
    });
    let later: u64 = counts(&watch.later).iter().sum();
    println!(
        "{} entries told of, {later} tries sent away, {} broken, {:.1} s",
        told.len(),
        watch.broken(),
        start.elapsed().as_secs_f64()
    );
    told
}

/// Asserts that a server finds neither gap nor conflict in the numbers of any tablet.
pub(crate) fn expect_no_gap(server: &Server, password: &str) {
    let cookie = server.cookie("organiser", password) + "\r\n";
    let (_, numbers) = server.ask("GET", "/api/feedback/reconciliation", &cookie, "");
    let devices = numbers["devices"].as_array().unwrap();
    assert_eq!(devices.len() as u64, TABLETS);
    for device in devices {
        assert_eq!(device["missing"], json!([]), "{device}");
        assert_eq!(device["conflicts"], json!([]), "{device}");
    }
}

/// Asserts that exactly what was told of is kept, once and whole.
pub(crate) fn expect_each_once(told: &Told, kept: Vec<(String, String)>) {
    assert!(!told.is_empty());
    assert_eq!(kept.len(), told.len(), "as many as were told of");
    let comment = |item: &str| {
        let item: Value = serde_json::from_str(item).unwrap();
        item["comment"].as_str().unwrap().to_owned()
    };
    let kept: Told = kept
        .into_iter()
        .map(|(id, item)| (id, comment(&item)))
        .collect();
    assert_eq!(&kept, told);
}

const KEPT: &str = "SELECT id, item FROM entries";

/// Ids and items in a file, which must be sound.
pub(crate) fn kept_in_file(file: &std::path::Path) -> Vec<(String, String)> {
    let database = rusqlite::Connection::open(file).unwrap();
    let sound: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    let mut rows = database.prepare(KEPT).unwrap();
    let kept = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    kept.unwrap().map(Result::unwrap).collect()
}

/// Ids and items in a `PostgreSQL` database.
pub(crate) fn kept_in_postgres(address: &str) -> Vec<(String, String)> {
    let rows = ask_database(address, KEPT);
    rows.iter()
        .filter_map(|row| match row {
            postgres::SimpleQueryMessage::Row(row) => {
                Some((row.get(0)?.to_owned(), row.get(1)?.to_owned()))
            }
            _ => None,
        })
        .collect()
}
