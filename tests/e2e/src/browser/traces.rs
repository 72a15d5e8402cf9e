//! What a visit has left on the tablet: the page, what hangs on its window, and every store a page
//! can write to.
//!
//! Invariant: a store that cannot be read is an error, never "nothing found".

use serde_json::Value;

use super::Browser;
use crate::{Error, Result};

const COLLECT: &str = include_str!("traces.js");
/// The recorder's.
const SEARCH_MEMORY: &str = "return window.__searchMemories(arguments[0])";

impl Browser {
    /// Everything this page and its stores hold.
    pub async fn traces(&self) -> Result<String> {
        let answer = self.web.execute_async(COLLECT, Vec::new()).await?;
        match answer.json() {
            Value::String(traces) => Ok(traces.clone()),
            other => Err(Error::Unexpected(format!("unreadable stores: {other}"))),
        }
    }

    /// What the databases alone hold.
    pub async fn database_traces(&self) -> Result<String> {
        let traces: Value = serde_json::from_str(&self.traces().await?)?;
        Ok(traces["databases"].to_string())
    }

    /// Where a text stands in the memory of the page's Wasm, in use or freed, with what is around it.
    pub async fn memory_traces(&self, text: &str) -> Result<Vec<String>> {
        let text = vec![Value::from(text)];
        let found = self.web.execute(SEARCH_MEMORY, text).await?;
        let found: Vec<Vec<String>> = serde_json::from_value(found.json().clone())?;
        if found.is_empty() {
            return Err(Error::Unexpected("no Wasm runs in this page".to_owned()));
        }
        Ok(found.concat())
    }

    /// Fails if a text of the visit is anywhere on the tablet.
    pub async fn expect_no_trace_of(&self, text: &str) -> Result<()> {
        let traces = self.traces().await?;
        match traces.find(text) {
            None => Ok(()),
            Some(at) => {
                let around: String = traces[at..].chars().take(200).collect();
                let problem = format!("`{text}` is still on the tablet: {around}");
                Err(Error::Unexpected(problem))
            }
        }
    }
}
