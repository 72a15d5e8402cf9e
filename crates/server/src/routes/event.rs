//! `GET /api/event`: the event as content, completed with configuration.

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    routing::get,
};
use bytes::Bytes;
use kiosk_content::Content;
use kiosk_wire::{
    canonical::hex,
    event::{Event, Limits, Recipient},
    paths,
};
use sha2::{Digest, Sha256};

use crate::{
    assets::{Encoding, accepts, gzip},
    config::Config,
    state::AppState,
};

/// The answer, made once at the start. No screen is shown without it, so it travels compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDocument {
    plain: Variant,
    gzip: Variant,
}

/// One way to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Variant {
    body: Bytes,
    /// A strong tag of exactly these bytes.
    etag: HeaderValue,
}

impl Variant {
    fn new(body: Vec<u8>) -> Self {
        let etag = format!("\"{}\"", &hex(Sha256::digest(&body).as_slice())[..32]);
        Self {
            etag: HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"event\"")),
            body: Bytes::from(body),
        }
    }
}

impl EventDocument {
    /// Completes the content with limits, notice, recipients and build id.
    pub fn new(
        content: &Content,
        config: &Config,
        recipients: Vec<Recipient>,
        build: &str,
    ) -> Result<Self, serde_json::Error> {
        let event = complete(content.event.clone(), config, recipients, build);
        let body = serde_json::to_vec(&event)?;
        let packed = gzip(&body).map_err(serde_json::Error::io)?;
        Ok(Self {
            plain: Variant::new(body),
            gzip: Variant::new(packed),
        })
    }

    fn for_client(&self, headers: &HeaderMap) -> (&Variant, Encoding) {
        let accepted = headers.get(header::ACCEPT_ENCODING);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        if accepts(accepted.unwrap_or_default(), Encoding::Gzip) {
            (&self.gzip, Encoding::Gzip)
        } else {
            (&self.plain, Encoding::Identity)
        }
    }
}

fn complete(mut event: Event, config: &Config, recipients: Vec<Recipient>, build: &str) -> Event {
    let privacy = &config.privacy;
    kiosk_content::fill_notice(
        &mut event.privacy_notice,
        &privacy.controller,
        &privacy.contact,
        privacy.retention_days,
    );
    event.privacy_notice.recipients = recipients;
    event.limits = Limits {
        max_input_chars: config.limits.max_input_chars,
        max_turns: config.limits.max_turns,
        idle_secs: config.limits.idle_secs,
        countdown_secs: config.limits.countdown_secs,
        reading_cap_secs: config.limits.reading_cap_secs,
    };
    build.clone_into(&mut event.build);
    event
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::EVENT, get(event))
}

async fn event(State(state): State<AppState>, headers: HeaderMap) -> Response<Body> {
    let (document, encoding) = state.event.for_client(&headers);
    let known = matches_etag(&headers, &document.etag);
    let mut response = Response::new(if known {
        Body::empty()
    } else {
        Body::from(document.body.clone())
    });
    let out = response.headers_mut();
    out.insert(header::ETAG, document.etag.clone());
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        out.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if encoding != Encoding::Identity {
            let name = HeaderValue::from_static(encoding.name());
            out.insert(header::CONTENT_ENCODING, name);
        }
    }
    response
}

/// Whether `If-None-Match` names this tag; comparison is weak, as RFC 9110 asks.
pub(super) fn matches_etag(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else {
        return false;
    };
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}
