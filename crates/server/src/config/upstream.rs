//! `[upstream]`: patience with the teams' services.

use std::time::Duration;

use serde::Deserialize;

/// Timeouts, retries and what addresses may be reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpstreamConfig {
    /// Until a connection stands.
    pub connect_timeout_secs: u64,
    /// From the request to the first token.
    pub first_token_timeout_secs: u64,
    /// Between two tokens.
    pub between_tokens_timeout_secs: u64,
    /// From the request to the end.
    pub total_timeout_secs: u64,
    /// Further tries before the first token.
    pub retries: u32,
    /// Failures in a row until a service is spared; 0 is never.
    pub breaker_failures: u32,
    /// How long it is, until one question tries it again.
    pub breaker_open_secs: u64,
    /// Whether loopback, private, link-local and metadata addresses may be reached.
    pub allow_private: bool,
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            connect_timeout_secs: 5,
            first_token_timeout_secs: 60,
            between_tokens_timeout_secs: 30,
            total_timeout_secs: 300,
            retries: 2,
            breaker_failures: 5,
            breaker_open_secs: 15,
            allow_private: false,
        }
    }
}

impl UpstreamConfig {
    /// Until a connection stands.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_secs(self.connect_timeout_secs)
    }

    /// From the request to the first token.
    pub fn first_token_timeout(&self) -> Duration {
        Duration::from_secs(self.first_token_timeout_secs)
    }

    /// Between two tokens.
    pub fn between_tokens_timeout(&self) -> Duration {
        Duration::from_secs(self.between_tokens_timeout_secs)
    }

    /// From the request to the end.
    pub fn total_timeout(&self) -> Duration {
        Duration::from_secs(self.total_timeout_secs)
    }
}
