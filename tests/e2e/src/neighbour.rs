//! A tablet at the next table, without a browser: it stands in the same lines.
//!
//! Owns its registration and one question. Invariant: its place, in line or with the model, is
//! free again as soon as it is dropped.

use serde_json::{Value, json};

use crate::{Booth, Result};

/// Somebody who asks and does not go.
pub struct Neighbour {
    _answer: reqwest::Response,
}

impl Neighbour {
    /// Asks a team. Returns once the answer has begun, or once the place in line is known.
    pub async fn ask(booth: &Booth, team: &str) -> Result<Self> {
        Self::ask_this(booth, team, "먼저 물어볼게요").await
    }

    /// The same with a question of one's own.
    pub async fn ask_this(booth: &Booth, team: &str, question: &str) -> Result<Self> {
        let base = booth.url();
        let client = reqwest::Client::new();
        let registered: Value = client
            .post(format!("{base}/api/devices"))
            .json(&json!({ "name": "옆자리" }))
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let question = json!({
            "model": team,
            "stream": true,
            "messages": [{ "role": "user", "content": question }],
        });
        let answer = client
            .post(format!("{base}/v1/chat/completions"))
            .bearer_auth(registered["token"].as_str().unwrap_or_default())
            .header("booth-events", "1")
            .json(&question)
            .send()
            .await?
            .error_for_status()?;
        Ok(Self { _answer: answer })
    }
}
