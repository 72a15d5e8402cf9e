//! A day at the booth in minutes: 300 tablets that hold their streams of commands and report, and visits
//! in which answers are read, stopped, left and reset, and feedback is handed in. Afterwards nothing may be
//! left of it but the feedback, each entry once.

mod booth;
mod chance;
mod tablet;

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use serde_json::json;
use tokio::{
    runtime::{Builder, Runtime},
    sync::watch,
    time::{Instant, sleep},
};

use crate::{
    fake::{Act, Fake, end, text},
    life::secret,
    process::{Server, command},
    tablets::kept_in_file,
};
use booth::Booth;
use tablet::Tablet;

const TABLETS: u64 = 300;
/// So often a visit begins.
const EVERY: Duration = Duration::from_millis(160);
/// The teams' tables, all at one service.
const TEAMS: [&str; 5] = ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"];
/// How much larger the process may be after the last quarter than after the second, in KiB: a database's
/// cache and an allocator's moods, of which 1,000 visits show 1 MiB. A leak of 4 KiB an answer is more.
const GROWTH: u64 = 4 * 1024;
/// How many more files may be open in the end than at the start.
const FILES_LEFT: usize = 4;
const SOON: Duration = Duration::from_secs(10);

/// How many visits there are; `cargo xtask test --long` says more in `KIOSK_VISITS`.
fn visits() -> u64 {
    std::env::var("KIOSK_VISITS").map_or(120, |visits| visits.parse().unwrap())
}

/// What the service does, by what it is asked.
fn act(question: &str) -> Act {
    let words = |count, pace| {
        let pieces = (0..count).map(|_| text("가나다 ")).chain([end(30)]);
        Act::Paced(pieces.collect(), Duration::from_millis(pace))
    };
    match question {
        tablet::SHORT => words(12, 25),
        tablet::LONG => words(200, 50),
        other => panic!("nobody asks {other}"),
    }
}

fn config(base_url: &str) -> String {
    let table = |team: &&str| {
        format!(
            "[teams.{team}]\nbase_url = \"{base_url}\"\nmodel = \"of-{team}\"\nmax_concurrent = 1\n\
             fallbacks = []\n"
        )
    };
    let tables: String = TEAMS.iter().map(table).collect();
    format!("[upstream]\nallow_private = true\n[limits]\nqueue_len = 300\n{tables}")
}

/// What the process holds: memory in KiB, and open files.
#[derive(Debug, Clone, Copy)]
struct Held {
    memory: u64,
    files: usize,
}

fn held(server: &Server) -> Held {
    let process = format!("/proc/{}", server.child.id());
    let status = fs::read_to_string(format!("{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    Held {
        memory: line
            .unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap(),
        files: fs::read_dir(format!("{process}/fd")).unwrap().count(),
    }
}

/// What opens lazily is open before anything is compared.
fn warm_up(server: &Server, cookie: &str) {
    let (status, device) = server.post("/api/devices", "", &json!({"name": "first"}));
    assert_eq!(status, 201);
    let token = device["token"].as_str().unwrap();
    let headers = format!("Authorization: Bearer {token}\r\n");
    for _ in 0..4 {
        assert_eq!(
            server
                .post("/api/devices/me/heartbeat", &headers, &json!({}))
                .0,
            200
        );
        assert_eq!(server.ask("GET", "/api/feedback", cookie, "").0, 200);
        server.metrics();
    }
}

/// Runs the day; the tablets after it, and what the process held after each quarter.
async fn run(server: &Server, booth: &Arc<Booth>) -> (Vec<Tablet>, Vec<Held>) {
    let visits = visits();
    let mut tablets = Vec::new();
    for number in 0..TABLETS {
        tablets.push(Tablet::register(booth, number).await);
    }
    let (over, _) = watch::channel(false);
    let start = Instant::now();
    let running: Vec<_> = (0..)
        .zip(tablets)
        .map(|(number, tablet)| {
            let mine = (number..visits).step_by(usize::try_from(TABLETS).unwrap());
            let plan = mine.map(|visit| (start + EVERY * u32::try_from(visit).unwrap(), visit));
            tokio::spawn(tablet.run(plan.collect(), over.subscribe()))
        })
        .collect();
    let mut quarters = Vec::new();
    while quarters.len() < 4 {
        let lost = running.iter().any(tokio::task::JoinHandle::is_finished);
        assert!(!lost, "a tablet gave up");
        let done = booth.seen.visits.load(Ordering::Relaxed);
        if done * 4 >= visits * (quarters.len() as u64 + 1) {
            quarters.push(held(server));
        }
        sleep(Duration::from_millis(20)).await;
    }
    println!(
        "{visits} visits of {TABLETS} tablets in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    over.send_replace(true);
    let mut tablets = Vec::new();
    for tablet in running {
        tablets.push(tablet.await.unwrap());
    }
    (tablets, quarters)
}

/// Waits until this holds.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < SOON, "never: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn expect_no_place_taken(server: &Server, fake: &Fake) {
    fake.until_open(0).await;
    for gauge in ["booth_line_waiting", "booth_line_answering"] {
        until(gauge, || server.metrics().get(gauge, &[]).abs() < 0.5).await;
    }
}

/// Every entry that a tablet was told of is kept once, and no number is missing.
fn expect_each_once(server: &Server, cookie: &str, tablets: &[Tablet]) -> usize {
    let mut told: BTreeMap<&str, u64> = BTreeMap::new();
    for tablet in tablets {
        told.extend(tablet.told.iter().map(|(id, seq)| (&**id, *seq)));
    }
    let (_, numbers) = server.ask("GET", "/api/feedback/reconciliation", cookie, "");
    let mut stored = 0;
    for device in numbers["devices"].as_array().unwrap() {
        assert_eq!(device["missing"], json!([]), "{device}");
        assert_eq!(device["conflicts"], json!([]), "{device}");
        stored += device["stored"].as_u64().unwrap();
    }
    assert_eq!(stored, told.len() as u64);
    told.len()
}

fn runtime(threads: usize) -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(threads)
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn a_day_leaves_nothing_behind_but_its_feedback() {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    // The service has threads of its own, so that it can go while the server is looked at.
    let (service, house) = (runtime(1), runtime(2));
    let fake = service.block_on(Fake::answering(act));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("booth.toml"), config(&fake.base_url)).unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let password = secret(&server, "organiser password: ").to_owned();
    let cookie = server.cookie("organiser", &password) + "\r\n";
    warm_up(&server, &cookie);
    let before = held(&server);

    let booth = Arc::new(Booth::new(&server.address, cookie.trim_end()));
    let (tablets, quarters) = house.block_on(run(&server, &booth));
    let seen = booth.seen.to_string();
    let told = expect_each_once(&server, &cookie, &tablets);
    house.block_on(expect_no_place_taken(&server, &fake));
    let ids: Vec<String> = tablets
        .iter()
        .flat_map(|tablet| tablet.told.keys().cloned())
        .collect();
    // Connections that are kept for the next question, on both sides.
    drop((tablets, booth));
    house.shutdown_timeout(SOON);
    service.shutdown_timeout(SOON);
    let house = runtime(1);
    house.block_on(until("files are closed", || {
        held(&server).files <= before.files + FILES_LEFT
    }));
    let after = held(&server);

    println!("{seen}; {told} entries told of");
    println!("before {before:?}, after quarters {quarters:?}, in the end {after:?}");
    assert!(quarters[3].files >= 300, "the streams of commands are open");
    let (second, last) = (quarters[1].memory, quarters[3].memory);
    assert!(
        last <= second + GROWTH,
        "{second} KiB after half of the visits, {last} KiB in the end"
    );
    server.kill();
    let kept = kept_in_file(&folder.path().join("data/booth.sqlite3"));
    let mut kept: Vec<String> = kept.into_iter().map(|(id, _)| id).collect();
    let mut ids = ids;
    kept.sort();
    ids.sort();
    assert_eq!(kept, ids);
}
