//! The first load in bytes, file by file, and what is fetched after it.

use std::collections::BTreeSet;

use reqwest::header::ACCEPT_ENCODING;
use serde_json::Value;

use super::wire::{Kind, Transfer, transfers};
use super::{PEER, Pages, Usable};
use crate::browser::{Browser, PROFILES};
use crate::budget::Budget;
use crate::error::Result;
use crate::page;
use crate::report::Figure;

const KILO: f64 = 1_000.0;
/// Notes the first tap and goes on through a whole visit, so that what comes on demand comes.
const WHOLE_VISIT: &str = "bench.usable()\
    .then(async (usable) => { await bench.ask(); await bench.leave(); return usable; })";
/// The console before somebody signs in.
const SIGNED_OUT: &str = "bench.until('sign-in', () => bench.find('sign-in'))\
    .then(() => ({ first: performance.now(), next: 0, field: 0, origin: performance.timeOrigin }))";

/// What was asked for before a page could be used, and after.
struct Load {
    first: Vec<Transfer>,
    later: Vec<Transfer>,
}

impl Load {
    fn new(events: &[Value], origin: &str, usable_at: f64) -> Self {
        let (first, later) = transfers(events, origin)
            .into_iter()
            .partition(|transfer| transfer.sent_at <= usable_at);
        Self { first, later }
    }

    /// The first load's figure, in KB.
    fn counted(&self) -> f64 {
        let counted = self.first.iter().filter(|one| one.kind.is_counted());
        counted.map(|one| one.body).sum::<f64>() / KILO
    }

    /// Everything but fonts, with what the heads of the answers add.
    fn all_but_fonts(&self) -> f64 {
        let others = self.first.iter().filter(|one| one.kind != Kind::Font);
        others.map(|one| one.body + one.head).sum::<f64>() / KILO
    }

    fn fonts(&self) -> f64 {
        let fonts = self.first.iter().filter(|one| one.kind == Kind::Font);
        fonts.map(|one| one.body).sum::<f64>() / KILO
    }
}

pub(super) async fn measure(pages: &Pages) -> Result<(Vec<Figure>, Vec<String>)> {
    let browser = Browser::start_logging(page::WHOLE).await?;
    browser.slow_down(PROFILES[0]).await?;
    let (ours, peer) = (&pages.kiosk.url, &pages.peer);
    let peer = load(&browser, peer, peer, "bench.usable()").await?;
    let console = load(&browser, ours, &format!("{ours}/console"), SIGNED_OUT).await?;
    let visitor = load(&browser, ours, ours, WHOLE_VISIT).await?;
    let mut notes = lines("before the first tap", &visitor.first);
    notes.extend(lines("later in a visit", &visitor.later));
    notes.extend(kept(&browser, ours, &visitor).await?);
    notes.extend(lines(PEER, &peer.first));
    browser.close().await?;
    let figures = vec![
        Figure::new("first load, visitor's app", "KB", visitor.counted())
            .beside(PEER, peer.counted())
            .within(Budget::value(120.0, 87.0))
            .how("bodies on the wire: page, scripts, Wasm, style asked for before the first tap"),
        Figure::new(
            "with data, icons and heads of answers",
            "KB",
            visitor.all_but_fonts(),
        )
        .beside(PEER, peer.all_but_fonts())
        .how("everything asked for before the first tap but fonts"),
        Figure::new(
            "fonts asked for before the first tap",
            "KB",
            visitor.fonts(),
        ),
        Figure::new("first load, console", "KB", console.counted())
            .how("the same until its sign-in is there"),
    ];
    Ok((figures, notes))
}

/// Opens a page with nothing kept, and waits for this script, which tells when it was usable.
async fn load(browser: &Browser, origin: &str, url: &str, script: &str) -> Result<Load> {
    browser.forget(origin).await?;
    browser.log().await?;
    browser.open(url).await?;
    let usable: Usable = browser.evaluate(script).await?;
    super::caches_filled(browser).await?;
    let events = browser.log().await?;
    Ok(Load::new(&events, origin, usable.origin + usable.first))
}

/// A line a file; data is summed up, as a visit sends much of it.
fn lines(when: &str, transfers: &[Transfer]) -> Vec<String> {
    let (data, files): (Vec<_>, Vec<_>) = transfers.iter().partition(|one| one.kind == Kind::Data);
    let mut lines: Vec<String> = files
        .iter()
        .map(|file| {
            let counted = if file.kind.is_counted() {
                ""
            } else {
                ", not counted"
            };
            format!(
                "{when}: {} ({}{counted}) {} bytes {}, head {}",
                file.path,
                file.kind.name(),
                file.body,
                encoding(&file.encoding),
                file.head
            )
        })
        .collect();
    if !data.is_empty() {
        let bytes: f64 = data.iter().map(|one| one.body).sum();
        let largest = data.iter().max_by(|a, b| a.body.total_cmp(&b.body));
        let largest = largest.map_or(String::new(), |one| {
            format!(
                ", the largest {} {} bytes {}",
                one.path,
                one.body,
                encoding(&one.encoding)
            )
        });
        lines.push(format!(
            "{when}: data, not counted, {} times, {bytes} bytes{largest}",
            data.len()
        ));
    }
    lines
}

fn encoding(name: &str) -> &str {
    if name.is_empty() {
        "uncompressed"
    } else {
        name
    }
}

/// What the service worker fetched, which no page asked for.
async fn kept(browser: &Browser, origin: &str, load: &Load) -> Result<Vec<String>> {
    let urls: BTreeSet<String> = browser.evaluate("bench.kept()").await?;
    let is_asked = |path: &str| {
        let mut asked = load.first.iter().chain(&load.later);
        asked.any(|one| one.path == path)
    };
    let paths = urls.iter().filter_map(|url| url.strip_prefix(origin));
    let mut lines = Vec::new();
    for path in paths.filter(|path| !is_asked(path)) {
        let request = reqwest::Client::new()
            .get(format!("{origin}{path}"))
            .header(ACCEPT_ENCODING, "br");
        let bytes = request.send().await?.bytes().await?.len();
        lines.push(format!("by the service worker: {path} {bytes} bytes"));
    }
    Ok(lines)
}
