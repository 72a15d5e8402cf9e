//! Tablets at rest: each tells of itself and waits for commands.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use kiosk_wire::paths;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval_at, sleep};

use crate::budget::Budget;
use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;
use crate::report::Figure;
use crate::stats::{bounds_of, median};

const DEVICES: u32 = 300;
const HEARTBEAT: Duration = Duration::from_secs(15);
const SPANS: usize = 8;
/// Each tablet tells of itself once in it.
const SPAN: Duration = HEARTBEAT;

pub(super) async fn measure(program: &Path) -> Result<Vec<Figure>> {
    let data = tempfile::tempdir()?;
    let kiosk = Kiosk::start(program, data.path(), &[]).await?;
    let (client, mut tablets) = (reqwest::Client::new(), Vec::new());
    for number in 0..DEVICES {
        let token = kiosk.tablet(&format!("fleet-{number}")).await?;
        let first = Instant::now() + HEARTBEAT / DEVICES * number;
        let (url, client) = (kiosk.url.clone(), client.clone());
        tablets.push(tokio::spawn(live(client, url, token, first)));
    }
    // Until all of them have connected and told of themselves.
    sleep(HEARTBEAT * 2).await;
    let mut shares = Vec::new();
    for _ in 0..SPANS {
        let (before, start) = (kiosk.server.cpu_micros(), Instant::now());
        sleep(SPAN).await;
        let micros = start.elapsed().as_secs_f64() * 1e6;
        shares.push((kiosk.server.cpu_micros() - before) / micros * 100.0);
    }
    for tablet in tablets {
        if tablet.is_finished() {
            tablet.await??;
        } else {
            tablet.abort();
        }
    }
    Ok(vec![
        Figure::new(
            format!("{DEVICES} tablets at rest"),
            "% of a core",
            median(&shares),
        )
        .bounds(bounds_of(&shares, &shares, |shares, _| median(shares)))
        .within(Budget::most(10.0))
        .how(format!(
            "{SPANS} spans of {} s, a heartbeat every {} s each",
            SPAN.as_secs(),
            HEARTBEAT.as_secs()
        )),
    ])
}

/// A tablet for as long as the task lasts; ends only if the server does not do its part.
async fn live(client: reqwest::Client, url: String, token: String, first: Instant) -> Result<()> {
    let commands = client
        .get(format!("{url}{}", paths::COMMANDS))
        .bearer_auth(&token)
        .send()
        .await?
        .error_for_status()?;
    let mut commands = commands.bytes_stream();
    let mut ticks = interval_at(first.into(), HEARTBEAT);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            news = commands.next() => {
                news.ok_or_else(|| unexpected("a command stream has ended"))??;
            }
            _ = ticks.tick() => beat(&client, &url, &token).await?,
        }
    }
}

async fn beat(client: &reqwest::Client, url: &str, token: &str) -> Result<()> {
    let heartbeat = json!({
        "screen": "attract", "pending": 0, "last_seq": 12, "build": "bench", "battery": 80,
        "storage_persisted": true, "clock": "2025-12-30T14:31:05+09:00",
    });
    let answer = client
        .post(format!("{url}{}", paths::HEARTBEAT))
        .bearer_auth(token)
        .json(&heartbeat)
        .send()
        .await?;
    answer.error_for_status()?.bytes().await?;
    Ok(())
}
