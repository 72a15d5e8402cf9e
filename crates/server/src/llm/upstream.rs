//! Asking one service: connection, patience, further tries.
//!
//! Owns: the HTTP client, every timeout, and what may be tried again.
//! Must not own: the shape of bodies, or who answers when a service fails.
//! Invariant: nothing is tried again once a token has come; dropping an [`Asking`] or a [`Live`] drops
//! the connection; nothing a service wrote about a failure is kept.

use std::collections::VecDeque;
use std::sync::Once;
use std::time::Duration;

use kiosk_wire::error::ChatErrorCode;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::address::{self, PublicResolver};
use super::openai::Endpoint;
use super::stream::{AnswerDecoder, Piece, StreamFault};
use crate::config::upstream::UpstreamConfig;

/// First pause between two tries; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A service that wants a longer pause than this is not waited for: a visitor stands there.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long token counts are waited for after the end was told.
const USAGE_GRACE: Duration = Duration::from_secs(2);
/// How long an ended answer may take to close, so that its connection can be used again.
const CLOSING_GRACE: Duration = Duration::from_secs(1);

/// Why a service did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the service failed with {code:?}")]
pub struct Fault {
    /// What the client is told.
    pub code: ChatErrorCode,
    /// The service's HTTP status, for logs.
    pub status: Option<u16>,
    /// When the service wants to be asked again.
    pub retry_after: Option<Duration>,
    retry: bool,
}

impl Fault {
    fn new(code: ChatErrorCode) -> Self {
        Self {
            code,
            status: None,
            retry_after: None,
            retry: false,
        }
    }

    fn timeout() -> Self {
        Self::new(ChatErrorCode::UpstreamTimeout)
    }

    /// A failure to get any response at all.
    fn connection() -> Self {
        Self {
            retry: true,
            ..Self::new(ChatErrorCode::UpstreamUnavailable)
        }
    }

    fn status(response: &Response) -> Self {
        let status = response.status();
        let (code, retry) = match status {
            StatusCode::TOO_MANY_REQUESTS => (ChatErrorCode::UpstreamRateLimited, true),
            _ if status.is_server_error() => (ChatErrorCode::UpstreamUnavailable, true),
            _ => (ChatErrorCode::UpstreamInvalid, false),
        };
        // The date form is not read: it would trust the service's clock.
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Self {
            code,
            status: Some(status.as_u16()),
            retry_after: retry_after.map(Duration::from_secs),
            retry,
        }
    }
}

impl From<StreamFault> for Fault {
    fn from(fault: StreamFault) -> Self {
        Self::new(match fault {
            StreamFault::Unreadable | StreamFault::Refused => ChatErrorCode::UpstreamInvalid,
            StreamFault::CutOff | StreamFault::Failed => ChatErrorCode::UpstreamUnavailable,
            StreamFault::RateLimited => ChatErrorCode::UpstreamRateLimited,
        })
    }
}

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
        install_crypto();
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(patience.connect_timeout())
            .tcp_nodelay(true)
            .user_agent(concat!("booth-kiosk/", env!("CARGO_PKG_VERSION")));
        let builder = if patience.allow_private {
            builder
        } else {
            builder.dns_resolver(PublicResolver)
        };
        Ok(Self {
            client: builder.build()?,
            patience: patience.clone(),
        })
    }

    /// Whether this address may be asked at all, as far as can be told without resolving its name.
    pub fn may_reach(&self, endpoint: &Endpoint) -> bool {
        self.patience.allow_private || address::check_url(&endpoint.url).is_ok()
    }

    /// Asks until a first token is there.
    pub async fn ask(&self, endpoint: &Endpoint, body: &Value) -> Result<Live, Fault> {
        if !self.may_reach(endpoint) {
            return Err(Fault::new(ChatErrorCode::UpstreamUnavailable));
        }
        let started = Instant::now();
        let end = started + self.patience.total_timeout();
        let first_token = end.min(started + self.patience.first_token_timeout());
        for try_number in 0.. {
            let fault = match timeout_at(first_token, self.try_once(endpoint, body, end)).await {
                Ok(Ok(live)) => return Ok(live),
                Ok(Err(fault)) => fault,
                Err(_) => Fault::timeout(),
            };
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
        let response = request.send().await.map_err(|_| Fault::connection())?;
        if !response.status().is_success() {
            return Err(Fault::status(&response));
        }
        if !may_be_an_answer(&response) {
            return Err(StreamFault::Unreadable.into());
        }
        let mut live = Live {
            response: Some(response),
            decoder: AnswerDecoder::default(),
            pieces: VecDeque::new(),
            between: self.patience.between_tokens_timeout(),
            end,
        };
        while !live
            .pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Text(_) | Piece::Reasoning(_)))
        {
            // The first token has a deadline of its own.
            if !live.read(end).await? {
                return Err(Fault::new(ChatErrorCode::EmptyAnswer));
            }
        }
        Ok(live)
    }
}

/// An answer that has begun.
#[derive(Debug)]
pub struct Live {
    /// `None` once there is nothing more to read.
    response: Option<Response>,
    decoder: AnswerDecoder,
    pieces: VecDeque<Piece>,
    between: Duration,
    end: Instant,
}

impl Live {
    /// The next piece; `None` after the last one.
    pub async fn next(&mut self) -> Result<Option<Piece>, Fault> {
        let silence = Instant::now() + self.between;
        let mut deadline = self.end.min(silence);
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return Ok(Some(piece));
            }
            if self.decoder.is_finished() {
                deadline = deadline.min(Instant::now() + USAGE_GRACE);
            }
            match self.read(deadline).await {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                // Everything but token counts has come.
                Err(_) if self.decoder.is_finished() => return Ok(None),
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Reads more bytes; `false` at the end.
    async fn read(&mut self, deadline: Instant) -> Result<bool, Fault> {
        let Some(response) = &mut self.response else {
            return Ok(false);
        };
        let bytes = timeout_at(deadline, response.chunk())
            .await
            .map_err(|_| Fault::timeout())?;
        match bytes {
            Ok(Some(bytes)) => {
                self.pieces.extend(self.decoder.push(&bytes)?);
                if self.decoder.is_done() {
                    self.close();
                }
                Ok(true)
            }
            Ok(None) => {
                self.response = None;
                self.pieces.extend(self.decoder.end()?);
                Ok(true)
            }
            Err(_) => Err(StreamFault::CutOff.into()),
        }
    }

    /// A connection can be used again only after its last byte was read.
    fn close(&mut self) {
        let Some(mut response) = self.response.take() else {
            return;
        };
        let drain = async move { while let Ok(Some(_)) = response.chunk().await {} };
        tokio::spawn(timeout(CLOSING_GRACE, drain));
    }
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

    #[test]
    fn faults_inside_a_stream_are_not_tried_again() {
        for fault in [
            StreamFault::Unreadable,
            StreamFault::CutOff,
            StreamFault::Failed,
            StreamFault::RateLimited,
        ] {
            assert!(!Fault::from(fault).retry);
        }
    }
}
