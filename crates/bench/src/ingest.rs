//! Feedback taken in by 20 clients at once, one entry a request, beside a document store.
//!
//! The kiosk answers after the commit is on disk (`synchronous=FULL`); the peer does not wait for
//! the disk. Rounds alternate, so that a noisy neighbour meets both.

use std::path::Path;
use std::time::{Duration, Instant};

use cluster::{Cluster, Durability};
use serde_json::{Value, json};

use crate::budget::Budget;
use crate::connection::Connection;
use crate::entry::form;
use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;
use crate::peer;
use crate::process::Server;
use crate::report::{Figure, Section};
use crate::stats::{count, median, percentile};

const CLIENTS: u64 = 20;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);

/// What one client does over and over.
#[derive(Clone)]
pub(crate) struct Target {
    url: String,
    token: Option<String>,
}

/// What one round gave.
pub(crate) struct Round {
    pub(crate) rows_per_sec: f64,
    p99_ms: f64,
    cpu_per_row: f64,
}

pub(crate) async fn measure(program: &Path, folder: &Path) -> Result<Section> {
    let (ours_data, peer_data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let kiosk = Kiosk::start(program, ours_data.path(), &[]).await?;
    let modules = peer::npm(folder, peer::POUCHDB)?;
    let (store, database) = peer::pouchdb(&modules, peer_data.path()).await?;
    let idle = (kiosk.server.memory_mib(), store.memory_mib());
    let targets = tablets(&kiosk).await?;
    let peers = vec![
        Target {
            url: database,
            token: None,
        };
        targets.len()
    ];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for at in 0..ROUNDS {
        let start = u64::try_from(at).unwrap_or(0) * 1_000_000;
        ours.push(round(&targets, &kiosk.server, start, ROUND).await?);
        theirs.push(round(&peers, &store, start, ROUND).await?);
    }
    let full = (kiosk.server.memory_mib(), store.memory_mib());
    let on_postgres = on_postgres(program).await?;
    let how =
        format!("median of {ROUNDS} alternating rounds of 3 s, 20 clients, 1 entry a request");
    let of = |rounds: &[Round], value: fn(&Round) -> f64| {
        median(&rounds.iter().map(value).collect::<Vec<_>>())
    };
    let figure = |what, unit, value: fn(&Round) -> f64| {
        let of = |rounds: &[Round]| of(rounds, value);
        Figure::new(what, unit, of(&ours))
            .beside("pouchdb-server", of(&theirs))
            .how(how.clone())
    };
    Ok(Section {
        name: "Durable feedback ingest",
        figures: vec![
            figure("entries a second", "/s", |round| round.rows_per_sec)
                .within(Budget::least_of_peer(10.0)),
            figure("99th percentile of a request", "ms", |round| round.p99_ms)
                .within(Budget::most_of_peer(0.2)),
            figure("processor time an entry", "µs", |round| round.cpu_per_row),
            Figure::new(
                "entries a second, on PostgreSQL",
                "/s",
                of(&on_postgres, |round| round.rows_per_sec),
            ),
            Figure::new(
                "99th percentile of a request, on PostgreSQL",
                "ms",
                of(&on_postgres, |round| round.p99_ms),
            ),
            Figure::new("memory, idle", "MiB", idle.0).beside("pouchdb-server", idle.1),
            Figure::new("memory, after the load", "MiB", full.0).beside("pouchdb-server", full.1),
        ],
        notes: Vec::new(),
    })
}

/// The same load on one server with a `PostgreSQL` of this machine, which waits for the disk too.
async fn on_postgres(program: &Path) -> Result<Vec<Round>> {
    let (cluster, data) = (Cluster::start(Durability::Disk)?, tempfile::tempdir()?);
    let address = cluster.fresh_database()?;
    let environment = [("BOOTH_DATABASE__URL".to_owned(), address)];
    let kiosk = Kiosk::start(program, data.path(), &environment).await?;
    let targets = tablets(&kiosk).await?;
    let mut rounds = Vec::new();
    for at in 0..ROUNDS {
        let start = u64::try_from(at).unwrap_or(0) * 1_000_000;
        rounds.push(round(&targets, &kiosk.server, start, ROUND).await?);
    }
    Ok(rounds)
}

pub(crate) async fn tablets(kiosk: &Kiosk) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    for number in 0..CLIENTS {
        targets.push(Target {
            url: format!("{}/api/feedback", kiosk.url),
            token: Some(kiosk.tablet(&format!("bench-{number}")).await?),
        });
    }
    Ok(targets)
}

pub(crate) async fn round(
    targets: &[Target],
    server: &Server,
    first: u64,
    length: Duration,
) -> Result<Round> {
    let cpu = server.cpu_micros();
    let start = Instant::now();
    let clients: Vec<_> = targets
        .iter()
        .cloned()
        .map(|target| tokio::spawn(send_for(target, first, length)))
        .collect();
    let mut latencies = Vec::new();
    for client in clients {
        latencies.extend(client.await??);
    }
    let secs = start.elapsed().as_secs_f64();
    let rows = count(latencies.len());
    Ok(Round {
        rows_per_sec: rows / secs,
        p99_ms: percentile(&latencies, 99.0),
        cpu_per_row: (server.cpu_micros() - cpu) / rows,
    })
}

/// Sends one entry after the other; answers how long each took, in milliseconds.
async fn send_for(target: Target, first: u64, length: Duration) -> Result<Vec<f64>> {
    let mut connection = Connection::open(&target.url, target.token.as_deref()).await?;
    let start = Instant::now();
    let mut latencies = Vec::new();
    let mut seq = first;
    while start.elapsed() < length {
        seq += 1;
        let body = match target.token {
            Some(_) => json!({ "sent_at": "2025-12-30T14:31:05+09:00", "items": [form(seq)] }),
            None => form(seq),
        };
        let body = serde_json::to_vec(&body)?;
        let sent = Instant::now();
        let answer = connection.post(body).await?;
        latencies.push(sent.elapsed().as_secs_f64() * 1_000.0);
        let answer: Value = serde_json::from_slice(&answer)?;
        if answer["ok"] != true && answer["receipts"][0]["status"] != "stored" {
            return Err(unexpected(format!("not stored: {answer}")));
        }
    }
    Ok(latencies)
}
