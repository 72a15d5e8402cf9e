//! Nothing of a visit is left on the tablet, however it ends, and no way of the browser brings it
//! back.

use std::time::{Duration, Instant};

use e2e::{Booth, LANDSCAPE, Organiser, Result, Script, Tablet, Upstream, id};
use serde_json::{Value, json};

use crate::visit::{SOON, answer, ask, open_chat, open_form, scripted_booth, wait_for_delivery};

/// A text that occurs nowhere but in what a visitor and the model say.
const MARK: &str = "표식말꿩";

/// Where the mark stands in a chat: in the question, the answer and the unsent draft.
const IN_A_CHAT: [&str; 3] = ["물음", "대답", "초안"];

/// What the test itself leaves, in letters that every store takes.
const PLANTED: &str = "plantedmark";

/// Leaves it in one store after the other, and takes it away again.
const PLACES: [(&str, &str); 6] = [
    (
        "document.cookie = 'left=plantedmark'",
        "document.cookie = 'left=; max-age=0'",
    ),
    (
        "history.replaceState({ deep: ['plantedmark'] }, '')",
        "history.replaceState(null, '')",
    ),
    ("window.name = 'plantedmark'", "window.name = ''"),
    ("window.left = 'plantedmark'", "delete window.left"),
    (
        "window.left = { inside: 'plantedmark' }",
        "delete window.left",
    ),
    (
        "const kept = { headers: { 'content-type': 'application/json' } };
         return caches.open('left')
           .then((cache) => cache.put('/left', new Response('\"plantedmark\"', kept)))",
        "return caches.delete('left').then(() => null)",
    ),
];

/// A search that finds nothing proves nothing unless it finds what is there.
async fn expect_every_place_is_searched(tablet: &Tablet) -> Result<()> {
    for (leave, take_away) in PLACES {
        tablet.script(leave).await?;
        let found = tablet.expect_no_trace_of(PLANTED).await;
        assert!(found.is_err(), "not found after {leave}");
        tablet.script(take_away).await?;
        tablet.expect_no_trace_of(PLANTED).await?;
    }
    Ok(())
}

/// The booth whose model says the question back, with the mark in its own words.
pub(super) async fn echoing_booth(more: &[(&str, &str)]) -> Result<(Upstream, Booth)> {
    let upstream = Upstream::start(Script::echo(&format!(" {MARK}대답"))).await?;
    let booth = scripted_booth(&upstream, more).await?;
    Ok((upstream, booth))
}

/// A tablet with a page behind the one on which visits begin.
pub(super) async fn open_with_a_past(booth: &Booth) -> Result<Tablet> {
    let tablet = Tablet::open(booth, LANDSCAPE).await?;
    tablet.go("/any/path").await?;
    tablet.wait_for_screen("attract").await?;
    Ok(tablet)
}

async fn expect_marks(tablet: &Tablet, places: &[&str]) -> Result<()> {
    let traces = tablet.traces().await?;
    for place in places {
        assert!(
            traces.contains(&format!("{MARK}{place}")),
            "the mark must be seen first in {place}"
        );
    }
    Ok(())
}

/// A chat with the mark in the question, in the answer and in the unsent draft.
pub(super) async fn leave_marks(tablet: &Tablet) -> Result<()> {
    open_chat(tablet, "skt").await?;
    ask(tablet, &format!("{MARK}물음")).await?;
    tablet.wait_for(&answer("done")).await?;
    tablet
        .type_into("chat-input", &format!("{MARK}초안"))
        .await?;
    let in_memory = tablet.memory_traces(&format!("{MARK}물음")).await?;
    assert!(
        !in_memory.is_empty(),
        "the mark must be seen first in memory"
    );
    expect_marks(tablet, &IN_A_CHAT).await
}

/// Has the visitor choose otherwise whatever can be chosen.
async fn change_settings(tablet: &Tablet) -> Result<()> {
    tablet.tap("access-menu").await?;
    tablet.tap_on("dialog[open] [data-size='large']").await?;
    tablet.tap_on("dialog[open] [data-theme='light']").await?;
    tablet.tap("access-reach").await?;
    tablet.tap("access-time").await?;
    tablet.tap_on("dialog[open] .btn.quiet").await?;
    tablet.wait_until_gone("dialog").await?;
    tablet.tap("language-en").await?;
    let changed = "const { lang, dataset } = document.documentElement;
        return [lang, dataset.theme, dataset.size, dataset.reach].join() === 'en,light,large,low'";
    tablet.wait_until("changed settings", SOON, changed).await
}

/// The next visitor meets the usual settings, those that cannot be seen from outside too.
async fn expect_usual_settings(tablet: &Tablet) -> Result<()> {
    let usual = "const { lang, dataset } = document.documentElement;
        return [lang, dataset.theme, dataset.size, dataset.reach].join() === 'ko,dark,normal,whole'";
    tablet.wait_until("the usual settings", SOON, usual).await?;
    tablet.tap("access-menu").await?;
    tablet.wait_for("dialog[open]").await?;
    let pressed = tablet
        .attributes("dialog[open] [aria-pressed]", "aria-pressed")
        .await?;
    let usual = [
        "true", "false", "false", "true", "false", "false", "false", "false",
    ];
    assert_eq!(pressed, usual, "sizes, themes, reach, time");
    tablet.tap_on("dialog[open] .btn.quiet").await?;
    tablet.wait_until_gone("dialog").await
}

/// How long the history is, and what the page noted in it.
async fn history(tablet: &Tablet) -> Result<Value> {
    tablet
        .script("return [history.length, history.state]")
        .await
}

async fn expect_clean(tablet: &Tablet) -> Result<()> {
    tablet.wait_for_screen("attract").await?;
    tablet.expect_no_trace_of(MARK).await?;
    expect_forgotten(tablet).await
}

/// What Wasm frees lies in its memory until something else is written there.
async fn expect_forgotten(tablet: &Tablet) -> Result<()> {
    let start = Instant::now();
    loop {
        let found = tablet.memory_traces(MARK).await?;
        if found.is_empty() {
            return Ok(());
        }
        assert!(start.elapsed() < SOON, "still in memory: {found:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The visit is over: nothing of it is here, nor behind anything that leads to a page.
pub(super) async fn expect_nothing_comes_back(tablet: &Tablet) -> Result<()> {
    tablet.wait_for_screen("attract").await?;
    // Until then the visit could still be brought back, with its settings.
    tablet.wait_until_gone(&id("start-over-undo")).await?;
    expect_clean(tablet).await?;
    expect_usual_settings(tablet).await?;
    tablet.back().await?;
    expect_clean(tablet).await?;
    tablet.forward().await?;
    expect_clean(tablet).await?;
    tablet.reload().await?;
    expect_clean(tablet).await?;
    tablet
        .in_second_tab("/", async |tablet| {
            tablet.wait_for_screen("attract").await?;
            tablet.expect_no_trace_of(MARK).await
        })
        .await?;
    tablet.go("/any/path").await?;
    expect_clean(tablet).await
}

/// Reports the answer while the network is down for feedback, so that the report can be seen in
/// the store first.
async fn report_without_network(tablet: &Tablet) -> Result<()> {
    tablet.refuse(&["/api/feedback"]);
    tablet.tap("report-fact-error").await?;
    for name in [
        "fact-error-law",
        "fact-error-consent",
        "fact-error-age-14",
        "fact-error-submit",
    ] {
        tablet.tap(name).await?;
    }
    let saved = format!("{} [role='status']", id("fact-error"));
    tablet.wait_for(&saved).await?;
    tablet.tap("fact-error-cancel").await?;
    tablet.wait_until_gone(&id("fact-error")).await?;
    let kept = tablet.database_traces().await?;
    assert!(
        kept.contains("fact_error") && kept.contains(MARK),
        "the report must be seen first: {kept}"
    );
    tablet.refuse(&[]);
    Ok(())
}

#[tokio::test]
async fn what_was_said_is_gone_after_submit_skip_and_leaving() -> Result<()> {
    let (_upstream, booth) = echoing_booth(&[]).await?;
    let tablet = open_with_a_past(&booth).await?;
    expect_every_place_is_searched(&tablet).await?;
    let before = history(&tablet).await?;

    leave_marks(&tablet).await?;
    report_without_network(&tablet).await?;
    change_settings(&tablet).await?;
    open_form(&tablet).await?;
    tablet.tap("rating-3").await?;
    let comment = format!("{MARK}의견");
    tablet.type_into("feedback-comment", &comment).await?;
    expect_marks(&tablet, &["의견"]).await?;
    tablet.tap("age-14").await?;
    tablet.tap("feedback-submit").await?;
    tablet.wait_for_screen("thanks").await?;
    wait_for_delivery(&tablet, "sent").await?;
    tablet.tap("visit-end").await?;
    assert_eq!(history(&tablet).await?, before);
    expect_nothing_comes_back(&tablet).await?;

    leave_marks(&tablet).await?;
    change_settings(&tablet).await?;
    open_form(&tablet).await?;
    tablet.tap("rating-2").await?;
    tablet.type_into("feedback-comment", &comment).await?;
    tablet.tap("feedback-skip").await?;
    expect_nothing_comes_back(&tablet).await?;

    // In the middle of a visit: a browser may keep a page that is left, and fill in its fields.
    leave_marks(&tablet).await?;
    tablet.back().await?;
    expect_clean(&tablet).await?;
    tablet.forward().await?;
    expect_clean(&tablet).await?;
    leave_marks(&tablet).await?;
    tablet.reload().await?;
    expect_nothing_comes_back(&tablet).await?;
    tablet.close().await?;

    let organiser = Organiser::sign_in(&booth).await?;
    let reports = organiser.wait_for("fact_error", 1, SOON).await?;
    assert!(reports[0].to_string().contains(MARK), "{reports:?}");
    Ok(())
}

#[tokio::test]
async fn what_was_said_is_gone_after_start_over_reset_and_crash() -> Result<()> {
    let (_upstream, booth) = echoing_booth(&[]).await?;
    let organiser = Organiser::sign_in(&booth).await?;
    let tablet = open_with_a_past(&booth).await?;

    leave_marks(&tablet).await?;
    tablet.tap("start-over").await?;
    let hidden = format!("return !document.body.innerText.includes('{MARK}')");
    let at_once = Duration::from_secs(1);
    tablet.wait_until("a hidden chat", at_once, &hidden).await?;
    tablet.tap("start-over-undo").await?;
    tablet.wait_for_screen("chat").await?;
    expect_marks(&tablet, &IN_A_CHAT).await?;
    change_settings(&tablet).await?;
    tablet.tap("start-over").await?;
    expect_nothing_comes_back(&tablet).await?;

    leave_marks(&tablet).await?;
    change_settings(&tablet).await?;
    let reset = json!({ "kind": "reset" });
    organiser
        .post_json("/api/devices/all/commands", &reset)
        .await?;
    expect_nothing_comes_back(&tablet).await?;

    leave_marks(&tablet).await?;
    change_settings(&tablet).await?;
    tablet.forgive("broken on purpose").await?;
    let break_down = "const error = new Error('broken on purpose');
        window.dispatchEvent(new ErrorEvent('error', { error, message: error.message }))";
    tablet.script(break_down).await?;
    tablet.wait_for("#recovery").await?;
    tablet.expect_no_trace_of(MARK).await?;
    expect_nothing_comes_back(&tablet).await?;
    tablet.close().await
}
