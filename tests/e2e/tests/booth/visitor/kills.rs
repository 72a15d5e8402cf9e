//! The browser is killed again and again around a rating: what was told saved is the organiser's, once.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use e2e::{Booth, Error, Organiser, Result, SERVER_AWAY, Tablet, receipt_of};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::cold_start::open_kept;
use crate::visit::{SOON, ask_starter, open_form};

/// How often the browser is killed; a long run sets `E2E_KILLS`.
const KILLS: u64 = 5;
/// Retries wait longer and longer.
const DRAIN_LIMIT: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(1);
/// From the order to the tap itself, so that a kill can come before it.
const TAP_AFTER_MS: u64 = 30;

/// The button is tapped by the page: a driver would come back from a tap at a time of its own.
const TAP: &str = "
    const button = document.querySelector('[data-testid=feedback-submit]');
    setTimeout(() => button.click(), arguments[0]);
    return button !== null";
/// The receipt, which stands on the screen that says that all is saved.
const TOLD: &str = "
    const screen = document.querySelector('[data-testid=screen][data-screen=thanks]');
    return screen?.querySelector('[data-testid=receipt]')?.textContent.trim() ?? ''";
const IS_EMPTY: &str = "return /(^|\\D)0(\\D|$)/.test(
    document.querySelector('[data-testid=outbox-pending]')?.textContent ?? '')";
const LAST_NUMBER: &str = "return Number(localStorage.getItem('booth-kiosk.last_seq'))";

/// When the browser is killed, in milliseconds after something.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// After the order to tap: before, during or after the save.
    Tapped(u64),
    /// After the screen that says that all is saved.
    Told(u64),
    /// After a request that sends the queue.
    Sending(u64),
}

#[derive(Debug, Clone, Copy)]
struct Round {
    moment: Moment,
    /// The server is killed before the tap, and back after the browser.
    is_server_away: bool,
    rating: u64,
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    /// Every kind of moment in turn, each at a time of its own.
    fn round(&mut self, number: u64) -> Round {
        let moment = match number % 3 {
            0 => Moment::Tapped(self.below(TAP_AFTER_MS + 90)),
            1 => Moment::Told(self.below(30)),
            _ => Moment::Sending(self.below(30)),
        };
        // Nothing can be sent to a server that is away; one in five is away whatever falls.
        let may_be_away = !matches!(moment, Moment::Sending(_));
        let falls_away = self.below(2) == 0 || number % 5 == 1;
        Round {
            moment,
            is_server_away: may_be_away && falls_away,
            rating: 1 + self.below(5),
        }
    }
}

/// A number that a variable gives.
fn given(variable: &str) -> Result<Option<u64>> {
    let Ok(text) = env::var(variable) else {
        return Ok(None);
    };
    let number = text.parse();
    number
        .map(Some)
        .map_err(|_| Error::Unexpected(format!("{variable} is {text}, not a number")))
}

/// Another one at every run.
fn seed() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| u64::from(now.subsec_nanos()))
}

/// Waits for the receipt that says that all is saved.
async fn told(tablet: &Tablet) -> Result<String> {
    loop {
        let told = tablet.script(TOLD).await?;
        match told.as_str() {
            Some(receipt) if !receipt.is_empty() => return Ok(receipt.to_owned()),
            _ => sleep(POLL).await,
        }
    }
}

/// How often the queue was sent.
fn sendings(tablet: &Tablet) -> usize {
    let asked = tablet.asked();
    let sent = asked.iter().filter(|asked| {
        asked.method == "POST" && asked.target.split('?').next() == Some("/api/feedback")
    });
    sent.count()
}

/// Waits for another sending.
async fn sent_again(tablet: &Tablet, before: usize) {
    while sendings(tablet) <= before {
        sleep(POLL).await;
    }
}

/// Rates, until it is the moment; answers the receipt if it was told by then.
async fn rate_until(tablet: &Tablet, round: Round) -> Result<Option<String>> {
    tablet.tap(&format!("rating-{}", round.rating)).await?;
    let after = Instant::now();
    let tapped = tablet.script_with(TAP, vec![json!(TAP_AFTER_MS)]).await?;
    assert_eq!(tapped, true);
    if let Moment::Tapped(ms) = round.moment {
        let moment = after + Duration::from_millis(ms);
        let seen = timeout_at(moment, told(tablet)).await;
        return seen.map_or(Ok(None), |receipt| receipt.map(Some));
    }
    let receipt = soon("the receipt", told(tablet)).await??;
    let ms = match round.moment {
        Moment::Tapped(ms) | Moment::Told(ms) => ms,
        Moment::Sending(ms) => {
            let before = sendings(tablet);
            tablet.refuse(&[]);
            soon("a sending", sent_again(tablet, before)).await?;
            ms
        }
    };
    sleep(Duration::from_millis(ms)).await;
    Ok(Some(receipt))
}

/// What comes within a while.
async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> Result<T> {
    let came = timeout(SOON, coming).await;
    came.map_err(|_| Error::Timeout {
        what: what.to_owned(),
        instead: "nothing".to_owned(),
    })
}

/// One visit up to the kill, and the tablet that came back.
async fn lose(booth: &mut Booth, tablet: Tablet, round: Round) -> Result<(Tablet, Option<String>)> {
    ask_starter(&tablet, "skt").await?;
    open_form(&tablet).await?;
    if matches!(round.moment, Moment::Sending(_)) {
        tablet.refuse(&["/api/feedback"]);
    }
    if round.is_server_away {
        booth.kill()?;
    }
    let receipt = rate_until(&tablet, round).await?;
    let tablet = tablet.kill_and_reopen().await?;
    // A browser that is killed may lose the app that it had just kept; then the page waits for the server.
    if round.is_server_away {
        booth.restart().await?;
    }
    tablet.wait_for_screen("attract").await?;
    Ok((tablet, receipt))
}

/// How many entries differ in these fields.
fn distinct(entries: &[Value], names: [&str; 2]) -> usize {
    let fields = |entry: &Value| names.map(|name| entry[name].to_string());
    entries.iter().map(fields).collect::<BTreeSet<_>>().len()
}

/// Every entry is there once, under a number of its own, and no number is missing.
fn expect_whole(entries: &[Value], last_number: &Value, reconciled: &Value) {
    let by_id = distinct(entries, ["id"; 2]);
    // A visit makes no two entries of a kind here, so that one under two ids is seen as well.
    let by_visit = distinct(entries, ["visit_id", "kind"]);
    let all = entries.len();
    assert_eq!([by_id, by_visit], [all; 2], "doubled: {entries:?}");
    let mut numbers: Vec<_> = entries.iter().map(|entry| entry["seq"].as_u64()).collect();
    numbers.sort_unstable();
    let without_gaps: Vec<_> = (1..).take(all).map(Some).collect();
    assert_eq!(numbers, without_gaps, "{entries:?}");
    assert_eq!(*last_number, json!(all), "{entries:?}");
    let devices = reconciled["devices"].as_array();
    assert_eq!(devices.map(Vec::len), Some(1), "{reconciled}");
    let device = &reconciled["devices"][0];
    assert_eq!(device["missing"], json!([]), "{reconciled}");
    assert_eq!(device["conflicts"], json!([]), "{reconciled}");
    assert_eq!(device["stored"], json!(all), "{reconciled}");
}

#[tokio::test]
async fn what_was_told_saved_survives_a_killed_browser() -> Result<()> {
    let kills = given("E2E_KILLS")?.unwrap_or(KILLS);
    let seed = given("E2E_SEED")?.unwrap_or_else(seed);
    println!("{kills} kills; the same again: E2E_SEED={seed}");
    let mut random = Random(seed);
    let mut booth = Booth::start().await?;
    let code = booth.secrets()?.panel_code;
    let mut tablet = open_kept(&booth).await?;
    tablet.forgive(SERVER_AWAY).await?;
    let mut promised = BTreeMap::new();
    for number in 0..kills {
        let round = random.round(number);
        let (back, receipt) = lose(&mut booth, tablet, round).await?;
        tablet = back;
        println!("{number}: {round:?}, told: {receipt:?}");
        if let Some(receipt) = receipt {
            promised.insert(receipt, round.rating);
        }
    }

    tablet.open_panel(&code).await?;
    tablet
        .wait_until("an empty queue", DRAIN_LIMIT, IS_EMPTY)
        .await?;
    let last_number = tablet.script(LAST_NUMBER).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let reconciled = organiser.get_json("/api/feedback/reconciliation").await?;
    let entries = organiser.export().await?;
    expect_whole(&entries, &last_number, &reconciled);
    let kept: BTreeMap<String, Option<u64>> = entries
        .iter()
        .filter(|entry| entry["kind"] == "visit")
        .map(|entry| {
            let visit = entry["visit_id"].as_str().unwrap_or_default();
            (receipt_of(visit), entry["rating"].as_u64())
        })
        .collect();
    println!("told {}, kept {}", promised.len(), kept.len());
    for (receipt, rating) in promised {
        let told = kept.get(&receipt).copied().flatten();
        assert_eq!(told, Some(rating), "{receipt} in {kept:?}");
    }
    tablet.close().await
}
