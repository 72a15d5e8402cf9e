//! What it costs to show an answer while it streams in, through the real app and the real server,
//! beside a parser that only appends.
//!
//! Both pages read the same bytes: the peer's page asks the kiosk too, by way of the site it comes
//! from. Both show them with the same font in a log of the same size, and keep the end in sight. The
//! app draws once in a frame whatever has come until then; the peer writes every piece as it comes.

mod task_time;

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::browser::Browser;
use crate::budget::Budget;
use crate::document::{END, KIB, WHOLE, pieces, pieces_before};
use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;
use crate::mock::{Mock, Script};
use crate::report::{Figure, Section};
use crate::site::{self, Files};
use crate::stats::{count, median};
use crate::{page, peer};
use task_time::{TaskTime, settled};

const RUNS: usize = 9;
const PEER: &str = "streaming-markdown";
const PEER_PAGE: &str = include_str!("streaming/peer.html");
const SLOWDOWN: u32 = 4;
const SLOWDOWNS: [(u32, &str); 2] = [(SLOWDOWN, "processor /4"), (1, "not slowed")];
/// Between two pieces.
pub(crate) const PACE: Duration = Duration::from_millis(3);
/// Much more than a frame: each piece is drawn by itself, also where drawing takes long.
const SLOW_PACE: Duration = Duration::from_millis(40);
/// Percent of the time.
const TOO_BUSY: f64 = 90.0;
const LONG: usize = 40 * KIB;
/// As long as the part that the document repeats.
const EARLY: (usize, usize) = (3 * KIB, 5 * KIB);
const LATE: (usize, usize) = (38 * KIB, LONG);
/// The teams whose models give the whole and the long document.
const WHOLE_TEAM: &str = "skt";
const LONG_TEAM: &str = "upstage";

pub(crate) async fn measure(program: &Path, folder: &Path) -> Result<Section> {
    let data = tempfile::tempdir()?;
    let whole = Mock::start(Script::new(pieces(WHOLE), PACE)).await?;
    let long = LongAnswer::start().await?;
    let models = [
        (WHOLE_TEAM, whole.address.as_str()),
        (LONG_TEAM, long.model.address.as_str()),
    ];
    let kiosk = Kiosk::with_models(program, data.path(), &models).await?;
    let browser = Browser::start(page::ASK).await?;
    let app = Place::App(kiosk.url.clone());
    let beside = Place::Peer(peer_site(&browser, &kiosk, folder).await?);
    let mut figures = Vec::new();
    for (slowdown, name) in SLOWDOWNS {
        browser.slow_processor(slowdown).await?;
        let pair = Pair::take(&browser, [&app, &beside], Answer::take).await?;
        figures.extend(answer_figures(&pair, name, slowdown == SLOWDOWN));
    }
    browser.slow_processor(SLOWDOWN).await?;
    let pair = Pair::take(&browser, [&app, &beside], |browser, place| {
        long.take(browser, place)
    });
    figures.extend(growth_figures(&pair.await?));
    browser.close().await?;
    Ok(Section {
        name: "Streaming an answer",
        figures,
        notes: vec![
            format!(
                "pieces of 8 characters, one every {} ms, and every {} ms where one piece is judged; \
                 the app draws once a frame, the peer writes each piece",
                PACE.as_millis(),
                SLOW_PACE.as_millis()
            ),
            "the browser reports no task below 50 ms: 0 means that none was longer".to_owned(),
        ],
    })
}

/// The same taken from the app and from the peer in turn.
struct Pair<T> {
    ours: Vec<T>,
    theirs: Vec<T>,
}

impl<T> Pair<T> {
    async fn take<'a>(
        browser: &'a Browser,
        [app, peer]: [&'a Place; 2],
        take: impl AsyncFn(&'a Browser, &'a Place) -> Result<T>,
    ) -> Result<Self> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            ours.push(take(browser, app).await?);
            theirs.push(take(browser, peer).await?);
        }
        Ok(Self { ours, theirs })
    }

    /// Both medians of a value.
    fn middle(&self, of: fn(&T) -> f64) -> (f64, f64) {
        let middle = |all: &[T]| median(&all.iter().map(of).collect::<Vec<_>>());
        (middle(&self.ours), middle(&self.theirs))
    }
}

/// Where an answer is shown.
enum Place {
    App(String),
    Peer(String),
}

impl Place {
    /// Opens it where a question can be asked.
    async fn open(&self, browser: &Browser, team: &str) -> Result<()> {
        match self {
            Self::App(url) => {
                browser.open(url).await?;
                browser
                    .evaluate::<Value>(&format!("bench.toChat('{team}')"))
                    .await?;
            }
            Self::Peer(url) => browser.open(url).await?,
        }
        TaskTime::watch(browser).await
    }
}

/// How an answer looks in the app.
#[derive(Debug, Deserialize)]
struct Look {
    width: String,
    height: String,
    style: String,
    faces: String,
}

/// The peer's page, with the looks that an answer has in the app.
async fn peer_site(browser: &Browser, kiosk: &Kiosk, folder: &Path) -> Result<String> {
    let modules = peer::npm(folder, peer::STREAMING_MARKDOWN)?;
    let parser = std::fs::read(modules.join("streaming-markdown/smd.min.js"))?;
    Place::App(kiosk.url.clone())
        .open(browser, WHOLE_TEAM)
        .await?;
    ask(browser, WHOLE_TEAM).await?;
    let look: Look = browser.evaluate("bench.look()").await?;
    let page = PEER_PAGE
        .replace("{faces}", &look.faces)
        .replace("{width}", &look.width)
        .replace("{height}", &look.height)
        .replace("{style}", &look.style)
        .replace("{token}", &kiosk.tablet("beside").await?);
    let files = Files::from([
        ("/", ("text/html; charset=utf-8", page.into_bytes())),
        ("/smd.js", ("text/javascript", parser)),
    ]);
    site::serve(files, Some(&kiosk.url)).await
}

/// Asks and waits until all of the answer is drawn.
async fn ask(browser: &Browser, team: &str) -> Result<()> {
    let asking = format!("bench.asked = performance.now(); bench.ask('{team}')");
    let text: String = browser.evaluate(&asking).await?;
    whole(&text)
}

fn whole(text: &str) -> Result<()> {
    if text.contains(END) {
        return Ok(());
    }
    let end: String = text.chars().rev().take(80).collect();
    let end: String = end.chars().rev().collect();
    Err(unexpected(format!("an answer ended with: {end}")))
}

/// What one answer of 16 KB took.
struct Answer {
    time: TaskTime,
    longest: f64,
}

impl Answer {
    async fn take(browser: &Browser, place: &Place) -> Result<Self> {
        place.open(browser, WHOLE_TEAM).await?;
        let before = settled(browser).await?;
        ask(browser, WHOLE_TEAM).await?;
        Ok(Self {
            time: TaskTime::now(browser).await? - before,
            longest: longest(browser).await?,
        })
    }
}

async fn longest(browser: &Browser) -> Result<f64> {
    browser.evaluate("bench.longest(bench.asked)").await
}

/// A model whose long answer stops where the clock is read.
struct LongAnswer {
    model: Mock,
    early: f64,
    late: f64,
}

/// What a piece took early and late in one long answer, in milliseconds.
struct Growth {
    early: f64,
    late: f64,
    /// Percent, late.
    busy: f64,
    longest: f64,
}

impl LongAnswer {
    async fn start() -> Result<Self> {
        let pieces = pieces(LONG);
        let range =
            |(from, to): (usize, usize)| pieces_before(&pieces, from)..pieces_before(&pieces, to);
        let (early, late) = (range(EARLY), range(LATE));
        let script = Script::new(pieces.clone(), PACE)
            .apart(early.clone(), SLOW_PACE)
            .apart(late.clone(), SLOW_PACE);
        Ok(Self {
            model: Mock::start(script).await?,
            early: count(early.len()),
            late: count(late.len()),
        })
    }

    async fn take(&self, browser: &Browser, place: &Place) -> Result<Growth> {
        place.open(browser, LONG_TEAM).await?;
        let asking = format!(
            "bench.asked = performance.now(); void (bench.answering = bench.ask('{LONG_TEAM}'))"
        );
        browser.evaluate::<Value>(&asking).await?;
        let early = self.stretch(browser).await?;
        let late = self.stretch(browser).await?;
        let text: String = browser.evaluate("bench.answering").await?;
        whole(&text)?;
        Ok(Growth {
            early: early.all / self.early,
            late: late.all / self.late,
            busy: late.busy(),
            longest: longest(browser).await?,
        })
    }

    /// The work between the next two stops.
    async fn stretch(&self, browser: &Browser) -> Result<TaskTime> {
        self.model.stopped().await?;
        let before = settled(browser).await?;
        self.model.go_on();
        self.model.stopped().await?;
        let after = settled(browser).await?;
        self.model.go_on();
        Ok(after - before)
    }
}

fn answer_figures(pair: &Pair<Answer>, name: &str, is_slowed: bool) -> Vec<Figure> {
    let figure = |what: &str, unit, of: fn(&Answer) -> f64| {
        let (ours, theirs) = pair.middle(of);
        Figure::new(format!("{what}, {name}"), unit, ours)
            .beside(PEER, theirs)
            .how(format!("main thread, median of {RUNS} runs in turn"))
    };
    let (busy, _) = pair.middle(|answer| answer.time.busy());
    let whole = figure("16 KB of markdown", "ms", |answer| answer.time.all);
    let mut figures = vec![
        judged(whole, Budget::ratio(2.5, 2.0), busy),
        figure("its style", "ms", |answer| answer.time.style),
        figure("its layout", "ms", |answer| answer.time.layout),
        figure("busy meanwhile", "%", |answer| answer.time.busy()),
    ];
    if is_slowed {
        figures.push(longest_figure("longest task in 16 KB", pair, |answer| {
            answer.longest
        }));
    }
    figures
}

fn growth_figures(pair: &Pair<Growth>) -> Vec<Figure> {
    let early = pair.middle(|growth| growth.early);
    let late = pair.middle(|growth| growth.late);
    let busy = pair.middle(|growth| growth.busy);
    let how = format!("main thread over 2 KB up to there, median of {RUNS} runs in turn");
    let figure = |what: &str, unit, value: f64, peer, beside: f64| {
        Figure::new(what, unit, value)
            .beside(peer, beside)
            .how(how.clone())
    };
    let grown = figure(
        "a piece at 40 KB over one at 4 KB",
        "ms",
        late.0,
        "at 4 KB",
        early.0,
    );
    vec![
        judged(grown, Budget::goal_ratio(1.3), busy.0),
        figure("a piece at 4 KB", "ms", early.0, PEER, early.1),
        figure("a piece at 40 KB", "ms", late.0, PEER, late.1),
        figure("busy at 40 KB", "%", busy.0, PEER, busy.1),
        longest_figure("longest task in 40 KB", pair, |growth| growth.longest),
    ]
}

/// A main thread without time left draws less often instead of working longer.
fn judged(figure: Figure, budget: Budget, busy: f64) -> Figure {
    let figure = figure.within(budget);
    if busy < TOO_BUSY {
        return figure;
    }
    figure
        .a_lower_bound()
        .how("a lower bound: the main thread had no time left")
}

fn longest_figure<T>(what: &str, pair: &Pair<T>, longest: fn(&T) -> f64) -> Figure {
    let (ours, theirs) = pair.middle(longest);
    let worst = pair.ours.iter().map(longest).fold(0.0, f64::max);
    Figure::new(what, "ms", ours)
        .beside(PEER, theirs)
        .within(Budget::value(100.0, 50.0))
        .how(format!(
            "median of {RUNS} runs in turn, ours at worst {worst:.0} ms"
        ))
}
