//! The ways a browser has to another page, or back to one.

use std::ops::AsyncFnOnce;

use super::Browser;
use crate::Result;

impl Browser {
    /// One page back in the history.
    pub async fn back(&self) -> Result<()> {
        self.web.back().await?;
        Ok(())
    }

    /// One page forward in the history.
    pub async fn forward(&self) -> Result<()> {
        self.web.forward().await?;
        Ok(())
    }

    /// Opens a path in a second tab, looks there, and closes it.
    pub async fn in_second_tab(
        &self,
        path: &str,
        look: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let first = self.web.window().await?;
        let second = self.web.new_tab().await?;
        self.web.switch_to_window(second).await?;
        self.go(path).await?;
        let looked = look(self).await;
        self.web.close_window().await?;
        self.web.switch_to_window(first).await?;
        looked
    }
}
