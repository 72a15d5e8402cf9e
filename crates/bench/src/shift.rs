//! How much of the screen jumps during a visit, from the first byte to the way back to attract.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::browser::{Browser, PROFILES};
use crate::budget::Budget;
use crate::document::{WHOLE, pieces};
use crate::error::Result;
use crate::kiosk::Kiosk;
use crate::mock::{Mock, Script};
use crate::page;
use crate::report::{Figure, Section};
use crate::stats::median;
use crate::streaming::PACE;

const RUNS: usize = 9;

/// One entry of the browser.
#[derive(Debug, Deserialize)]
struct Shift {
    value: f64,
    had_input: bool,
    screen: String,
    moved: String,
}

pub(crate) async fn measure(program: &Path) -> Result<Section> {
    let data = tempfile::tempdir()?;
    let model = Mock::start(Script::new(pieces(WHOLE), PACE)).await?;
    let models = [("skt", model.address.as_str())];
    let kiosk = Kiosk::with_models(program, data.path(), &models).await?;
    let browser = Browser::start(page::SHIFT).await?;
    let mut visits = Vec::new();
    for _ in 0..RUNS {
        visits.push(visit(&browser, &kiosk.url).await?);
    }
    browser.close().await?;
    let figure = |what: &str, is_counted: fn(&Shift) -> bool| {
        let sum = |shifts: &Vec<Shift>| -> f64 {
            let counted = shifts.iter().filter(|shift| is_counted(shift));
            counted.map(|shift| shift.value).sum()
        };
        let sums: Vec<f64> = visits.iter().map(sum).collect();
        Figure::new(what, "", median(&sums))
            .within(Budget::value(0.02, 0.0))
            .how(format!(
                "sum over a visit with 16 KB streamed, cold, {}, median of {RUNS}",
                PROFILES[0].name
            ))
    };
    Ok(Section {
        name: "Layout shift",
        figures: vec![
            figure("without what follows a tap within 500 ms", |shift| {
                !shift.had_input
            }),
            figure("all of it", |_| true),
        ],
        notes: culprits(&visits),
    })
}

/// Taps as a finger does: only such taps are input to the browser.
async fn visit(browser: &Browser, url: &str) -> Result<Vec<Shift>> {
    browser.forget(url).await?;
    browser.slow_down(PROFILES[0]).await?;
    browser.open(url).await?;
    for (wait, tap) in [
        ("bench.on('attract')", "[data-testid=start]"),
        (
            "bench.on('teams')",
            "[data-testid=team-card][data-team=skt]",
        ),
        ("bench.on('team')", "[data-testid=chat-open]"),
        ("bench.on('chat')", "[data-testid=chat-input]"),
    ] {
        calm(browser, wait).await?;
        browser.tap(tap).await?;
    }
    browser
        .type_into("[data-testid=chat-input]", "길게 설명해 주세요.")
        .await?;
    browser.tap("[data-testid=chat-send]").await?;
    for (wait, tap) in [
        (
            "bench.until('answer', () => bench.answer()).then(() => bench.answered())",
            "[data-testid=visit-end]",
        ),
        ("bench.on('feedback')", "[data-testid=rating-4]"),
        ("bench.on('feedback')", "[data-testid=feedback-submit]"),
        ("bench.on('thanks')", "[data-testid=visit-end]"),
    ] {
        calm(browser, wait).await?;
        browser.tap(tap).await?;
    }
    calm(browser, "bench.on('attract')").await?;
    browser.evaluate("bench.shifts()").await
}

/// Waits, and then until what a tap caused no longer counts as its consequence.
async fn calm(browser: &Browser, wait: &str) -> Result<()> {
    browser
        .evaluate::<Value>(&format!("{wait}.then(() => bench.quiet())"))
        .await?;
    tokio::time::sleep(AFTER_INPUT).await;
    Ok(())
}

/// The browser excuses shifts within 500 ms of input.
const AFTER_INPUT: Duration = Duration::from_millis(600);

/// What is worth a line.
const LEAST: f64 = 0.0001;

/// What moved on which screen, the worst of each over all visits.
fn culprits(visits: &[Vec<Shift>]) -> Vec<String> {
    let mut worst: BTreeMap<(&str, &str, bool), f64> = BTreeMap::new();
    for shift in visits.iter().flatten() {
        let key = (shift.screen.as_str(), shift.moved.as_str(), shift.had_input);
        let value = worst.entry(key).or_default();
        *value = value.max(shift.value);
    }
    let mut worst: Vec<_> = worst.into_iter().collect();
    worst.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    worst
        .into_iter()
        .filter(|(_, value)| *value >= LEAST)
        .map(|((screen, moved, had_input), value)| {
            let input = if had_input { ", after a tap" } else { "" };
            format!("up to {value:.4} on {screen}{input}: {moved}")
        })
        .collect()
}
