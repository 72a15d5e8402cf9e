//! A million entries: how fast more come in, are listed, found, summed up and written out.
//!
//! Invariant: both databases are asked the same, of the same entries, by the same program.

mod export;
mod fill;
mod questions;

use std::path::Path;
use std::time::{Duration, Instant};

use cluster::{Cluster, Durability};
use serde_json::Value;

use crate::budget::Budget;
use crate::error::Result;
use crate::ingest::{self, Target};
use crate::kiosk::Kiosk;
use crate::report::{Figure, Section};
use crate::stats::{median, percentile};
use fill::Tablets;

/// Entries that are stored when figures are taken, and before.
const MANY: u64 = 1_000_000;
const FEW: u64 = 1_000;
/// How often a summary is asked for while entries come in.
const SUMMARIES: usize = 40;
const INGEST_ROUNDS: u64 = 5;
const INGEST_ROUND: Duration = Duration::from_secs(2);

pub(crate) async fn measure(program: &Path) -> Result<Section> {
    let mut section = Section {
        name: "A million entries",
        figures: Vec::new(),
        notes: Vec::new(),
    };
    let data = tempfile::tempdir()?;
    on(program, data.path(), &[], "SQLite", &mut section).await?;
    drop(data);
    let (cluster, data) = (Cluster::start(Durability::Disk)?, tempfile::tempdir()?);
    let database = [("BOOTH_DATABASE__URL".to_owned(), cluster.fresh_database()?)];
    on(program, data.path(), &database, "PostgreSQL", &mut section).await?;
    Ok(section)
}

async fn on(
    program: &Path,
    data: &Path,
    environment: &[(String, String)],
    database: &str,
    section: &mut Section,
) -> Result<()> {
    let kiosk = Kiosk::start(program, data, environment).await?;
    let mut tablets = Tablets::register(&kiosk).await?;
    tablets.fill(FEW).await?;
    let targets = ingest::tablets(&kiosk).await?;
    let few = ingest_rate(&targets, &kiosk, 0).await?;
    let start = Instant::now();
    tablets.fill(MANY).await?;
    let filled = start.elapsed();
    settle(&kiosk).await;
    section.notes.push(format!(
        "{database}: {MANY} entries in batches of 100 in {:.0} s, everything indexed after {:.0} s",
        filled.as_secs_f64(),
        start.elapsed().as_secs_f64()
    ));
    let many = ingest_rate(&targets, &kiosk, INGEST_ROUNDS).await?;
    settle(&kiosk).await;
    section.figures.push(
        Figure::new(
            format!("time an entry takes in, {database}"),
            "µs",
            1e6 / many,
        )
        .beside("at 1,000", 1e6 / few)
        .within(Budget::most_of_peer(1.5))
        .how(format!(
            "median of {INGEST_ROUNDS} rounds of 2 s, 20 clients, 1 entry a request"
        )),
    );
    let organiser = kiosk.organiser().await?;
    questions(&kiosk, &organiser, database, section).await?;
    summaries(&kiosk, &organiser, &mut tablets, database, section).await?;
    export::measure(&kiosk, &organiser, database, section).await
}

async fn ingest_rate(targets: &[Target], kiosk: &Kiosk, first: u64) -> Result<f64> {
    let mut rates = Vec::new();
    for round in first..first + INGEST_ROUNDS {
        let start = round * 1_000_000;
        let round = ingest::round(targets, &kiosk.server, start, INGEST_ROUND).await?;
        rates.push(round.rows_per_sec);
    }
    Ok(median(&rates))
}

async fn questions(
    kiosk: &Kiosk,
    organiser: &reqwest::Client,
    database: &str,
    section: &mut Section,
) -> Result<()> {
    let mut slowest = (0.0, "");
    for question in questions::ALL {
        let times = question.ask(kiosk, organiser).await?;
        let p95 = percentile(&times, 95.0);
        section.notes.push(format!(
            "{database}: {}: p50 {:.1} ms, p95 {p95:.1} ms",
            question.what,
            median(&times)
        ));
        if p95 > slowest.0 {
            slowest = (p95, question.what);
        }
    }
    section.figures.push(
        Figure::new(
            format!("page of 50, the slowest kind, {database}"),
            "ms",
            slowest.0,
        )
        .within(Budget::most(100.0))
        .how(format!(
            "p95 of {} each of {} kinds: {}",
            questions::TIMES,
            questions::ALL.len(),
            slowest.1
        )),
    );
    Ok(())
}

async fn summaries(
    kiosk: &Kiosk,
    organiser: &reqwest::Client,
    tablets: &mut Tablets,
    database: &str,
    section: &mut Section,
) -> Result<()> {
    let url = format!("{}/api/feedback/summary", kiosk.url);
    let mut times = Vec::new();
    for _ in 0..SUMMARIES {
        tablets.add(100).await?;
        let asked = Instant::now();
        let _: Value = organiser
            .get(&url)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        times.push(asked.elapsed().as_secs_f64() * 1_000.0);
    }
    let first = times.first().copied().unwrap_or_default();
    section.figures.push(
        Figure::new(
            format!("summary, {database}"),
            "ms",
            percentile(&times, 95.0),
        )
        .within(Budget::most(500.0))
        .how(format!(
            "p95 of {SUMMARIES}, 100 entries before each; the first took {first:.0} ms"
        )),
    );
    Ok(())
}

/// Waits until the server has nothing to do.
pub(crate) async fn settle(kiosk: &Kiosk) {
    const LOOK: Duration = Duration::from_millis(1_500);
    const IDLE_MICROS: f64 = 50_000.0;
    let mut before = kiosk.server.cpu_micros();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = kiosk.server.cpu_micros();
        if now - before < IDLE_MICROS {
            return;
        }
        before = now;
    }
}
