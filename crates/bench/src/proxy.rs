//! What the way through the proxy costs, beside nginx as the physical limit.
//!
//! The kiosk checks the tablet, its limits and the line, and reads every frame; nginx only passes
//! bytes on. Both stand in front of the same mock. Pairs are taken one right after the other.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use serde_json::json;

use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;
use crate::mock::{Mock, Script};
use crate::peer;
use crate::process::Server;
use crate::report::{Figure, Section};
use crate::stats::{count, median, median_difference};

/// Of an answer.
const WORDS: usize = 16;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const CLIENTS: usize = 8;
const PAIRS: usize = 200;
/// Between two words of the streams that run at once.
const PACE: Duration = Duration::from_millis(20);
const STREAMS: usize = 128;
/// The first ones open connections.
const WARM_UP: usize = 10;

/// Somebody who answers chats: the model itself, or a proxy in front of it.
#[derive(Clone)]
struct Target {
    url: String,
    token: Option<String>,
    client: reqwest::Client,
}

impl Target {
    fn new(base: &str, token: Option<String>) -> Self {
        Self {
            url: format!("{base}/v1/chat/completions"),
            token,
            client: reqwest::Client::new(),
        }
    }

    /// Asks and reads to the end; fails unless every word came.
    async fn ask(&self) -> Result<Heard> {
        let body = json!({
            "model": "skt", "stream": true,
            "messages": [{"role": "user", "content": "안녕하세요? 오늘 날씨가 어때요?"}],
        });
        let mut request = self.client.post(&self.url).json(&body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let start = Instant::now();
        let millis = || start.elapsed().as_secs_f64() * 1_000.0;
        let mut bytes = request.send().await?.error_for_status()?.bytes_stream();
        let (mut first, mut text) = (None, Vec::new());
        while let Some(chunk) = bytes.next().await {
            text.extend(chunk?);
            if first.is_none() && contains(&text, "말 가") {
                first = Some(millis());
            }
        }
        let words = String::from_utf8_lossy(&text).matches("말 ").count();
        match first {
            Some(first) if words == WORDS => Ok(Heard {
                first,
                all: millis(),
            }),
            _ => Err(unexpected(format!("{words} words of {WORDS} came"))),
        }
    }
}

/// When an answer came, in milliseconds.
#[derive(Clone, Copy)]
struct Heard {
    first: f64,
    all: f64,
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// A kiosk and nginx in front of the same model.
struct Stand {
    kiosk: Kiosk,
    nginx: Server,
    direct: Target,
    beside: Target,
    _folders: (tempfile::TempDir, tempfile::TempDir),
}

impl Stand {
    async fn start(program: &Path, pace: Duration) -> Result<Self> {
        let folders = (tempfile::tempdir()?, tempfile::tempdir()?);
        let model = Mock::start(Script::words(WORDS, pace)).await?.address;
        let kiosk = Kiosk::with_models(program, folders.0.path(), &[("skt", &model)]).await?;
        let (nginx, nginx_url) = peer::reverse_proxy(folders.1.path(), &model).await?;
        Ok(Self {
            kiosk,
            nginx,
            direct: Target::new(&model, None),
            beside: Target::new(&nginx_url, None),
            _folders: folders,
        })
    }

    async fn tablets(&self, count: usize) -> Result<Vec<Target>> {
        let mut tablets = Vec::new();
        for number in 0..count {
            let token = self.kiosk.tablet(&format!("bench-{number}")).await?;
            tablets.push(Target::new(&self.kiosk.url, Some(token)));
        }
        Ok(tablets)
    }

    fn memory(&self) -> (f64, f64) {
        (self.kiosk.server.memory_mib(), self.nginx.memory_mib())
    }
}

pub(crate) async fn measure(program: &Path) -> Result<Section> {
    let mut figures = cost(&Stand::start(program, Duration::ZERO).await?).await?;
    figures.extend(memory(&Stand::start(program, PACE).await?).await?);
    Ok(Section {
        name: "Model proxy",
        figures,
        notes: Vec::new(),
    })
}

/// Processor time and latency of answers that come as fast as they can.
async fn cost(stand: &Stand) -> Result<Vec<Figure>> {
    let tablets = stand.tablets(CLIENTS).await?;
    let ours = tablets.first().ok_or_else(|| unexpected("no tablet"))?;
    let heard = in_turn(&[&stand.direct, &stand.beside, ours]).await?;
    let (mut cpu, mut peer_cpu) = (Vec::new(), Vec::new());
    let peers = vec![stand.beside.clone(); CLIENTS];
    for _ in 0..ROUNDS {
        cpu.push(cpu_per_request(&tablets, &stand.kiosk.server).await?);
        peer_cpu.push(cpu_per_request(&peers, &stand.nginx).await?);
    }
    let added = |what: &str, of: fn(&Heard) -> f64| {
        let taken: Vec<Vec<f64>> = heard
            .iter()
            .map(|one| one.iter().map(of).collect())
            .collect();
        Figure::new(what, "ms", median_difference(&taken[2], &taken[0]))
            .beside("nginx", median_difference(&taken[1], &taken[0]))
            .how(format!(
                "median of {PAIRS} paired differences to the model, 1 client"
            ))
    };
    Ok(vec![
        Figure::new(
            format!("processor time an answer of {WORDS} words"),
            "µs",
            median(&cpu),
        )
        .beside("nginx", median(&peer_cpu))
        .how(format!(
            "median of {ROUNDS} alternating rounds of 2 s, {CLIENTS} clients"
        )),
        added("added to the first word", |heard| heard.first),
        added("added to the last word", |heard| heard.all),
    ])
}

/// Memory around many streams at once.
async fn memory(stand: &Stand) -> Result<Vec<Figure>> {
    let idle = stand.memory();
    let tablets = stand.tablets(STREAMS).await?;
    all_at_once(&tablets).await?;
    all_at_once(&vec![stand.beside.clone(); STREAMS]).await?;
    let full = stand.memory();
    Ok(vec![
        Figure::new("memory, idle", "MiB", idle.0).beside("nginx", idle.1),
        Figure::new(
            format!("memory, after {STREAMS} streams at once"),
            "MiB",
            full.0,
        )
        .beside("nginx", full.1)
        .how("every word of every stream arrived"),
    ])
}

/// What each target gave, visited in turn.
async fn in_turn(targets: &[&Target]) -> Result<Vec<Vec<Heard>>> {
    let mut taken = vec![Vec::new(); targets.len()];
    for at in 0..PAIRS + WARM_UP {
        for (target, taken) in targets.iter().zip(&mut taken) {
            let heard = target.ask().await?;
            if at >= WARM_UP {
                taken.push(heard);
            }
        }
    }
    Ok(taken)
}

async fn cpu_per_request(targets: &[Target], server: &Server) -> Result<f64> {
    let before = server.cpu_micros();
    let clients: Vec<_> = targets
        .iter()
        .cloned()
        .map(|target| tokio::spawn(ask_for_a_round(target)))
        .collect();
    let mut asked = 0;
    for client in clients {
        asked += client.await??;
    }
    Ok((server.cpu_micros() - before) / count(asked))
}

async fn ask_for_a_round(target: Target) -> Result<usize> {
    let start = Instant::now();
    let mut asked = 0;
    while start.elapsed() < ROUND {
        target.ask().await?;
        asked += 1;
    }
    Ok(asked)
}

async fn all_at_once(targets: &[Target]) -> Result<()> {
    let running: Vec<_> = targets
        .iter()
        .cloned()
        .map(|target| tokio::spawn(async move { target.ask().await }))
        .collect();
    for stream in running {
        stream.await??;
    }
    Ok(())
}
