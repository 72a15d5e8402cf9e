//! Why a step of a test could not be done.
//!
//! Invariant: a timeout says what was waited for and what was there instead.

use std::fmt;
use std::path::PathBuf;

/// Result of a step.
pub type Result<T> = std::result::Result<T, Error>;

/// A step that failed.
#[derive(thiserror::Error)]
pub enum Error {
    #[error("browser: {0}")]
    Browser(#[from] thirtyfour::error::WebDriverError),
    #[error("http: {0}")]
    Http(#[from] reqwest::Error),
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    #[error("io: {0}")]
    Io(#[from] std::io::Error),
    #[error("{0} could not be started: {1}")]
    Start(PathBuf, std::io::Error),
    #[error("waited in vain for {what}; instead: {instead}")]
    Timeout { what: String, instead: String },
    #[error("the page reported errors:\n{}", .0.join("\n"))]
    PageErrors(Vec<String>),
    #[error("{0}")]
    Unexpected(String),
}

// Test programs print the `Debug` form of an error, which must be readable.
impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
