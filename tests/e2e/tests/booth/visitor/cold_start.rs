//! A tablet that starts without a server, and what is new on one that has it.

use std::time::Duration;

use e2e::{Booth, LANDSCAPE, Organiser, Result, SERVER_AWAY, Tablet, id};

use crate::visit::{SOON, answer, ask, open_form, open_team, submit_rating, wait_for_delivery};

/// Putting the app away begins a few seconds after the first screen.
const KEPT_LIMIT: Duration = Duration::from_mins(1);
/// Retries wait longer and longer, so the first one with a server may be a while away.
const DRAIN_LIMIT: Duration = Duration::from_secs(90);
/// Several times as often as the app looks whether something new may take over.
const LOOKED: Duration = Duration::from_secs(7);

/// The app of the page is on the tablet, and answers its requests.
const IS_KEPT: &str = "return navigator.serviceWorker?.controller?.state === 'activated'";
const LOOK_FOR_BUILD: &str = "return navigator.serviceWorker.getRegistration().then((found) => found.update().then(() => true))";
const IS_BUILD_WAITING: &str =
    "return navigator.serviceWorker.getRegistration().then((found) => found.waiting !== null)";
const MARK_PAGE: &str = "window.isSamePage = true";
const IS_SAME_PAGE: &str = "return window.isSamePage === true";
const IS_OTHER_PAGE: &str = "return window.isSamePage === undefined";

/// A tablet that would start without a network from now on.
pub(crate) async fn open_kept(booth: &Booth) -> Result<Tablet> {
    let tablet = Tablet::open(booth, LANDSCAPE).await?;
    tablet
        .wait_until("the app kept on the tablet", KEPT_LIMIT, IS_KEPT)
        .await?;
    Ok(tablet)
}

#[tokio::test]
async fn a_tablet_that_starts_without_a_server_takes_a_whole_visit() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_kept(&booth).await?;
    tablet.script(MARK_PAGE).await?;
    tablet.pull_network();
    tablet.go("/").await?;
    tablet.wait_for_screen("attract").await?;
    assert_eq!(tablet.script(IS_OTHER_PAGE).await?, true);
    tablet.wait_for(&id("offline-badge")).await?;

    open_team(&tablet, "upstage").await?;
    tablet.tap("chat-open").await?;
    ask(&tablet, "모델 이름이 뭐예요?").await?;
    tablet.wait_for(&answer("done")).await?;
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["guide"]);
    let said = tablet
        .wait_for(&format!("{} {}", answer("done"), id("message-text")))
        .await?;
    assert!(said.text().await?.contains("Solar Open 100B"));
    tablet.wait_for(&id("offline-badge")).await?;
    tablet
        .screenshot("screens", "cold-start-landscape-ko")
        .await?;

    open_form(&tablet).await?;
    submit_rating(&tablet, 4).await?;
    wait_for_delivery(&tablet, "saved").await?;
    tablet.plug_network();
    let organiser = Organiser::sign_in(&booth).await?;
    let visits = organiser.wait_for("visit", 1, DRAIN_LIMIT).await?;
    organiser.wait_for("outcome", 1, DRAIN_LIMIT).await?;
    assert_eq!(visits[0]["rating"], 4);
    assert_eq!(visits[0]["served"]["guide"], 1);
    assert_eq!(visits[0]["served"]["model"], 0);
    tablet.wait_until_gone(&id("offline-badge")).await?;

    // Whatever would send it twice has had its time.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(organiser.export().await?.len(), 2);
    tablet.close().await
}

#[tokio::test]
async fn a_question_is_answered_when_the_server_dies_before_it() -> Result<()> {
    let mut booth = Booth::start().await?;
    let tablet = open_kept(&booth).await?;
    open_team(&tablet, "skt").await?;
    tablet.tap("chat-open").await?;
    tablet.forgive(SERVER_AWAY).await?;
    booth.kill()?;
    ask(&tablet, "어떤 모델이에요?").await?;
    tablet.wait_for(&answer("done")).await?;
    let served = tablet.attributes(&answer("done"), "data-served-by").await?;
    assert_eq!(served, ["guide"]);
    tablet.close().await
}

/// A server that takes a question and then says nothing at all.
#[tokio::test]
async fn an_answer_that_never_begins_is_given_by_the_guide() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_kept(&booth).await?;
    open_team(&tablet, "lg-ai-research").await?;
    tablet.tap("chat-open").await?;
    tablet.hang(&["/v1/chat/completions"]);
    ask(&tablet, "어떤 모델이에요?").await?;
    let answered = format!(
        "return document.querySelector(\"{}\")?.dataset.servedBy === 'guide'",
        answer("done")
    );
    tablet
        .wait_until("an answer of the guide", KEPT_LIMIT, &answered)
        .await?;
    tablet.close().await
}

#[tokio::test]
async fn a_new_build_takes_over_between_visitors() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_kept(&booth).await?;
    open_team(&tablet, "nc-ai").await?;
    tablet.script(MARK_PAGE).await?;
    tablet.append("/sw.js", "\n// another build\n");
    tablet.script(LOOK_FOR_BUILD).await?;
    tablet
        .wait_until("a build that waits", KEPT_LIMIT, IS_BUILD_WAITING)
        .await?;

    // It waits for the whole visit.
    tokio::time::sleep(LOOKED).await;
    assert_eq!(tablet.script(IS_SAME_PAGE).await?, true);
    assert_eq!(tablet.script(IS_BUILD_WAITING).await?, true);
    assert_eq!(tablet.screen().await?, "team");

    tablet.tap("start-over").await?;
    tablet.wait_until("a reload", SOON, IS_OTHER_PAGE).await?;
    tablet.wait_for_screen("attract").await?;
    assert_eq!(tablet.script(IS_BUILD_WAITING).await?, false);
    tablet.close().await
}

#[tokio::test]
async fn a_new_build_waits_for_staff() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = open_kept(&booth).await?;
    tablet.open_panel(&booth.secrets()?.panel_code).await?;
    tablet.script(MARK_PAGE).await?;
    tablet.append("/sw.js", "\n// another build\n");
    tablet.script(LOOK_FOR_BUILD).await?;
    tablet
        .wait_until("a build that waits", KEPT_LIMIT, IS_BUILD_WAITING)
        .await?;
    tokio::time::sleep(LOOKED).await;
    assert_eq!(tablet.script(IS_SAME_PAGE).await?, true);
    tablet.tap("reset-session").await?;
    tablet.wait_until("a reload", SOON, IS_OTHER_PAGE).await?;
    tablet.close().await
}

/// Who is told to be responsible in the event that the tablet keeps.
fn keeps(controller: &str) -> String {
    format!("return localStorage.getItem('booth-kiosk.event').includes('{controller}')")
}

/// The whole notice of the form that is open.
async fn notice(tablet: &Tablet) -> Result<String> {
    tablet.tap("privacy-notice").await?;
    let text = tablet.wait_for("dialog .notice-text").await?.text().await?;
    tablet.tap_on("dialog .btn.quiet").await?;
    tablet.wait_until_gone("dialog").await?;
    Ok(text)
}

#[tokio::test]
async fn a_changed_event_is_shown_to_the_next_visitor() -> Result<()> {
    const NAME: &str = "BOOTH_PRIVACY__CONTROLLER";
    let mut booth = Booth::start_with(&[(NAME, "먼저 운영처")]).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_team(&tablet, "upstage").await?;
    tablet.forgive(SERVER_AWAY).await?;
    booth.kill()?;
    let badge = "return document.querySelector('[data-testid=offline-badge]') !== null";
    tablet
        .wait_until("the tablet notices", KEPT_LIMIT, badge)
        .await?;
    booth.restart_with(NAME, "나중 운영처").await?;
    tablet
        .wait_until("the changed event", KEPT_LIMIT, &keeps("나중 운영처"))
        .await?;

    tokio::time::sleep(LOOKED).await;
    assert_eq!(tablet.screen().await?, "team");
    tablet.tap("prompt-chip").await?;
    tablet.wait_for(&answer("done")).await?;
    open_form(&tablet).await?;
    assert!(notice(&tablet).await?.contains("먼저 운영처"));
    tablet.tap("feedback-skip").await?;
    tablet.wait_for_screen("attract").await?;

    tokio::time::sleep(LOOKED).await;
    open_team(&tablet, "upstage").await?;
    tablet.tap("prompt-chip").await?;
    tablet.wait_for(&answer("done")).await?;
    open_form(&tablet).await?;
    assert!(notice(&tablet).await?.contains("나중 운영처"));
    tablet.close().await
}
