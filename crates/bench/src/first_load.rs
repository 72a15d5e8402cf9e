//! What a tablet transfers before it can be used, and how long that takes.
//!
//! The peer is a chat component whose page holds nothing else. The kiosk's chat field comes after
//! two screens, which the script taps through as soon as each is there.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::header::ACCEPT_ENCODING;

use crate::browser::{Browser, PROFILES};
use crate::error::Result;
use crate::kiosk::Kiosk;
use crate::peer;
use crate::report::{Figure, Section};
use crate::site::{self, Files};
use crate::stats::{count, median};

const RUNS: usize = 7;
const PEER: &str = "deep-chat";
const PEER_PAGE: &str = "<!doctype html><html lang=ko><meta charset=utf-8><title>chat</title>\
    <link rel=icon href='data:,'><link rel=modulepreload href=/deepChat.bundle.js>\
    <script type=module src=/deepChat.bundle.js></script><deep-chat></deep-chat></html>";

/// Notes when the first screen answers to a tap and when a chat field is there, and taps its way.
const WATCH: &str = r#"
window.noted = {};
const note = (name) => { window.noted[name] ??= performance.now(); };
const find = (name) => document.querySelector(`[data-testid="${name}"]`);
const look = () => {
  if (document.querySelector("deep-chat")?.shadowRoot?.getElementById("text-input")) {
    note("first"); note("field"); return;
  }
  if (find("start")) note("first");
  if (find("chat-input")) { note("field"); return; }
  (find("chat-open") ?? document.querySelector('[data-testid="team-card"][data-team="skt"]'))?.click();
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"#;

pub(crate) async fn measure(program: &Path, folder: &Path) -> Result<Section> {
    let data = tempfile::tempdir()?;
    let kiosk = Kiosk::start(program, data.path(), &[]).await?;
    let modules = peer::npm(folder, peer::DEEP_CHAT)?;
    let bundle = std::fs::read(modules.join("deep-chat/dist/deepChat.bundle.js"))?;
    let peer_bytes = site::brotli(&bundle)?.len() + site::brotli(PEER_PAGE.as_bytes())?.len();
    let peer = site::serve(Files::from([
        ("/", ("text/html; charset=utf-8", PEER_PAGE.into())),
        ("/deepChat.bundle.js", ("text/javascript", bundle)),
    ]))
    .await?;
    let mut figures = vec![
        Figure::new(
            "first load, visitor's app",
            "bytes",
            transferred(&kiosk.url, "/").await?,
        )
        .beside(PEER, count(peer_bytes))
        .how("brotli 11: page, scripts, Wasm, style; without fonts"),
        Figure::new(
            "first load, console",
            "bytes",
            transferred(&kiosk.url, "/console").await?,
        ),
    ];
    let browser = Browser::start().await?;
    browser.before_pages(WATCH).await?;
    for profile in PROFILES {
        browser.slow_down(profile).await?;
        let times = Times::take(&browser, &kiosk.url, &peer).await?;
        let mut figure = |what: &str, ours: &[f64], peer: &[f64]| {
            figures.push(
                Figure::new(format!("{what}, {}", profile.name), "ms", median(ours))
                    .beside(PEER, median(peer))
                    .how(format!("median of {RUNS} runs in turn")),
            );
        };
        figure("cold, first tap", &times.first, &times.peer_cold);
        figure("cold, chat field", &times.field, &times.peer_cold);
        figure("warm, first tap", &times.warm_first, &times.peer_warm);
        figure("warm, chat field", &times.warm_field, &times.peer_warm);
    }
    browser.close().await?;
    Ok(Section {
        name: "First load",
        figures,
    })
}

#[derive(Default)]
struct Times {
    first: Vec<f64>,
    field: Vec<f64>,
    warm_first: Vec<f64>,
    warm_field: Vec<f64>,
    peer_cold: Vec<f64>,
    peer_warm: Vec<f64>,
}

impl Times {
    async fn take(browser: &Browser, ours: &str, peer: &str) -> Result<Self> {
        let mut times = Self::default();
        for _ in 0..RUNS {
            browser.forget(ours).await?;
            times.field.push(browser.time(ours, "field").await?);
            browser.forget(ours).await?;
            times.first.push(browser.time(ours, "first").await?);
            times.warm_first.push(browser.time(ours, "first").await?);
            times.warm_field.push(browser.time(ours, "field").await?);
            browser.forget(peer).await?;
            times.peer_cold.push(browser.time(peer, "field").await?);
            times.peer_warm.push(browser.time(peer, "field").await?);
        }
        Ok(times)
    }
}

/// Bytes of a page and of the scripts, Wasm and style it names, as they travel.
async fn transferred(base: &str, page: &str) -> Result<f64> {
    let client = reqwest::Client::new();
    let html = client
        .get(format!("{base}{page}"))
        .send()
        .await?
        .text()
        .await?;
    let mut paths: BTreeSet<String> = html
        .split('"')
        .filter(|text| text.starts_with('/'))
        .filter(|path| {
            ["js", "wasm", "css"]
                .iter()
                .any(|end| path.ends_with(&format!(".{end}")))
        })
        .map(ToOwned::to_owned)
        .collect();
    paths.insert(page.to_owned());
    let mut total = 0;
    for path in paths {
        let request = client
            .get(format!("{base}{path}"))
            .header(ACCEPT_ENCODING, "br");
        total += request
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?
            .len();
    }
    Ok(count(total))
}
