//! Why a figure could not be taken.

use std::path::PathBuf;

pub(crate) type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("io: {0}")]
    Io(#[from] std::io::Error),
    #[error("http: {0}")]
    Http(#[from] reqwest::Error),
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    #[error("browser: {0}")]
    Browser(#[from] thirtyfour::error::WebDriverError),
    #[error("{program} could not be started: {source}")]
    Start {
        program: PathBuf,
        source: std::io::Error,
    },
    #[error("a client ended badly: {0}")]
    Task(#[from] tokio::task::JoinError),
    #[error("{0}")]
    Unexpected(String),
}

/// What was expected and what came instead.
pub(crate) fn unexpected(what: impl Into<String>) -> Error {
    Error::Unexpected(what.into())
}
