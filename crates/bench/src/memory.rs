//! What a page holds after many visits in one life: visitors come all day, and a page that keeps a
//! little of each ends badly in the evening.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::budget::Budget;
use crate::document::{KIB, pieces};
use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;
use crate::mock::{Mock, Script};
use crate::page;
use crate::report::{Figure, Section};
use crate::stats::median;

const RUNS: usize = 9;
const FEW: u32 = 20;
const MANY: u32 = 200;
/// Of an answer.
const BYTES: usize = 2 * KIB;
/// After the last visit: time for what a page does once nobody is there.
const REST: Duration = Duration::from_secs(2);
const MIB: f64 = 1_048_576.0;
const FORCED: &str = "two forced collections before each reading";

/// What is reachable after a forced collection.
#[derive(Debug, Clone, Copy)]
struct Memory {
    heap: f64,
    wasm: f64,
    nodes: f64,
    listeners: f64,
}

/// A page's life.
struct Life {
    few: Memory,
    many: Memory,
    reloads: u32,
}

pub(crate) async fn measure(program: &Path) -> Result<Section> {
    let mut lives = Vec::new();
    for _ in 0..RUNS {
        lives.push(Life::take(program).await?);
    }
    let figure = |what: &str, unit, of: fn(&Memory) -> f64| {
        let middle = |at: fn(&Life) -> &Memory| {
            median(&lives.iter().map(|life| of(at(life))).collect::<Vec<_>>())
        };
        let figure = Figure::new(what, unit, middle(|life| &life.many));
        figure
            .beside("after 20", middle(|life| &life.few))
            .how(format!("median of {RUNS} lives of a page, {FORCED}"))
    };
    let reloads: u32 = lives.iter().map(|life| life.reloads).sum();
    Ok(Section {
        name: "Memory after 200 visits",
        figures: vec![
            figure("JS heap and Wasm memory", "MiB", |memory| {
                memory.heap + memory.wasm
            })
            .within(Budget::ratio(1.2, 1.05)),
            figure("of that JS heap", "MiB", |memory| memory.heap),
            figure("of that Wasm memory", "MiB", |memory| memory.wasm),
            figure("DOM nodes", "", |memory| memory.nodes),
            figure("listeners", "", |memory| memory.listeners),
        ],
        notes: vec![format!(
            "the page reloaded itself {reloads} times in {RUNS} lives of {MANY} visits"
        )],
    })
}

impl Life {
    async fn take(program: &Path) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let model = Mock::start(Script::new(pieces(BYTES), Duration::ZERO)).await?;
        let models = [("skt", model.address.as_str())];
        let kiosk = Kiosk::with_models(program, data.path(), &models).await?;
        let browser = Browser::start(page::MEMORY).await?;
        browser.open(&kiosk.url).await?;
        let mut visits = Visits {
            browser: &browser,
            life: None,
            reloads: 0,
        };
        let few = visits.make(FEW).await?;
        let many = visits.make(MANY - FEW).await?;
        let reloads = visits.reloads;
        browser.close().await?;
        Ok(Self { few, many, reloads })
    }
}

/// Visits in a row, and how often the page began anew between them.
struct Visits<'browser> {
    browser: &'browser Browser,
    /// When the page's life began.
    life: Option<f64>,
    reloads: u32,
}

impl Visits<'_> {
    async fn make(&mut self, count: u32) -> Result<Memory> {
        for _ in 0..count {
            let life = match self.browser.evaluate("bench.visit()").await {
                Ok(life) => life,
                // A page that reloads itself before the promise is kept breaks it.
                Err(error) => self.begun_anew().await?.ok_or(error)?,
            };
            self.lives(life);
        }
        tokio::time::sleep(REST).await;
        self.lives(self.browser.evaluate("bench.fresh()").await?);
        Memory::read(self.browser).await
    }

    /// Takes note of a page that began anew.
    fn lives(&mut self, life: f64) {
        if self.life.replace(life).is_some_and(|before| before < life) {
            self.reloads += 1;
        }
    }

    /// When the page began, if that was after what is known.
    async fn begun_anew(&self) -> Result<Option<f64>> {
        let life: f64 = self.browser.evaluate("bench.fresh()").await?;
        Ok(self.life.filter(|before| *before < life).map(|_| life))
    }
}

impl Memory {
    async fn read(browser: &Browser) -> Result<Self> {
        browser.evaluate::<Value>("bench.quiet()").await?;
        for _ in 0..2 {
            browser
                .command("HeapProfiler.collectGarbage", json!({}))
                .await?;
        }
        let wasm: f64 = browser.evaluate("bench.wasmBytes()").await?;
        let heap = browser.command("Runtime.getHeapUsage", json!({})).await?;
        let dom = browser.command("Memory.getDOMCounters", json!({})).await?;
        Ok(Self {
            heap: number(&heap, "usedSize")? / MIB,
            wasm: wasm / MIB,
            nodes: number(&dom, "nodes")?,
            listeners: number(&dom, "jsEventListeners")?,
        })
    }
}

fn number(told: &Value, name: &str) -> Result<f64> {
    told[name]
        .as_f64()
        .ok_or_else(|| unexpected(format!("no {name} in {told}")))
}
