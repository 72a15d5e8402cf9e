//! What `/api` answers when it refuses: RFC 9457 problem documents.
//!
//! Owns: the failure type of every `/api` handler and its one log line.
//! Must not own: the error object of `/v1`.
//! Invariant: a cause is logged once and never sent; what is sent says what to do.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kiosk_wire::error::{ApiErrorCode, Problem};

use crate::{auth::secret::SecretError, random::RandomError, storage::StorageError};

/// A refusal or a failure.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub struct ApiFailure {
    code: ApiErrorCode,
    detail: String,
    /// Instead of the code's own.
    status: Option<StatusCode>,
    retry_after_secs: Option<u64>,
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ApiFailure {
    /// A failure with this code and this sentence for whoever asked.
    pub fn new(code: ApiErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            status: None,
            retry_after_secs: None,
            cause: None,
        }
    }

    /// 400: the request is not of the expected shape.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ApiErrorCode::InvalidRequest, detail)
    }

    /// 401: nobody we know.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(ApiErrorCode::Unauthorized, detail)
    }

    /// 403: somebody who may not.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ApiErrorCode::Forbidden, detail)
    }

    /// 404: no such thing.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ApiErrorCode::NotFound, detail)
    }

    /// 405: no such method here. Which there are, the router adds.
    pub fn method_not_allowed(detail: impl Into<String>) -> Self {
        let mut failure = Self::invalid(detail);
        failure.status = Some(StatusCode::METHOD_NOT_ALLOWED);
        failure
    }

    /// 429: too many tries; again after this many seconds.
    pub fn rate_limited(retry_after_secs: u64) -> Self {
        let mut failure = Self::new(
            ApiErrorCode::RateLimited,
            "Too many tries; wait a moment and try again.",
        );
        failure.retry_after_secs = Some(retry_after_secs);
        failure
    }

    /// 500: our own fault.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut failure = Self::new(
            ApiErrorCode::Internal,
            "Something went wrong on the server; try again.",
        );
        failure.cause = Some(cause.into());
        failure
    }

    /// The code that is sent.
    pub fn code(&self) -> ApiErrorCode {
        self.code
    }
}

impl From<StorageError> for ApiFailure {
    fn from(error: StorageError) -> Self {
        let mut failure = Self::new(
            ApiErrorCode::Unavailable,
            "The database cannot be used now and nothing was stored; try again shortly.",
        );
        failure.retry_after_secs = Some(5);
        failure.cause = Some(Box::new(error));
        failure
    }
}

impl From<RandomError> for ApiFailure {
    fn from(error: RandomError) -> Self {
        Self::internal(error)
    }
}

impl From<SecretError> for ApiFailure {
    fn from(error: SecretError) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(code = ?self.code, %cause, "request failed");
        }
        let of_code = StatusCode::from_u16(self.code.status());
        let status = self
            .status
            .unwrap_or(of_code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        let problem = Problem {
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            code: self.code,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }
}
