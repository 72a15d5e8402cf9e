//! Keys where the focus is, and a finger that stays down.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::Key;
use thirtyfour::action_chain::ActionChain;

use super::{Browser, id};
use crate::{Error, Result};

/// More controls than any screen has.
const MOST_TABS: usize = 60;
/// What the focus is on, or in: a radio button is named by its label.
const HAS_FOCUS: &str = "
    const active = document.activeElement;
    return active !== document.body && active?.closest(arguments[0]) != null";
/// Where the focus is, in words.
const FOCUS: &str = "
    const active = document.activeElement;
    if (active === null || active === document.body) return 'nothing';
    return active.dataset.testid ?? `${active.tagName} ${active.textContent.slice(0, 30)}`";

impl Browser {
    /// Presses a key and lets it go.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.actions().send_keys(key).perform().await?;
        Ok(())
    }

    /// What has the focus, by its test id or its words; `nothing` is the page itself.
    pub async fn focus(&self) -> Result<String> {
        let focus = self.script(FOCUS).await?;
        Ok(focus.as_str().unwrap_or_default().to_owned())
    }

    /// Goes on with the Tab key until the focus is on a selector's element, or in it.
    pub async fn tab_to(&self, selector: &str) -> Result<()> {
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            let is_there = self.script_with(HAS_FOCUS, vec![json!(selector)]).await?;
            if is_there == Value::Bool(true) {
                return Ok(());
            }
            passed.push(self.focus().await?);
            self.press(Key::Tab).await?;
        }
        Err(Error::Unexpected(format!(
            "the Tab key never came to {selector}, but to {passed:?}"
        )))
    }

    /// Puts a finger onto the element with this test id and leaves it there.
    pub async fn hold(&self, name: &str) -> Result<()> {
        let element = self.wait_for(&id(name)).await?;
        let down = self
            .actions()
            .move_to_element_center(&element)
            .click_and_hold();
        down.perform().await?;
        Ok(())
    }

    /// Takes the finger away beside whatever it was on: in the upper left corner.
    pub async fn let_go_elsewhere(&self) -> Result<()> {
        self.actions().move_to(2, 2).release().perform().await?;
        Ok(())
    }

    pub(super) fn actions(&self) -> ActionChain {
        self.web
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
    }
}
