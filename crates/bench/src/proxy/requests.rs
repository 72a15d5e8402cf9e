//! What one answer costs: processor time of whole ones, the wait for a first word.

use std::path::Path;
use std::time::{Duration, Instant};

use super::client::{Client, Target};
use super::stand::Stand;
use crate::budget::Budget;
use crate::error::{Result, unexpected};
use crate::peer;
use crate::process::Server;
use crate::report::Figure;
use crate::stats::{bounds_of, count, median, percentile};

/// Of an answer.
const WORDS: usize = 16;
const CLIENTS: usize = 8;
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_secs(2);
/// A gateway that takes milliseconds needs longer for as many answers.
const SLOW_ROUNDS: usize = 3;
const SLOW_ROUND: Duration = Duration::from_secs(5);
const PAIRS: usize = 2_000;
/// The first ones open connections.
const WARM_UP: usize = 50;
/// By how much the model itself may become slower or faster during the pairs.
const DRIFT: f64 = 1.2;

pub(super) async fn measure(program: &Path, folder: &Path) -> Result<Vec<Figure>> {
    let stand = Stand::start(program, WORDS, Duration::ZERO).await?;
    let tablets = stand.tablets(CLIENTS).await?;
    let mut figures = first_words(&stand, &tablets[0]).await?;
    figures.extend(cost(&stand, &tablets, folder).await?);
    Ok(figures)
}

/// How an answer is asked for.
#[derive(Clone, Copy)]
enum Form {
    /// As the kiosk does. Everybody is asked for a stream and hands on every word.
    Streamed,
    /// At once. The peers ask the model for a whole answer, too; the kiosk still reads a stream of it.
    Whole,
}

impl Form {
    const ALL: [Self; 2] = [Self::Streamed, Self::Whole];

    fn what(self) -> &'static str {
        match self {
            Self::Streamed => "processor time a streamed answer",
            Self::Whole => "processor time a whole answer",
        }
    }

    async fn ask(self, client: &mut Client) -> Result<()> {
        match self {
            Self::Streamed => client.listen().await.map(drop),
            Self::Whole => client.ask().await,
        }
    }
}

/// Processor time of answers that come as fast as they can.
async fn cost(stand: &Stand, tablets: &[Target], folder: &Path) -> Result<Vec<Figure>> {
    let passing = vec![stand.beside.clone(); CLIENTS];
    let mut beside = Vec::new();
    for form in Form::ALL {
        let (mut ours, mut nginx) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let own = cpu_of_an_answer(tablets, &stand.kiosk.server, form, ROUND).await?;
            let other = cpu_of_an_answer(&passing, &stand.nginx, form, ROUND).await?;
            // The first one warms up.
            if round > 0 {
                ours.push(own);
                nginx.push(other);
            }
        }
        beside.push((form, ours, nginx));
    }
    let data = tempfile::tempdir()?;
    let (server, url) = peer::litellm(folder, data.path(), &stand.model, "skt").await?;
    let key = Some(peer::LITELLM_KEY.to_owned());
    let gateway = vec![Target::new(&url, key); CLIENTS];
    let mut figures = Vec::new();
    for (form, ours, nginx) in beside {
        let mut litellm = Vec::new();
        for round in 0..=SLOW_ROUNDS {
            let other = cpu_of_an_answer(&gateway, &server, form, SLOW_ROUND).await?;
            if round > 0 {
                litellm.push(other);
            }
        }
        let figure = |peer: &'static str, of: &[f64], budget: Budget, rounds: String| {
            Figure::medians(form.what(), "µs", &ours, (peer, of))
                .within(budget)
                .how(format!("{rounds}, {CLIENTS} clients, {WORDS} words"))
        };
        let rounds = format!("{ROUNDS} rounds of {} s in turn", ROUND.as_secs());
        let slow = format!(
            "{SLOW_ROUNDS} rounds of {} s, one worker",
            SLOW_ROUND.as_secs()
        );
        figures.extend([
            figure("nginx", &nginx, Budget::most_of_peer(2.5), rounds),
            figure("LiteLLM", &litellm, Budget::most_of_peer(0.01), slow),
        ]);
    }
    Ok(figures)
}

async fn cpu_of_an_answer(
    targets: &[Target],
    server: &Server,
    form: Form,
    round: Duration,
) -> Result<f64> {
    let before = server.cpu_micros();
    let clients: Vec<_> = targets
        .iter()
        .cloned()
        .map(|target| tokio::spawn(ask_for_a_round(target, form, round)))
        .collect();
    let mut asked = 0;
    for client in clients {
        asked += client.await??;
    }
    Ok((server.cpu_micros() - before) / count(asked))
}

async fn ask_for_a_round(target: Target, form: Form, round: Duration) -> Result<usize> {
    let mut client = target.open(WORDS).await?;
    let (start, mut asked) = (Instant::now(), 0);
    while start.elapsed() < round {
        form.ask(&mut client).await?;
        asked += 1;
    }
    Ok(asked)
}

/// What each proxy adds to the wait for the first word.
async fn first_words(stand: &Stand, tablet: &Target) -> Result<Vec<Figure>> {
    let mut clients = Vec::new();
    for target in [&stand.direct, &stand.beside, tablet] {
        clients.push((target.open(WORDS).await?, Vec::new()));
    }
    for at in 0..PAIRS + WARM_UP {
        for (client, taken) in &mut clients {
            let first = client.listen().await?.first();
            if at >= WARM_UP {
                taken.push(first);
            }
        }
    }
    let [direct, nginx, ours] = [0, 1, 2].map(|at| clients[at].1.clone());
    steady(&direct)?;
    let added = |to: &[f64]| -> Vec<f64> { to.iter().zip(&direct).map(|(a, b)| a - b).collect() };
    let (ours, nginx) = (added(&ours), added(&nginx));
    let how = format!("{PAIRS} paired differences to the model, 1 client");
    let worst = |ours: &[f64], _: &[f64]| percentile(ours, 99.0);
    Ok(vec![
        Figure::medians(
            "added to the first word, p50",
            "ms",
            &ours,
            ("nginx", &nginx),
        )
        .within(Budget::most_of_peer(3.0))
        .how(how.clone()),
        Figure::new("added to the first word, p99", "ms", worst(&ours, &ours))
            .beside("nginx", worst(&nginx, &nginx))
            .bounds(bounds_of(&ours, &ours, worst))
            .within(Budget::most(1.0))
            .how(how),
    ])
}

/// A machine that changes its speed meanwhile measures nothing.
fn steady(direct: &[f64]) -> Result<()> {
    let parts: Vec<f64> = direct.chunks(PAIRS / 4).map(median).collect();
    let (least, most) = (percentile(&parts, 0.0), percentile(&parts, 100.0));
    if most <= least * DRIFT {
        return Ok(());
    }
    Err(unexpected(format!(
        "the machine is not quiet: the model itself took {least:.3} to {most:.3} ms"
    )))
}
