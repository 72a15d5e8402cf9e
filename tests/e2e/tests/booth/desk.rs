//! Steps that several tests take at the console.

use e2e::{Booth, Browser, Error, Result, Viewport, id};

/// Dark and light.
pub(crate) const THEME_SWITCH: &str = "header button.square";

/// Opens the console's page for signing in.
pub(crate) async fn open_console(booth: &Booth, viewport: Viewport) -> Result<Browser> {
    let console = Browser::open(&format!("{}/console", booth.url()), viewport).await?;
    // Who is not signed in is told so by a 401.
    console.wait_for(&id("sign-in")).await?;
    console
        .expect_errors("GET /api/session was answered 401")
        .await?;
    Ok(console)
}

/// Fills in the form: `role` is `staff`, `organiser` or `team`.
pub(crate) async fn sign_in(console: &Browser, role: &str, secret: &str) -> Result<()> {
    console
        .tap_on(&format!("{} [data-role='{role}']", id("sign-in-role")))
        .await?;
    console.type_into("sign-in-secret", secret).await?;
    console.tap("sign-in").await?;
    console.wait_until_gone(&id("sign-in")).await
}

/// The console of a lead of the staff.
pub(crate) async fn staff_console(booth: &Booth, viewport: Viewport) -> Result<Browser> {
    let console = open_console(booth, viewport).await?;
    sign_in(&console, "staff", &booth.secrets()?.staff_pin).await?;
    Ok(console)
}

/// The console of an organiser.
pub(crate) async fn organiser_console(booth: &Booth, viewport: Viewport) -> Result<Browser> {
    let console = open_console(booth, viewport).await?;
    sign_in(&console, "organiser", &booth.secrets()?.organiser_password).await?;
    Ok(console)
}

/// The id of the only tablet in the fleet.
pub(crate) async fn only_row(console: &Browser) -> Result<String> {
    console.wait_for(&id("device-row")).await?;
    let devices = console.attributes(&id("device-row"), "data-device").await?;
    match devices.as_slice() {
        [device] => Ok(device.clone()),
        other => Err(Error::Unexpected(format!("one tablet, not {other:?}"))),
    }
}

/// Resets the tablet of a row: a tap arms the button, the next one sends.
pub(crate) async fn arm_reset(console: &Browser) -> Result<()> {
    console.tap("command-reset").await?;
    let armed = format!("{}[data-state='armed']", id("command-reset"));
    console.wait_for(&armed).await?;
    // Two taps at once would be a double tap, which sends nothing.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    Ok(())
}
