//! The driver's session as the rest of the browser uses it.
//!
//! Invariant: a session that is dropped, as by a failed test, is left to the driver's own end.
//! The client would ask the dying driver to close it and wait two minutes for the answer.

use std::ops::Deref;
use std::sync::Arc;

use thirtyfour::WebDriver;
use thirtyfour::session::handle::SessionHandle;

use crate::Result;

pub(super) struct Session {
    handle: Arc<SessionHandle>,
    owned: Option<WebDriver>,
}

impl Session {
    pub(super) fn new(web: WebDriver) -> Self {
        Self {
            handle: Arc::clone(web.handle()),
            owned: Some(web),
        }
    }

    /// Closes the browser.
    pub(super) async fn quit(mut self) -> Result<()> {
        if let Some(web) = self.owned.take() {
            web.quit().await?;
        }
        Ok(())
    }
}

impl Deref for Session {
    type Target = Arc<SessionHandle>;

    fn deref(&self) -> &Arc<SessionHandle> {
        &self.handle
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(web) = self.owned.take() {
            web.leak().ok();
        }
    }
}
