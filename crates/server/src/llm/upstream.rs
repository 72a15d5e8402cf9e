//! Asking one service: connection, patience, further tries.
//!
//! Owns: the HTTP client, its timeouts, and when it is tried again.
//! Must not own: the shape of bodies, or who answers when a service fails.
//! Invariant: nothing is tried again once a token has come, or while the service is spared; dropping an
//! [`Asking`] or a [`Live`] drops the connection; nothing a service wrote about a failure is passed on.

mod fault;
mod live;

use std::sync::{Arc, Once};
use std::time::Duration;

use kiosk_wire::error::ChatErrorCode;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::address::{self, PublicResolver, SystemResolver};
use super::breaker::Breaker;
use super::openai::Endpoint;
use super::refusal;
use super::stream::StreamFault;
use crate::config::upstream::UpstreamConfig;
pub use fault::Fault;
pub use live::Live;

/// First pause between two tries; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A service that wants a longer pause than this is not waited for: a visitor stands there.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next question. Many services close theirs before that, and a
/// busy hour's connections are not kept all day.
const IDLE: Duration = Duration::from_secs(30);

/// Asks services.
#[derive(Debug, Clone)]
pub struct Upstream {
    client: Client,
    patience: UpstreamConfig,
}

impl Upstream {
    /// A client that follows no redirects and no proxy of the environment, and reaches only addresses
    /// that are allowed.
    pub fn new(patience: &UpstreamConfig) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: client(patience, PublicResolver::new(SystemResolver))?,
            patience: patience.clone(),
        })
    }

    /// The client itself, for what is no question.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether this address may be asked at all, as far as can be told without resolving its name.
    pub fn may_reach(&self, url: &Url) -> bool {
        self.patience.allow_private || address::check_url(url).is_ok()
    }

    /// Asks until a first token is there.
    pub async fn ask(
        &self,
        endpoint: &Endpoint,
        breaker: &Arc<Breaker>,
        body: &Value,
    ) -> Result<Live, Fault> {
        if !self.may_reach(&endpoint.url) {
            return Err(Fault::new(ChatErrorCode::UpstreamUnavailable));
        }
        let started = Instant::now();
        let end = started + self.patience.total_timeout();
        let first_token = end.min(started + self.patience.first_token_timeout());
        for try_number in 0.. {
            let leave = breaker.ask().map_err(Fault::spared)?;
            let probes = leave.probes();
            let fault = match timeout_at(first_token, self.try_once(endpoint, body, end)).await {
                Ok(Ok(live)) => {
                    leave.answered();
                    return Ok(live);
                }
                Ok(Err(fault)) => fault,
                Err(_) => Fault::timeout(),
            };
            if !fault.is_outage() {
                leave.answered();
            } else if leave.failed() {
                let host = endpoint.url.host_str();
                tracing::warn!(
                    host,
                    model = endpoint.model,
                    "the service is spared for a while"
                );
            }
            if probes || breaker.wait().is_some() {
                return Err(fault);
            }
            let pause = pause(try_number, fault.retry_after);
            let in_time = pause <= LONGEST_PAUSE && Instant::now() + pause < first_token;
            if !fault.retry || try_number >= self.patience.retries || !in_time {
                return Err(fault);
            }
            sleep(pause).await;
        }
        Err(Fault::timeout())
    }

    async fn try_once(
        &self,
        endpoint: &Endpoint,
        body: &Value,
        end: Instant,
    ) -> Result<Live, Fault> {
        let request = self
            .client
            .post(endpoint.url.clone())
            .headers(endpoint.headers.clone())
            .json(body);
        let response = request.send().await.map_err(|error| {
            if address::is_refusal(&error) {
                Fault::new(ChatErrorCode::UpstreamUnavailable)
            } else {
                Fault::connection()
            }
        })?;
        if !response.status().is_success() {
            let fault = Fault::status(&response);
            refusal::log(endpoint, body, response);
            return Err(fault);
        }
        if !may_be_an_answer(&response) {
            refusal::log(endpoint, body, response);
            return Err(StreamFault::Unreadable.into());
        }
        let between = self.patience.between_tokens_timeout();
        let mut live = Live::new(response, endpoint.thinking, between, end);
        loop {
            match live.has_begun() {
                Ok(true) => return Ok(live),
                Ok(false) => {}
                Err(fault) => {
                    live.log_report(endpoint, body);
                    return Err(fault.into());
                }
            }
            // The first token has a deadline of its own.
            if !live.read(end).await? {
                return Err(Fault::new(ChatErrorCode::EmptyAnswer));
            }
        }
    }
}

/// What [`Upstream`] sends with; names are found by `resolver` unless private addresses are allowed.
pub(super) fn client(
    patience: &UpstreamConfig,
    resolver: PublicResolver,
) -> Result<Client, reqwest::Error> {
    install_crypto();
    let builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(patience.connect_timeout())
        .tcp_nodelay(true)
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("booth-kiosk/", env!("CARGO_PKG_VERSION")));
    let builder = if patience.allow_private {
        builder
    } else {
        builder.dns_resolver(resolver)
    };
    builder.build()
}

/// Web pages and pictures are not read at all; wrong labels on right answers are common.
fn may_be_an_answer(response: &Response) -> bool {
    let Some(kind) = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return true;
    };
    let kind = kind.to_ascii_lowercase();
    !kind.starts_with("text/html")
        && (kind.starts_with("text/") || kind.starts_with("application/"))
}

/// Between half and one and a half times the step, so that tablets do not come back all at once.
fn pause(try_number: u32, retry_after: Option<Duration>) -> Duration {
    let step = FIRST_PAUSE.saturating_mul(1 << try_number.min(5));
    // Without randomness the plain step is as good.
    let [jitter] = crate::random::bytes::<1>().unwrap_or([128]);
    let pause = step / 2 + step.mul_f64(f64::from(jitter) / 256.0);
    retry_after.map_or(pause, |asked| asked.max(pause))
}

/// Another part of the process may have chosen already, which is as good.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_honour_what_a_service_asks() {
        for try_number in 0..8 {
            let step = FIRST_PAUSE * (1 << try_number.min(5));
            let pause = pause(try_number, None);
            assert!(pause >= step / 2 && pause <= step * 3 / 2, "{pause:?}");
        }
        assert_eq!(
            pause(0, Some(Duration::from_secs(7))),
            Duration::from_secs(7)
        );
    }
}
