//! Why a service did not answer.
//!
//! Owns: what a failure is called, and whether it may pass.
//! Must not own: trying again, or what is told of it.
//! Invariant: nothing a service wrote about a failure is kept, but for when it wants to be asked again.

use std::time::{Duration, SystemTime};

use kiosk_wire::error::ChatErrorCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use crate::llm::stream::StreamFault;

/// What a service asks for beyond these is taken for a mistake.
const SHORTEST_ASKED: Duration = Duration::from_secs(1);
const LONGEST_ASKED: Duration = Duration::from_hours(1);

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
    pub(super) retry: bool,
}

impl Fault {
    pub(super) fn new(code: ChatErrorCode) -> Self {
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
    pub(in crate::llm) fn spared(wait: Duration) -> Self {
        Self {
            retry_after: Some(wait),
            ..Self::new(ChatErrorCode::UpstreamUnavailable)
        }
    }

    /// Whether it says something about the service rather than about the question.
    pub(super) fn is_outage(&self) -> bool {
        matches!(
            self.code,
            ChatErrorCode::UpstreamUnavailable | ChatErrorCode::UpstreamTimeout
        )
    }

    pub(super) fn timeout() -> Self {
        Self::new(ChatErrorCode::UpstreamTimeout)
    }

    /// A failure to get any response at all.
    pub(super) fn connection() -> Self {
        Self {
            retry: true,
            ..Self::new(ChatErrorCode::UpstreamUnavailable)
        }
    }

    pub(super) fn status(response: &Response) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

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
