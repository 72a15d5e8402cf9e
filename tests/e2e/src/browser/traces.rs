//! What a visit has left on the tablet: the page and every store a page can write to.
//!
//! Invariant: a store that cannot be read is an error, never "nothing found".

use serde_json::Value;

use super::Browser;
use crate::{Error, Result};

/// Everything as one text: the document, form values, both storages, databases, caches.
const COLLECT: &str = r"
const done = arguments[arguments.length - 1];
const request = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
const readable = (key, value) =>
  value instanceof ArrayBuffer ? new TextDecoder().decode(value)
  : ArrayBuffer.isView(value) ? new TextDecoder().decode(value)
  : value;
const databases = async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await request(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store).getAll();
      found.push([name, store, await request(rows)]);
    }
    database.close();
  }
  return found;
};
const cached = async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const entry of await (await caches.open(name)).keys()) found.push(entry.url);
  }
  return found;
};
(async () => JSON.stringify({
  page: document.documentElement.outerHTML,
  fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value),
  title: document.title,
  address: location.href,
  local: { ...localStorage },
  session: { ...sessionStorage },
  databases: await databases(),
  caches: await cached(),
}, readable))().then(done, (error) => done({ error: String(error) }));
";

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
