//! Reading a JSON body within its limit.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use futures_util::StreamExt;
use kiosk_wire::error::ApiErrorCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{error::ApiFailure, number};

/// Enough for every body but a batch of feedback.
pub(super) const SMALL: usize = 16 * 1024;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoBody {
    BrokeOff,
    /// It is larger than this.
    Larger(usize),
}

impl From<NoBody> for ApiFailure {
    fn from(none: NoBody) -> Self {
        match none {
            NoBody::BrokeOff => Self::invalid("The body broke off."),
            NoBody::Larger(most) => Self::new(
                ApiErrorCode::TooLarge,
                format!("The body is larger than {most} bytes; send less."),
            ),
        }
    }
}

/// The body, if it is not larger than this.
pub(super) async fn bytes(body: Body, most: usize) -> Result<Vec<u8>, NoBody> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| NoBody::BrokeOff)?;
        if bytes.len() + part.len() > most {
            return Err(NoBody::Larger(most));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// The body as JSON of this shape.
pub(super) async fn json<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, ApiFailure> {
    let bytes = bytes(body, most).await?;
    parse(&bytes).or_else(|failure| with_whole_numbers(&bytes).ok_or(failure))
}

/// The same where `2` is written as `2.0`.
fn with_whole_numbers<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    number::write_whole(&mut value);
    value
        .is_object()
        .then(|| serde_json::from_value(value).ok())?
}

/// JSON of this shape.
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ApiFailure> {
    // A list would be read as an object, field by field in order.
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(ApiFailure::invalid("The body must be a JSON object."));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| ApiFailure::invalid(format!("The body is not as expected: {error}.")))
}

/// Whether the body says that it is JSON; a form on a foreign page cannot say so.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|mime| mime.trim().eq_ignore_ascii_case("application/json"))
}
