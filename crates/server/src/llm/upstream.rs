//! Asking one service: connection, patience, further tries.
//!
//! Owns: the HTTP client, every timeout, and what may be tried again.
//! Must not own: the shape of bodies, or who answers when a service fails.
//! Invariant: nothing is tried again once a token has come, or while the service is spared; dropping an
//! [`Asking`] or a [`Live`] drops the connection; nothing a service wrote about a failure is passed on.

use std::collections::VecDeque;
use std::sync::{Arc, Once};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use kiosk_wire::error::ChatErrorCode;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use url::Url;

use super::address::{self, PublicResolver, SystemResolver};
use super::breaker::Breaker;
use super::openai::Endpoint;
use super::refusal;
use super::stream::{AnswerDecoder, Piece, Read, StreamFault};
use super::thinking::TagSplitter;
use crate::config::upstream::UpstreamConfig;

/// First pause between two tries; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A service that wants a longer pause than this is not waited for: a visitor stands there.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What a service asks for beyond these is taken for a mistake.
const SHORTEST_ASKED: Duration = Duration::from_secs(1);
const LONGEST_ASKED: Duration = Duration::from_hours(1);
/// How long token counts are waited for after the end was told.
const USAGE_GRACE: Duration = Duration::from_secs(2);
/// How long a connection is kept for the next question. Many services close theirs before that, and a
/// busy hour's connections are not kept all day.
const IDLE: Duration = Duration::from_secs(30);
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

    /// Whether the service has read the question, as far as can be told.
    pub fn was_read(&self) -> bool {
        matches!(
            self.code,
            ChatErrorCode::UpstreamTimeout | ChatErrorCode::EmptyAnswer | ChatErrorCode::Blocked
        )
    }

    /// The service is not asked, and will be in so long at the earliest.
    pub(super) fn spared(wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(ChatErrorCode::UpstreamUnavailable)
        }
    }

    /// Whether it says something about the service rather than about the question.
    fn is_outage(&self) -> bool {
        matches!(
            self.code,
            ChatErrorCode::UpstreamUnavailable | ChatErrorCode::UpstreamTimeout
        )
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
        Self {
            code,
            status: Some(status.as_u16()),
            retry_after: retry_after(response.headers()),
            retry,
        }
    }
}

impl From<StreamFault> for Fault {
    fn from(fault: StreamFault) -> Self {
        let (code, retry) = match fault {
            StreamFault::Unreadable | StreamFault::Refused => {
                (ChatErrorCode::UpstreamInvalid, false)
            }
            StreamFault::Filtered => (ChatErrorCode::Blocked, false),
            StreamFault::CutOff | StreamFault::Failed => (ChatErrorCode::UpstreamUnavailable, true),
            StreamFault::RateLimited => (ChatErrorCode::UpstreamRateLimited, true),
        };
        Self {
            retry,
            ..Self::new(code)
        }
    }
}

/// Seconds, or a date, of which only the distance to the service's own clock counts.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let written = text(RETRY_AFTER)?;
    let asked = written.parse().ok().map(Duration::from_secs).or_else(|| {
        let date = |written| httpdate::parse_http_date(written).ok();
        let now = text(DATE).and_then(date).unwrap_or_else(SystemTime::now);
        date(written)?.duration_since(now).ok()
    });
    asked.map(|asked| asked.clamp(SHORTEST_ASKED, LONGEST_ASKED))
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
        let mut live = Live {
            body: Some(response.bytes_stream().boxed()),
            decoder: AnswerDecoder::default(),
            tags: TagSplitter::new(endpoint.thinking),
            pieces: VecDeque::new(),
            between: self.patience.between_tokens_timeout(),
            end,
        };
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

/// An answer that has begun.
pub struct Live {
    /// `None` once there is nothing more to read. Without the head, which would keep the buffer that it
    /// was read into.
    body: Option<BoxStream<'static, reqwest::Result<Bytes>>>,
    decoder: AnswerDecoder,
    tags: TagSplitter,
    pieces: VecDeque<Read>,
    between: Duration,
    end: Instant,
}

impl Live {
    /// Whether a first token is there; a fault if one came instead.
    fn has_begun(&self) -> Result<bool, StreamFault> {
        for piece in &self.pieces {
            match piece {
                Ok(Piece::Text(_) | Piece::Reasoning(_)) => return Ok(true),
                Ok(Piece::Finish(_) | Piece::Usage(_)) => {}
                Err(fault) => return Err(*fault),
            }
        }
        Ok(false)
    }

    /// Logs what the service reports of its failure, if it does, without what it was sent.
    pub fn log_report(&mut self, endpoint: &Endpoint, sent: &Value) {
        if let Some(report) = self.decoder.report() {
            refusal::log_reported(endpoint, sent, report);
        }
    }

    /// Until when a client may take to read a piece: as long as the service may take to write one.
    pub fn reading_deadline(&self) -> Instant {
        self.end.min(Instant::now() + self.between)
    }

    /// The next piece; `None` after the last one.
    pub async fn next(&mut self) -> Result<Option<Piece>, Fault> {
        let mut deadline = self.reading_deadline();
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return Ok(Some(piece?));
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
        let Some(body) = &mut self.body else {
            return Ok(false);
        };
        let bytes = timeout_at(deadline, body.next())
            .await
            .map_err(|_| Fault::timeout())?;
        match bytes {
            Some(Ok(bytes)) => {
                let pieces = self.decoder.push(&bytes);
                self.take(pieces);
                if self.decoder.is_done() {
                    self.close();
                }
                Ok(true)
            }
            None => {
                self.body = None;
                let pieces = self.decoder.end();
                self.take(pieces);
                Ok(true)
            }
            Some(Err(_)) => Err(StreamFault::CutOff.into()),
        }
    }

    /// Tells thinking from text where both came as text.
    fn take(&mut self, pieces: Vec<Read>) {
        for piece in pieces {
            match piece {
                Ok(Piece::Text(text)) => self
                    .pieces
                    .extend(self.tags.push(&text).into_iter().map(Ok)),
                Ok(Piece::Reasoning(_)) => self.pieces.push_back(piece),
                ended => {
                    self.pieces.extend(self.tags.end().into_iter().map(Ok));
                    self.pieces.push_back(ended);
                }
            }
        }
        if self.decoder.is_done() {
            self.pieces.extend(self.tags.end().into_iter().map(Ok));
        }
    }

    /// A connection can be used again only after its last byte was read.
    fn close(&mut self) {
        let Some(mut body) = self.body.take() else {
            return;
        };
        let drain = async move { while let Some(Ok(_)) = body.next().await {} };
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
    fn what_passes_is_tried_again_and_what_stays_is_not() {
        for (fault, passes) in [
            (StreamFault::Unreadable, false),
            (StreamFault::Refused, false),
            (StreamFault::Filtered, false),
            (StreamFault::CutOff, true),
            (StreamFault::Failed, true),
            (StreamFault::RateLimited, true),
        ] {
            assert_eq!(Fault::from(fault).retry, passes, "{fault:?}");
        }
    }

    #[test]
    fn a_pause_is_asked_for_in_seconds_or_by_a_date() {
        let asked = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| {
                let name = reqwest::header::HeaderName::from_static(name);
                (name, reqwest::header::HeaderValue::from_static(value))
            });
            retry_after(&headers.collect()).map(|pause| pause.as_secs())
        };
        let date = "Tue, 30 Dec 2025 05:31:06 GMT";
        let later = "Tue, 30 Dec 2025 05:31:16 GMT";
        assert_eq!(asked(&[("retry-after", " 7 ")]), Some(7));
        assert_eq!(asked(&[("retry-after", "0")]), Some(1));
        assert_eq!(asked(&[("retry-after", "99999999")]), Some(3_600));
        assert_eq!(asked(&[("date", date), ("retry-after", later)]), Some(10));
        assert_eq!(asked(&[("date", later), ("retry-after", date)]), None);
        assert_eq!(asked(&[("retry-after", "soon")]), None);
        assert_eq!(asked(&[]), None);
    }
}
