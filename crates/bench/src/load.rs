//! What a tablet transfers before it can be used, and how long that takes.
//!
//! The peer is a chat component whose page holds nothing else. The kiosk's first usable control is
//! the attract screen's button; its chat field comes after three taps, each made as soon as it can.

mod bytes;
mod wire;

use std::path::Path;

use serde::Deserialize;

use crate::browser::{Browser, PROFILES, Profile};
use crate::budget::Budget;
use crate::error::Result;
use crate::kiosk::Kiosk;
use crate::report::{Figure, Section};
use crate::site::{self, Files};
use crate::stats::median;
use crate::{page, peer};

const RUNS: usize = 9;
const PEER: &str = "deep-chat";
const PEER_PAGE: &str = "<!doctype html><html lang=ko><meta charset=utf-8><title>chat</title>\
    <link rel=icon href='data:,'><link rel=modulepreload href=/deepChat.bundle.js>\
    <script type=module src=/deepChat.bundle.js></script><deep-chat></deep-chat></html>";
/// How long a service worker may take to come at all.
const WORKER_MS: u32 = 10_000;

/// The two pages that are measured in turn.
struct Pages {
    kiosk: Kiosk,
    peer: String,
    _data: tempfile::TempDir,
}

pub(crate) async fn measure(program: &Path, folder: &Path) -> Result<Section> {
    let data = tempfile::tempdir()?;
    let kiosk = Kiosk::start(program, data.path(), &[]).await?;
    let modules = peer::npm(folder, peer::DEEP_CHAT)?;
    let bundle = std::fs::read(modules.join("deep-chat/dist/deepChat.bundle.js"))?;
    let files = Files::from([
        ("/", ("text/html; charset=utf-8", PEER_PAGE.into())),
        ("/deepChat.bundle.js", ("text/javascript", bundle)),
    ]);
    let pages = Pages {
        kiosk,
        peer: site::serve(files, None).await?,
        _data: data,
    };
    let (mut figures, mut notes) = bytes::measure(&pages).await?;
    let browser = Browser::start(page::USABLE).await?;
    open(&browser, &pages.kiosk.url).await?;
    let has_worker = caches_filled(&browser).await?;
    notes.push(if has_worker {
        "warm: service worker active, its caches and the HTTP cache filled".to_owned()
    } else {
        "warm: HTTP cache filled; the app has no service worker".to_owned()
    });
    for profile in PROFILES {
        let times = Times::take(&browser, &pages, profile, has_worker).await?;
        figures.extend(times.figures(profile));
    }
    browser.close().await?;
    Ok(Section {
        name: "First load",
        figures,
        notes,
    })
}

/// When a page could be used, in milliseconds since its navigation began.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Usable {
    first: f64,
    next: f64,
    field: f64,
    /// That beginning, in milliseconds since 1970.
    origin: f64,
}

async fn open(browser: &Browser, url: &str) -> Result<Usable> {
    browser.open(url).await?;
    browser.evaluate("bench.usable()").await
}

/// Lets the service worker put away what it wants; answers whether there is one.
async fn caches_filled(browser: &Browser) -> Result<bool> {
    browser
        .evaluate(&format!("bench.cached({WORKER_MS})"))
        .await
}

#[derive(Default)]
struct Times {
    cold: Vec<Usable>,
    warm: Vec<Usable>,
    peer_cold: Vec<Usable>,
    peer_warm: Vec<Usable>,
}

impl Times {
    async fn take(
        browser: &Browser,
        pages: &Pages,
        profile: Profile,
        has_worker: bool,
    ) -> Result<Self> {
        let (ours, peer) = (&pages.kiosk.url, &pages.peer);
        let mut times = Self::default();
        for _ in 0..RUNS {
            browser.forget(ours).await?;
            browser.slow_down(profile).await?;
            times.cold.push(open(browser, ours).await?);
            if has_worker {
                caches_filled(browser).await?;
            }
            times.warm.push(open(browser, ours).await?);
            browser.forget(peer).await?;
            times.peer_cold.push(open(browser, peer).await?);
            times.peer_warm.push(open(browser, peer).await?);
        }
        Ok(times)
    }

    fn figures(&self, profile: Profile) -> Vec<Figure> {
        let middle = |times: &[Usable], of: fn(&Usable) -> f64| {
            median(&times.iter().map(of).collect::<Vec<_>>())
        };
        let first: fn(&Usable) -> f64 = |usable| usable.first;
        let field: fn(&Usable) -> f64 = |usable| usable.field;
        let figure = |what: &str, ours: f64, peer: &'static str, value: f64| {
            Figure::new(format!("{what}, {}", profile.name), "ms", ours)
                .beside(peer, value)
                .how(format!("median of {RUNS} runs in turn"))
        };
        let cold = middle(&self.cold, first);
        let warm = middle(&self.warm, first);
        let peer_cold = middle(&self.peer_cold, field);
        let peer_warm = middle(&self.peer_warm, field);
        vec![
            figure("cold, first tap", cold, PEER, peer_cold).within(Budget::ratio(1.1, 0.9)),
            figure(
                "cold, next screen",
                middle(&self.cold, |usable| usable.next),
                PEER,
                peer_cold,
            ),
            figure(
                "cold, chat field",
                middle(&self.cold, field),
                PEER,
                peer_cold,
            ),
            figure("warm, first tap", warm, "own cold", cold).within(Budget::ratio(0.6, 0.5)),
            figure("warm, first tap", warm, PEER, peer_warm),
            figure(
                "warm, chat field",
                middle(&self.warm, field),
                PEER,
                peer_warm,
            ),
        ]
    }
}
