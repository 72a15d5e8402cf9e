//! Taps, typing, and what the page says.

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::wait::PATIENCE;
use super::{Browser, id};
use crate::Result;

/// The first match, in the middle of the page: a driver scrolls no further than the edge, where
/// a fixed bar may lie above it.
pub(super) const IN_THE_MIDDLE: &str = "
    const found = document.querySelector(arguments[0]);
    found?.scrollIntoView({ block: 'center', behavior: 'instant' });
    return found ?? null";
/// The first match that can be seen.
const VISIBLE: &str = "
    return [...document.querySelectorAll(arguments[0])].find((each) =>
      each.getClientRects().length > 0 && each.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      ?? null";
/// The last visible button of these words: one in a dialog comes after the page below it.
const SAYING: &str = "
    const found = [...document.querySelectorAll('button')].filter((each) =>
      each.textContent.trim() === arguments[0] && each.checkVisibility()).at(-1);
    found?.scrollIntoView({ block: 'center', behavior: 'instant' });
    return found ?? null";

impl Browser {
    /// Waits for this screen to be the one in the page.
    pub async fn wait_for_screen(&self, screen: &str) -> Result<()> {
        let selector = format!("{}[data-screen='{screen}']", id("screen"));
        self.wait_for(&selector).await?;
        Ok(())
    }

    /// The screen shown now.
    pub async fn screen(&self) -> Result<String> {
        let root = self.wait_for(&id("screen")).await?;
        Ok(root.attr("data-screen").await?.unwrap_or_default())
    }

    /// Waits for the first visible element of a selector.
    pub async fn wait_for(&self, selector: &str) -> Result<WebElement> {
        self.wait(selector, PATIENCE, || self.found(VISIBLE, selector))
            .await
    }

    /// Taps the element with this test id once it can be tapped.
    pub async fn tap(&self, name: &str) -> Result<()> {
        self.tap_on(&id(name)).await
    }

    /// Taps the first element of a selector once it can be tapped.
    pub async fn tap_on(&self, selector: &str) -> Result<()> {
        let tapped = || async {
            let Some(element) = self.found(IN_THE_MIDDLE, selector).await? else {
                return Ok(None);
            };
            element.click().await?;
            Ok(Some(()))
        };
        self.wait(&format!("a tap on {selector}"), PATIENCE, tapped)
            .await
    }

    /// Taps the button that says exactly these words.
    pub async fn tap_words(&self, words: &str) -> Result<()> {
        let tapped = || async {
            let Some(element) = self.found(SAYING, words).await? else {
                return Ok(None);
            };
            element.click().await?;
            Ok(Some(()))
        };
        self.wait(&format!("a tap on `{words}`"), PATIENCE, tapped)
            .await
    }

    /// Taps many times at one spot, as quickly as a hurried finger does.
    pub async fn tap_times(&self, name: &str, times: usize) -> Result<()> {
        let element = self.wait_for(&id(name)).await?;
        let mut chain = self.actions().move_to_element_center(&element);
        for _ in 0..times {
            chain = chain.click();
        }
        chain.perform().await?;
        Ok(())
    }

    /// Types into a field.
    pub async fn type_into(&self, name: &str, text: &str) -> Result<()> {
        self.wait_for(&id(name)).await?.send_keys(text).await?;
        Ok(())
    }

    /// The visible text of an element.
    pub async fn text(&self, name: &str) -> Result<String> {
        Ok(self.wait_for(&id(name)).await?.text().await?)
    }

    /// An attribute of every match of a selector, in page order.
    pub async fn attributes(&self, selector: &str, attribute: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]\
                      .map(each => each.getAttribute(arguments[1]) ?? '')";
        let answer = self
            .script_with(script, vec![json!(selector), json!(attribute)])
            .await?;
        Ok(serde_json::from_value(answer)?)
    }

    /// How many elements match a selector.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let answer = self.script_with(script, vec![json!(selector)]).await?;
        Ok(serde_json::from_value(answer)?)
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Result<Value> {
        self.script_with(script, Vec::new()).await
    }

    /// Runs a script with arguments in the page.
    pub async fn script_with(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.web.execute(script, arguments).await?.json().clone())
    }

    pub(super) async fn found(&self, script: &str, selector: &str) -> Result<Option<WebElement>> {
        let answer = self.web.execute(script, vec![json!(selector)]).await?;
        if answer.json().is_null() {
            return Ok(None);
        }
        Ok(Some(answer.element()?))
    }
}
