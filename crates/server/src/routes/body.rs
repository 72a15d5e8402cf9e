//! Reading a JSON body within its limit.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use kiosk_wire::error::ApiErrorCode;
use serde::{Deserialize, de::DeserializeOwned};

use crate::error::ApiFailure;

/// Enough for every body but a batch of feedback.
pub(super) const SMALL: usize = 16 * 1024;

/// The body, if it is not larger than this.
pub(super) async fn bytes(body: Body, most: usize) -> Result<Bytes, ApiFailure> {
    axum::body::to_bytes(body, most).await.map_err(|error| {
        let too_large = std::iter::successors(
            Some(&error as &(dyn std::error::Error + 'static)),
            |error| error.source(),
        )
        .any(|error| error.to_string().contains("length limit"));
        if too_large {
            ApiFailure::new(
                ApiErrorCode::TooLarge,
                format!("The body is larger than {most} bytes; send less."),
            )
        } else {
            ApiFailure::invalid("The body broke off.")
        }
    })
}

/// The body as JSON of this shape.
pub(super) async fn json<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, ApiFailure> {
    parse(&bytes(body, most).await?)
}

/// JSON of this shape.
pub(super) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ApiFailure> {
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
