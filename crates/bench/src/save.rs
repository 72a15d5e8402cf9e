//! How long a tablet takes until feedback is on its disk for certain: only then a visitor is told so.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::browser::Browser;
use crate::budget::Budget;
use crate::document::{KIB, pieces};
use crate::error::Result;
use crate::kiosk::Kiosk;
use crate::mock::{Mock, Script};
use crate::page;
use crate::report::{Figure, Section};
use crate::site::{self, Files};
use crate::stats::percentile;

const VISITS: usize = 200;
const SLOWDOWN: u32 = 6;
/// Of an answer, which goes into the form with its question.
const BYTES: usize = 2 * KIB;
const LIMIT_MS: f64 = 50.0;

/// One visit: milliseconds to the event that says that a transaction is complete.
#[derive(Debug, Deserialize)]
struct Visit {
    /// The form, since the tap that sends it.
    tap: f64,
    /// The form, since its transaction was begun.
    form: f64,
    /// How the visit ended, which nobody waits for.
    left: f64,
    /// A record as large as the form in an empty database.
    bare: f64,
}

pub(crate) async fn measure(program: &Path) -> Result<Section> {
    let data = tempfile::tempdir()?;
    let model = Mock::start(Script::new(pieces(BYTES), Duration::ZERO)).await?;
    let models = [("skt", model.address.as_str())];
    let kiosk = Kiosk::with_models(program, data.path(), &models).await?;
    // A network that answers for the server, as before a sign-in: everything waits on the tablet.
    let portal = Files::from([("/api/feedback", ("text/html", b"<p>Sign in</p>".to_vec()))]);
    let behind = site::serve(portal, Some(&kiosk.url)).await?;
    let mut figures = figures_of(&visits(&kiosk.url).await?, "queue sent at once");
    figures.extend(figures_of(&visits(&behind).await?, "queue growing"));
    Ok(Section {
        name: "Saving feedback on the tablet",
        figures,
        notes: vec![
            format!(
                "processor /{SLOWDOWN}: of the page; the process that writes to the disk is not slowed"
            ),
            format!(
                "forms with a comment and an answer of {} KiB; the page is at rest before the tap",
                BYTES / KIB
            ),
            "bare: a record as large as the form, the same durability, in a page at rest, in turn"
                .to_owned(),
        ],
    })
}

async fn visits(url: &str) -> Result<Vec<Visit>> {
    let browser = Browser::start(page::SAVE).await?;
    browser.slow_processor(SLOWDOWN).await?;
    browser.open(url).await?;
    let mut visits = Vec::new();
    for _ in 0..VISITS {
        visits.push(browser.evaluate("bench.save()").await?);
    }
    browser.close().await?;
    Ok(visits)
}

fn figures_of(visits: &[Visit], queue: &str) -> Vec<Figure> {
    let budget = Budget::value(LIMIT_MS, LIMIT_MS);
    let at = |share: f64, of: fn(&Visit) -> f64| {
        percentile(&visits.iter().map(of).collect::<Vec<_>>(), share)
    };
    let figure = |what: &str, share: f64, of: fn(&Visit) -> f64| {
        let (count, worst) = (visits.len(), at(100.0, of));
        Figure::new(format!("{what}, p{share}, {queue}"), "ms", at(share, of))
            .beside("bare", at(share, |visit| visit.bare))
            .how(format!(
                "{count} visits, processor /{SLOWDOWN}, at worst {worst:.0} ms"
            ))
    };
    let [save, tap, left] = [
        "save to transaction complete",
        "tap to transaction complete",
        "what a visit leaves behind",
    ];
    vec![
        figure(save, 50.0, |visit| visit.form),
        figure(save, 99.0, |visit| visit.form).within(budget),
        figure(tap, 50.0, |visit| visit.tap),
        figure(tap, 99.0, |visit| visit.tap).within(budget),
        figure(left, 50.0, |visit| visit.left),
        figure(left, 99.0, |visit| visit.left),
    ]
}
