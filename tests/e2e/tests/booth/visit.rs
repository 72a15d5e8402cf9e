//! Steps that several tests take.

use e2e::{Booth, Result, Tablet, Upstream, Viewport, id};
use serde_json::json;
use std::time::Duration;

/// Long enough for a screen to settle or an entry to arrive on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// The last answer, in the page's own language.
const LAST_ANSWER: &str =
    "[...document.querySelectorAll('[data-testid=message][data-role=assistant]')].at(-1)";
/// What it says, markup left out.
const TEXT: &str = "querySelector('[data-testid=message-text]')?.textContent ?? ''";

/// The last answer in a state: `answer("done")`.
pub(crate) fn answer(state: &str) -> String {
    format!(
        "{}[data-role='assistant'][data-state='{state}']",
        id("message")
    )
}

/// A booth whose team `skt` has a model, with further variables.
pub(crate) async fn scripted_booth(upstream: &Upstream, more: &[(&str, &str)]) -> Result<Booth> {
    let base_url = upstream.base_url();
    let mut environment = vec![
        ("BOOTH_TEAMS__SKT__DIALECT", "openai"),
        ("BOOTH_TEAMS__SKT__BASE_URL", base_url.as_str()),
        ("BOOTH_TEAMS__SKT__MODEL", "scripted-model"),
        ("BOOTH_UPSTREAM__ALLOW_PRIVATE", "true"),
    ];
    environment.extend_from_slice(more);
    Booth::start_with(&environment).await
}

/// A tablet that has kept nothing of the visitor's app yet, and stands elsewhere on its server.
pub(crate) async fn open_before_the_app(booth: &Booth, viewport: Viewport) -> Result<Tablet> {
    let tablet = Tablet::browse(&format!("{}/console", booth.url()), viewport).await?;
    tablet.wait_for(&id("sign-in")).await?;
    tablet.expect_errors("was answered 401").await?;
    Ok(tablet)
}

/// Chooses a `theme`, `size` or `reach` as a visitor does, without the sheet.
pub(crate) async fn set_look(tablet: &Tablet, kind: &str, value: &str) -> Result<()> {
    let choose = "document.documentElement.dataset[arguments[0]] = arguments[1]";
    let chosen = vec![json!(kind), json!(value)];
    tablet.script_with(choose, chosen).await.map(drop)
}

/// From the attract screen to a team's page.
pub(crate) async fn open_team(tablet: &Tablet, team: &str) -> Result<()> {
    tablet
        .tap_on(&format!("{}[data-team='{team}']", id("team-card")))
        .await?;
    tablet.wait_for_screen("team").await
}

/// From the attract screen to the empty chat of a team's first demo.
pub(crate) async fn open_chat(tablet: &Tablet, team: &str) -> Result<()> {
    open_team(tablet, team).await?;
    tablet.tap("chat-open").await?;
    tablet.wait_for_screen("chat").await
}

/// From the attract screen to the first answer of a team, asked by its first starter prompt.
pub(crate) async fn ask_starter(tablet: &Tablet, team: &str) -> Result<()> {
    open_team(tablet, team).await?;
    tablet.tap("prompt-chip").await?;
    tablet.wait_for_screen("chat").await?;
    tablet.wait_for(&answer("done")).await?;
    Ok(())
}

/// Sends a text on the chat screen.
pub(crate) async fn ask(tablet: &Tablet, text: &str) -> Result<()> {
    tablet.type_into("chat-input", text).await?;
    tablet.tap("chat-send").await
}

/// The last answer's text, markup left out.
pub(crate) async fn answer_text(tablet: &Tablet) -> Result<String> {
    let script = format!("return {LAST_ANSWER}?.{TEXT}");
    let text = tablet.script(&script).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Waits until the last answer, with all that is said about it, matches a regular expression.
pub(crate) async fn wait_for_words(tablet: &Tablet, pattern: &str) -> Result<()> {
    let pattern = json!(pattern);
    let said = format!("return new RegExp({pattern}).test({LAST_ANSWER}?.innerText ?? '')");
    let what = format!("an answer like {pattern}");
    tablet.wait_until(&what, SOON, &said).await
}

/// Waits until the last answer has so many letters more than now.
pub(crate) async fn wait_for_growth(tablet: &Tablet, letters: usize) -> Result<()> {
    let wanted = answer_text(tablet).await?.chars().count() + letters;
    let grown = format!("return [...({LAST_ANSWER}?.{TEXT})].length >= {wanted}");
    tablet.wait_until("a longer answer", SOON, &grown).await
}

/// Waits until so many questions stand in the chat and the last one is answered.
pub(crate) async fn wait_for_turns(tablet: &Tablet, count: usize) -> Result<()> {
    let answered = format!(
        "return document.querySelectorAll('[data-testid=message][data-role=assistant]').length \
         === {count} && {LAST_ANSWER}.dataset.state === 'done'"
    );
    let what = format!("{count} answered questions");
    tablet.wait_until(&what, SOON, &answered).await
}

/// From the chat to the form.
pub(crate) async fn open_form(tablet: &Tablet) -> Result<()> {
    tablet.tap("visit-end").await?;
    tablet.wait_for_screen("feedback").await
}

/// Fills in a rating and submits.
pub(crate) async fn submit_rating(tablet: &Tablet, rating: u8) -> Result<()> {
    tablet.tap(&format!("rating-{rating}")).await?;
    tablet.tap("feedback-submit").await?;
    tablet.wait_for_screen("thanks").await
}

/// Waits for the thanks screen to say that the entry is `saved` or `sent`.
pub(crate) async fn wait_for_delivery(tablet: &Tablet, state: &str) -> Result<()> {
    tablet
        .wait_for(&format!("{}[data-state='{state}']", id("delivery")))
        .await?;
    Ok(())
}
