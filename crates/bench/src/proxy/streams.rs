//! Many streams at once: what a frame costs, how evenly it comes, what memory they take.

use std::path::Path;
use std::time::Duration;

use tokio::time::sleep;

use super::client::{Heard, Target};
use super::stand::Stand;
use crate::budget::Budget;
use crate::error::Result;
use crate::process::Server;
use crate::report::Figure;
use crate::stats::{count, percentile};

/// At once, one word every so long.
const BRISK: (usize, Duration) = (256, Duration::from_millis(20));
const MANY: (usize, Duration) = (1_000, Duration::from_millis(50));
/// Of an answer.
const BRISK_WORDS: usize = 100;
const MANY_WORDS: usize = 120;
const BRISK_ROUNDS: usize = 9;
const MANY_ROUNDS: usize = 5;
/// After which memory is to be back.
const REST: Duration = Duration::from_mins(1);
/// Clients come one after the other within this time.
const ARRIVAL: Duration = Duration::from_secs(1);

/// What one round of streams has shown.
struct Round {
    cpu_of_a_frame: f64,
    /// Milliseconds between words, 99th percentile.
    gap: f64,
    /// Resident memory while all of them ran, in MiB.
    full_mib: f64,
}

pub(super) async fn measure(program: &Path) -> Result<Vec<Figure>> {
    let mut figures = brisk(program).await?;
    figures.extend(many(program).await?);
    Ok(figures)
}

async fn brisk(program: &Path) -> Result<Vec<Figure>> {
    let (at_once, pace) = BRISK;
    let stand = Stand::start(program, BRISK_WORDS, pace).await?;
    let tablets = stand.tablets(at_once).await?;
    let (ours, nginx) = rounds(&stand, &tablets, BRISK_WORDS, pace, BRISK_ROUNDS).await?;
    let cpu = |round: &Round| round.cpu_of_a_frame;
    let (own, other) = (each(&ours, cpu), each(&nginx, cpu));
    Ok(vec![
        Figure::medians("processor time a frame", "µs", &own, ("nginx", &other))
            .within(Budget::most_of_peer(1.6))
            .how(how(at_once, pace, BRISK_ROUNDS)),
        Figure::new(
            format!("memory after {at_once} streams"),
            "MiB",
            stand.kiosk.server.memory_mib(),
        )
        .beside("nginx", stand.nginx.memory_mib())
        .within(Budget::most(64.0))
        .how(format!("after {BRISK_ROUNDS} rounds")),
    ])
}

async fn many(program: &Path) -> Result<Vec<Figure>> {
    let (at_once, pace) = MANY;
    let stand = Stand::start(program, MANY_WORDS, pace).await?;
    // What answers need once is there before the streams are counted.
    let tablets = stand.tablets(at_once).await?;
    listen(&tablets[..8], MANY_WORDS).await?;
    let idle = stand.kiosk.server.memory_mib();
    let (ours, nginx) = rounds(&stand, &tablets, MANY_WORDS, pace, MANY_ROUNDS).await?;
    sleep(REST).await;
    let rested = stand.kiosk.server.memory_mib();
    let gap = |round: &Round| round.gap;
    let (own, other) = (each(&ours, gap), each(&nginx, gap));
    let full = ours.iter().map(|round| round.full_mib).fold(0.0, f64::max);
    Ok(vec![
        Figure::medians("gap between words, p99", "ms", &own, ("nginx", &other))
            .within(Budget::most_of_peer(1.25))
            .how(how(at_once, pace, MANY_ROUNDS)),
        Figure::new(
            "memory a stream",
            "KiB",
            (full - idle) * 1_024.0 / count(at_once),
        )
        .within(Budget::most(32.0))
        .how(format!(
            "{at_once} at once, at most in {MANY_ROUNDS} rounds"
        )),
        Figure::new("memory a minute later", "MiB", rested)
            .beside("idle", idle)
            .within(Budget::most_of_peer(1.1))
            .how(format!("{full:.1} MiB while they ran")),
    ])
}

fn each(rounds: &[Round], of: impl Fn(&Round) -> f64) -> Vec<f64> {
    rounds.iter().map(of).collect()
}

fn how(at_once: usize, pace: Duration, rounds: usize) -> String {
    format!(
        "{rounds} rounds in turn, {at_once} streams, a word every {} ms",
        pace.as_millis()
    )
}

/// The kiosk's rounds and nginx's, in turn.
async fn rounds(
    stand: &Stand,
    tablets: &[Target],
    words: usize,
    pace: Duration,
    times: usize,
) -> Result<(Vec<Round>, Vec<Round>)> {
    let passing = vec![stand.beside.clone(); tablets.len()];
    let (mut ours, mut nginx) = (Vec::new(), Vec::new());
    for _ in 0..times {
        ours.push(round(tablets, &stand.kiosk.server, words, pace).await?);
        nginx.push(round(&passing, &stand.nginx, words, pace).await?);
    }
    Ok((ours, nginx))
}

async fn round(targets: &[Target], server: &Server, words: usize, pace: Duration) -> Result<Round> {
    let before = server.cpu_micros();
    let half = ARRIVAL + pace * u32::try_from(words / 2).unwrap_or(u32::MAX);
    let look = async {
        sleep(half).await;
        server.memory_mib()
    };
    let (heard, full_mib) = tokio::join!(listen(targets, words), look);
    let gaps: Vec<f64> = heard?.iter().flat_map(Heard::gaps).collect();
    Ok(Round {
        cpu_of_a_frame: (server.cpu_micros() - before) / count(targets.len() * words),
        gap: percentile(&gaps, 99.0),
        full_mib,
    })
}

/// One stream of each target, all at once.
async fn listen(targets: &[Target], words: usize) -> Result<Vec<Heard>> {
    let between = ARRIVAL / u32::try_from(targets.len()).unwrap_or(1);
    let mut running = Vec::new();
    for target in targets {
        let target = target.clone();
        running.push(tokio::spawn(async move {
            target.open(words).await?.listen().await
        }));
        sleep(between).await;
    }
    let mut heard = Vec::new();
    for stream in running {
        heard.push(stream.await??);
    }
    Ok(heard)
}
