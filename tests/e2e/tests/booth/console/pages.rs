//! Every page of the console on a laptop and a phone, in both languages and themes.

use e2e::{Booth, Browser, Error, LANDSCAPE, LAPTOP, PHONE, Result, Tablet, id};

use crate::desk::{THEME_SWITCH, organiser_console};

const PAGES: [&str; 5] = ["fleet", "teams", "results", "people", "audit"];
/// What stands out of the page to the side.
const OVERFLOW: &str = "
    const width = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth <= width ? '' :
      [...document.querySelectorAll('body *')]
        .filter((each) => each.getBoundingClientRect().right > width + 1)
        .map((each) => `${each.tagName}.${each.className}`).slice(0, 5).join(' ') || 'something'";
const THEME: &str = "return document.documentElement.dataset.theme";

async fn look(console: &Browser, page: &str, name: &str) -> Result<()> {
    console.go(&format!("/console/{page}")).await?;
    console.wait_for("h1").await?;
    let quiet = "return document.querySelector('[aria-busy=true]') === null";
    let soon = std::time::Duration::from_secs(10);
    console
        .wait_until("what the page shows", soon, quiet)
        .await?;
    console.screenshot("console", name).await?;
    let outside = console.script(OVERFLOW).await?;
    if outside != "" {
        return Err(Error::Unexpected(format!("{name} is too wide: {outside}")));
    }
    console.expect_accessible(name).await
}

#[tokio::test]
async fn every_page_fits_and_is_accessible() -> Result<()> {
    let booth = Booth::start().await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    let mut console = organiser_console(&booth, LAPTOP).await?;
    console.wait_for(&id("device-row")).await?;
    for viewport in [LAPTOP, PHONE] {
        console.resize(viewport).await?;
        for language in ["ko", "en"] {
            console.tap(&format!("language-{language}")).await?;
            let theme = console.script(THEME).await?;
            let theme = theme.as_str().unwrap_or_default().to_owned();
            for page in PAGES {
                let name = format!("{page}-{}-{language}-{theme}", viewport.name);
                look(&console, page, &name).await?;
            }
            console.tap_on(THEME_SWITCH).await?;
        }
    }
    console.close().await?;
    tablet.close().await
}

#[tokio::test]
async fn a_person_is_made_and_removed() -> Result<()> {
    let booth = Booth::start().await?;
    let console = organiser_console(&booth, LAPTOP).await?;
    console.go("/console/people").await?;
    console.wait_for(&id("person-row")).await?;
    let before = console.count(&id("person-row")).await?;
    let name = console.wait_for(".side input[type='text']").await?;
    name.send_keys("민지").await?;
    console.tap_words("더하기").await?;
    let secret = console.text("person-secret").await?;
    assert!(!secret.trim().is_empty());
    console.tap_words("적어 두었어요").await?;
    let grown = format!(
        "return document.querySelectorAll('[data-testid=person-row]').length === {}",
        before + 1
    );
    let soon = std::time::Duration::from_secs(5);
    console.wait_until("the new person", soon, &grown).await?;
    console.close().await
}
