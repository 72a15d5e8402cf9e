//! Steps that several tests take.

use e2e::{Result, Tablet, id};
use std::time::Duration;

/// Long enough for a screen to settle or an entry to arrive on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// The last answer in a state: `answer("done")`.
pub(crate) fn answer(state: &str) -> String {
    format!(
        "{}[data-role='assistant'][data-state='{state}']",
        id("message")
    )
}

/// From the attract screen to a team's page.
pub(crate) async fn open_team(tablet: &Tablet, team: &str) -> Result<()> {
    tablet
        .tap_on(&format!("{}[data-team='{team}']", id("team-card")))
        .await?;
    tablet.wait_for_screen("team").await
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
