//! An organiser at another computer, speaking HTTP.
//!
//! Owns sign-in and downloads. Invariant: it knows only what the server printed at its first
//! start and what it answers.

use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};

use crate::{Booth, Error, Result};

const POLL: Duration = Duration::from_millis(200);

/// A signed-in organiser.
pub struct Organiser {
    base: String,
    cookie: String,
    client: reqwest::Client,
}

impl Organiser {
    /// Signs in with the first-run password.
    pub async fn sign_in(booth: &Booth) -> Result<Self> {
        let base = booth.url();
        let client = reqwest::Client::new();
        let secret = booth.secrets()?.organiser_password;
        let answer = client
            .post(format!("{base}/api/session"))
            .header(ORIGIN, &base)
            .json(&json!({ "role": "organiser", "secret": secret }))
            .send()
            .await?
            .error_for_status()?;
        let cookie = answer
            .headers()
            .get(SET_COOKIE)
            .and_then(|cookie| cookie.to_str().ok()?.split(';').next())
            .ok_or_else(|| Error::Unexpected("sign-in set no cookie".to_owned()))?
            .to_owned();
        Ok(Self {
            base,
            cookie,
            client,
        })
    }

    /// Everything collected so far, from the lossless export.
    pub async fn export(&self) -> Result<Vec<Value>> {
        let text = self
            .get("/api/feedback/export?format=jsonl")
            .await?
            .text()
            .await?;
        text.lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| Ok(serde_json::from_str(line)?))
            .collect()
    }

    /// The entries of one kind.
    pub async fn export_of(&self, kind: &str) -> Result<Vec<Value>> {
        let mut entries = self.export().await?;
        entries.retain(|entry| entry["kind"] == kind);
        Ok(entries)
    }

    /// Waits until this many entries of a kind have arrived; answers them.
    pub async fn wait_for(&self, kind: &str, count: usize, limit: Duration) -> Result<Vec<Value>> {
        let start = Instant::now();
        loop {
            let entries = self.export_of(kind).await?;
            if entries.len() >= count {
                return Ok(entries);
            }
            if start.elapsed() > limit {
                return Err(Error::Timeout {
                    what: format!("{count} entries of kind {kind}"),
                    instead: format!("{:?}", self.export().await?),
                });
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// One page of the list, newest state.
    pub async fn list(&self) -> Result<Value> {
        Ok(self.get("/api/feedback?limit=500").await?.json().await?)
    }

    /// What a path answers.
    pub async fn get_json(&self, path: &str) -> Result<Value> {
        Ok(self.get(path).await?.json().await?)
    }

    /// Sends a body; answers what comes back.
    pub async fn post_json(&self, path: &str, body: &Value) -> Result<Value> {
        let asked = self.client.post(format!("{}{path}", self.base)).json(body);
        Ok(self.ask(asked).await?.json().await?)
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Result<()> {
        let asked = self.client.delete(format!("{}{path}", self.base));
        self.ask(asked).await.map(drop)
    }

    async fn ask(&self, asked: reqwest::RequestBuilder) -> Result<reqwest::Response> {
        let answer = asked
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, &self.base)
            .send()
            .await?;
        Ok(answer.error_for_status()?)
    }

    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        self.ask(self.client.get(format!("{}{path}", self.base)))
            .await
    }
}
