//! A moderation service, asked in the `OpenAI` dialect.
//!
//! Owns: its address, the shape of a request and of an answer, patience.
//! Must not own: which texts it is asked about, or what follows from a verdict.
//! Invariant: a verdict takes at most [`PATIENCE`]; without one nothing is flagged, and the log says so
//! without a word of the text, the key, or what the service wrote.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;
use url::Url;

use crate::config::Config;
use crate::llm::breaker::Breaker;
use crate::llm::metrics::Judged;
use crate::llm::openai::{bearer, url_below};
use crate::llm::setup::SetupError;
use crate::llm::upstream::Upstream;

/// A visitor waits for it.
const PATIENCE: Duration = Duration::from_secs(2);
/// Most of an answer that is read.
const MAX_BYTES: usize = 64 * 1024;

/// What is read of an answer.
#[derive(Debug, Deserialize)]
struct Verdicts {
    results: Vec<Flag>,
}

#[derive(Debug, Deserialize)]
struct Flag {
    flagged: bool,
}

/// Why there is no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum NoVerdict {
    #[error("it cannot be reached")]
    Unreachable,
    #[error("it does not answer in time")]
    Slow,
    #[error("it refused with status {0}")]
    Refused(u16),
    #[error("its answer has another shape")]
    Odd,
}

/// The service.
pub(super) struct Service {
    client: Client,
    url: Url,
    headers: HeaderMap,
    model: Option<String>,
    /// Whether its address may be reached.
    is_allowed: bool,
    breaker: Arc<Breaker>,
    judged: Arc<Judged>,
}

impl Service {
    /// The service of the configuration, if it names one.
    pub(super) fn new(
        config: &Config,
        upstream: &Upstream,
        judged: Arc<Judged>,
    ) -> Result<Option<Self>, SetupError> {
        let table = config.moderation.as_ref();
        let Some((table, base_url)) =
            table.and_then(|table| Some((table, table.base_url.as_ref()?)))
        else {
            return Ok(None);
        };
        let url = url_below(base_url, "moderations").ok_or(SetupError::Moderation("base_url"))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if table.api_key_env.is_some() {
            let key = config.secret(table.api_key_env.as_ref());
            let value = key.and_then(bearer);
            headers.insert(
                AUTHORIZATION,
                value.ok_or(SetupError::Moderation("api_key_env"))?,
            );
        }
        let is_allowed = upstream.may_reach(&url);
        if !is_allowed {
            tracing::warn!(
                "[moderation] base_url is a private address; set [upstream] allow_private to reach it"
            );
        }
        let patience = &config.upstream;
        let pause = Duration::from_secs(patience.breaker_open_secs);
        Ok(Some(Self {
            client: upstream.client().clone(),
            url,
            headers,
            model: table.model.clone(),
            is_allowed,
            breaker: Breaker::new(patience.breaker_failures, pause),
            judged,
        }))
    }

    /// Whether it flags this text; what it does not tell in time it does not flag.
    pub(super) async fn flags(self: Arc<Self>, text: String) -> bool {
        let Ok(leave) = self.breaker.ask() else {
            self.judged.failed();
            return false;
        };
        let verdict = timeout(PATIENCE, self.ask(&text)).await;
        match verdict.unwrap_or(Err(NoVerdict::Slow)) {
            Ok(flagged) => {
                leave.answered();
                self.judged.told(flagged);
                flagged
            }
            Err(why) => {
                self.judged.failed();
                let spared = leave.failed();
                let host = self.url.host_str();
                tracing::warn!(host, %why, spared, "no verdict of the moderation service: the rules alone decide");
                false
            }
        }
    }

    async fn ask(&self, text: &str) -> Result<bool, NoVerdict> {
        if !self.is_allowed {
            return Err(NoVerdict::Unreachable);
        }
        let mut body = json!({"input": text});
        if let Some(model) = &self.model {
            body["model"] = model.as_str().into();
        }
        let request = self.client.post(self.url.clone());
        let request = request.headers(self.headers.clone()).json(&body);
        let response = request.send().await.map_err(|_| NoVerdict::Unreachable)?;
        if !response.status().is_success() {
            return Err(NoVerdict::Refused(response.status().as_u16()));
        }
        let verdicts: Verdicts =
            serde_json::from_slice(&read(response).await?).map_err(|_| NoVerdict::Odd)?;
        if verdicts.results.is_empty() {
            return Err(NoVerdict::Odd);
        }
        Ok(verdicts.results.iter().any(|result| result.flagged))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, NoVerdict> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(|_| NoVerdict::Unreachable)? {
        body.extend_from_slice(&bytes);
        if body.len() > MAX_BYTES {
            return Err(NoVerdict::Odd);
        }
    }
    Ok(body)
}

/// What the service thinks of a question, for everybody who must know.
pub(in crate::llm) struct Verdict(Option<Shared<BoxFuture<'static, bool>>>);

impl Verdict {
    pub(super) fn new(asked: Option<impl Future<Output = bool> + Send + 'static>) -> Self {
        Self(asked.map(|asked| asked.boxed().shared()))
    }

    /// Whether it is flagged, once that is known.
    pub(in crate::llm) async fn is_flagged(&self) -> bool {
        match &self.0 {
            Some(asked) => asked.clone().await,
            None => false,
        }
    }

    /// Returns once it is flagged, and never if it is not.
    pub(in crate::llm) async fn flagged(&self) {
        if !self.is_flagged().await {
            pending::<()>().await;
        }
    }
}
