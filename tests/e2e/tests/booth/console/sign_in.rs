//! Who may come in, and what each role sees.

use e2e::{Booth, LAPTOP, Result, id};

use crate::desk::{THEME_SWITCH, open_console, organiser_console, sign_in, staff_console};

#[tokio::test]
async fn a_wrong_secret_is_refused_and_a_right_one_opens_the_fleet() -> Result<()> {
    let booth = Booth::start().await?;
    let console = open_console(&booth, LAPTOP).await?;
    console.forgive("was answered 401").await?;
    console
        .tap_on(&format!("{} [data-role='organiser']", id("sign-in-role")))
        .await?;
    console
        .type_into("sign-in-secret", "not the secret")
        .await?;
    console.tap("sign-in").await?;
    console.wait_for("[role='alert'] .note").await?;
    sign_in(&console, "organiser", &booth.secrets()?.organiser_password).await?;
    console.forgive_no_more().await?;
    for path in ["/console/results", "/console/people", "/console/audit"] {
        console.go(path).await?;
        console.wait_for("h1").await?;
        assert_eq!(console.count(&id("sign-in")).await?, 0, "{path}");
    }
    console.tap("sign-out").await?;
    console.wait_for(&id("sign-in")).await?;
    console.close().await
}

#[tokio::test]
async fn staff_never_see_what_is_the_organisers() -> Result<()> {
    let booth = Booth::start().await?;
    let console = staff_console(&booth, LAPTOP).await?;
    let pages = console.attributes("nav a", "href").await?;
    for hidden in ["results", "people", "audit"] {
        let is_linked = pages.iter().any(|page| page.contains(hidden));
        assert!(!is_linked, "{hidden} is linked: {pages:?}");
        console.go(&format!("/console/{hidden}")).await?;
        console.wait_for(".empty").await?;
    }
    // And the server refuses it, whatever the console shows.
    console.forgive("was answered 403").await?;
    for path in [
        "/api/feedback",
        "/api/people",
        "/api/audit",
        "/api/feedback/summary",
    ] {
        let asked = format!("return fetch('{path}').then((answer) => answer.status)");
        assert_eq!(console.script(&asked).await?, 403, "{path}");
    }
    console.close().await
}

#[tokio::test]
async fn language_and_theme_stay_chosen() -> Result<()> {
    let booth = Booth::start().await?;
    let console = organiser_console(&booth, LAPTOP).await?;
    console.tap("language-en").await?;
    let english = "return document.documentElement.lang === 'en'";
    let soon = std::time::Duration::from_secs(5);
    console.wait_until("an English page", soon, english).await?;
    console.reload().await?;
    console.wait_until("an English page", soon, english).await?;
    let theme = "return document.documentElement.dataset.theme";
    let before = console.script(theme).await?;
    console.tap_on(THEME_SWITCH).await?;
    let after = console.script(theme).await?;
    assert_ne!(before, after);
    console.reload().await?;
    console.wait_for("nav").await?;
    assert_eq!(console.script(theme).await?, after);
    console.close().await
}
