//! Waiting for what the page will show.
//!
//! Invariant: a vain wait says what was waited for and what was there instead.

use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Browser;
use crate::{Error, Result};

pub(super) const PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);

impl Browser {
    /// Waits until nothing matches a selector.
    pub async fn wait_until_gone(&self, selector: &str) -> Result<()> {
        let script = "return document.querySelector(arguments[0]) === null";
        let gone = || async {
            let answer = self.script_with(script, vec![json!(selector)]).await?;
            Ok((answer == Value::Bool(true)).then_some(()))
        };
        self.wait(&format!("no {selector}"), PATIENCE, gone).await
    }

    /// Waits until a script answers true.
    pub async fn wait_until(&self, what: &str, limit: Duration, script: &str) -> Result<()> {
        let holds = || async {
            let answer = self.script(script).await?;
            Ok((answer == Value::Bool(true)).then_some(()))
        };
        self.wait(what, limit, holds).await
    }

    /// Repeats a look at the page until it finds something. What the page is not ready for
    /// yet (an element replaced or covered meanwhile) is tried again.
    pub(super) async fn wait<T, F>(
        &self,
        what: &str,
        limit: Duration,
        look: impl Fn() -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<Option<T>>>,
    {
        let start = Instant::now();
        let mut last = String::new();
        while start.elapsed() < limit {
            match look().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => last.clear(),
                Err(Error::Browser(error)) => last = error.to_string(),
                Err(error) => return Err(error),
            }
            tokio::time::sleep(POLL).await;
        }
        Err(Error::Timeout {
            what: what.to_owned(),
            instead: format!("{}{last}", self.describe().await),
        })
    }
}
