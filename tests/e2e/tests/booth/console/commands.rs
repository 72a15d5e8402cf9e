//! What is tapped in the console happens on the tablet.

use std::time::{Duration, Instant};

use e2e::{Booth, Browser, Engine, Error, LANDSCAPE, LAPTOP, Organiser, Result, Tablet, id};
use serde_json::json;

use crate::desk::{arm_reset, only_row, staff_console};
use crate::visit::{ask_starter, open_team};

const AT_ONCE: Duration = Duration::from_secs(1);
const STEP: Duration = Duration::from_millis(10);

/// How long until the tablet shows a screen.
async fn until_screen(tablet: &Tablet, screen: &str, since: Instant) -> Result<Duration> {
    let script = format!(
        "return document.querySelector('[data-testid=screen]')?.dataset.screen === '{screen}'"
    );
    while since.elapsed() < Duration::from_secs(15) {
        if tablet.script(&script).await? == true {
            return Ok(since.elapsed());
        }
        tokio::time::sleep(STEP).await;
    }
    Err(Error::Unexpected(format!("{screen} never came")))
}

async fn say(console: &Browser, words: &str) -> Result<()> {
    console.tap_words(words).await
}

#[tokio::test]
async fn a_reset_is_on_the_tablet_within_a_second() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    ask_starter(&tablet, "skt").await?;
    let console = staff_console(&booth, LAPTOP).await?;
    only_row(&console).await?;
    arm_reset(&console).await?;
    let tapped = Instant::now();
    console.tap("command-reset").await?;
    let took = until_screen(&tablet, "attract", tapped).await?;
    println!("reset on the tablet after {} ms", took.as_millis());
    // The other drivers need a good part of that second for the tap itself.
    let limit = if tablet.engine() == Engine::Chromium {
        AT_ONCE
    } else {
        3 * AT_ONCE
    };
    assert!(took < limit, "{took:?}");
    console.close().await?;
    tablet.close().await
}

#[tokio::test]
async fn a_tablet_is_locked_and_unlocked() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_team(&tablet, "upstage").await?;
    let console = staff_console(&booth, LAPTOP).await?;
    let device = only_row(&console).await?;
    console
        .tap_on(&format!("[data-device='{device}'] th button"))
        .await?;
    say(&console, "잠그기").await?;
    console.tap_on("[role='alertdialog'] .danger").await?;
    tablet.wait_for_screen("locked").await?;
    say(&console, "잠금 풀기").await?;
    tablet.wait_for_screen("attract").await?;
    console.close().await?;
    tablet.close().await
}

#[tokio::test]
async fn all_are_unlocked_though_only_one_is_locked() -> Result<()> {
    let booth = Booth::start().await?;
    let locked = Tablet::open(&booth, LANDSCAPE).await?;
    let console = staff_console(&booth, LAPTOP).await?;
    let device = only_row(&console).await?;
    let other = Tablet::open(&booth, LANDSCAPE).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    organiser
        .post_json(
            &format!("/api/devices/{device}/commands"),
            &json!({ "kind": "lock" }),
        )
        .await?;
    locked.wait_for_screen("locked").await?;
    console
        .wait_for(&format!("[data-device='{device}'][data-state='locked']"))
        .await?;
    say(&console, "모두 잠금 풀기").await?;
    locked.wait_for_screen("attract").await?;
    console.close().await?;
    other.close().await?;
    locked.close().await
}

/// A held Enter clicks again and again without a pause, as this does.
#[tokio::test]
async fn a_held_key_does_not_end_a_visit() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let console = staff_console(&booth, LAPTOP).await?;
    only_row(&console).await?;
    let held = "const button = document.querySelector('[data-testid=command-reset]');
        for (let click = 0; click < 2; click += 1) button.click();
        return true";
    assert_eq!(console.script(held).await?, true);
    let armed = format!("{}[data-state='armed']", id("command-reset"));
    console.wait_for(&armed).await?;
    console.close().await?;
    tablet.close().await
}

#[tokio::test]
async fn a_call_for_staff_is_seen_and_answered() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let console = staff_console(&booth, LAPTOP).await?;
    let device = only_row(&console).await?;
    // Whoever is in a hurry taps twice; that must not take the call back.
    tablet.tap_times("call-staff", 2).await?;
    let calling = format!("[data-device='{device}'][data-state='calling']");
    console.wait_for(&calling).await?;
    let called = "return document.querySelector('[data-testid=call-staff]')\
        .getAttribute('aria-pressed') === 'true'";
    assert_eq!(tablet.script(called).await?, true);
    say(&console, "가고 있어요").await?;
    let over = called.replace("=== 'true'", "!== 'true'");
    tablet
        .wait_until("an answered call", Duration::from_secs(5), &over)
        .await?;
    console.wait_until_gone(&calling).await?;
    console.close().await?;
    tablet.close().await
}

#[tokio::test]
async fn visitors_read_why_a_team_is_closed() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let console = staff_console(&booth, LAPTOP).await?;
    console.go("/console/teams").await?;
    let row = "[data-testid='team-row'][data-team='nc-ai']";
    console.tap_on(&format!("{row} .act button")).await?;
    say(&console, "잠시 쉬고 있어요").await?;
    say(&console, "이 팀 닫기").await?;
    console
        .wait_for(&format!("{row}[data-state='closed']"))
        .await?;
    tablet.tap("start").await?;
    let read = "return document.querySelector(\
        '[data-screen=teams] [data-testid=team-card][data-team=nc-ai]')\
        ?.textContent.includes('잠시 쉬고 있어요') ?? false";
    // The next heartbeat brings it.
    tablet
        .wait_until("the reason", Duration::from_secs(20), read)
        .await?;
    console.close().await?;
    tablet.close().await
}
