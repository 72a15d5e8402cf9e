//! The sections that are plain data.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use serde::Deserialize;
use url::Url;

/// `[server]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Where the database and the hash key lie.
    pub data_dir: PathBuf,
    /// The event folder; absent: the built-in content.
    pub event_dir: Option<PathBuf>,
    /// The one origin of the whole event.
    pub public_url: Option<Url>,
    /// Variable that holds the key of the entries' hashes.
    pub hash_key_env: Option<String>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data_dir: PathBuf::from("./data"),
            event_dir: None,
            public_url: None,
            hash_key_env: None,
        }
    }
}

/// `[database]`.
///
/// Not shown: the address may hold a password.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://…`; absent: `booth.sqlite3` in the data folder.
    pub url: Option<String>,
}

impl DatabaseConfig {
    /// The path in a `sqlite:` address.
    pub(super) fn path(&self) -> Option<PathBuf> {
        let rest = self.url.as_deref()?.strip_prefix("sqlite:")?;
        Some(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
    }

    /// The address of a `PostgreSQL` server.
    pub(super) fn postgres(&self) -> Option<&str> {
        let is_one = |url: &&str| url.starts_with("postgres:") || url.starts_with("postgresql:");
        self.url.as_deref().filter(is_one)
    }
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabasePlace {
    /// In a file of `SQLite`.
    File(PathBuf),
    /// On a `PostgreSQL` server, at this address.
    Postgres(String),
}

/// `[privacy]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrivacyConfig {
    /// Who is responsible.
    pub controller: String,
    /// How to reach them.
    pub contact: String,
    /// How long entries are kept.
    pub retention_days: u32,
}

impl Default for PrivacyConfig {
    fn default() -> Self {
        Self {
            controller: String::new(),
            contact: String::new(),
            retention_days: 90,
        }
    }
}

/// `[staff]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StaffConfig {
    /// Variable that holds the PIN of the lead named `first`.
    pub pin_env: Option<String>,
    /// Variable that holds the code of the tablets' staff panel.
    pub panel_code_env: Option<String>,
}

/// `[organiser]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrganiserConfig {
    /// Variable that holds the password of the organiser named `first`.
    pub password_env: Option<String>,
}

/// `[metrics]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Variable that holds the token for reading metrics from elsewhere.
    pub token_env: Option<String>,
}

/// `[moderation]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModerationConfig {
    /// A file of rules in the event folder; absent: `moderation.toml`, if it is there; empty: none.
    pub rules: Option<String>,
    /// Address of a moderation service.
    pub base_url: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Variable that holds its key.
    pub api_key_env: Option<String>,
    /// Who receives what visitors type.
    pub recipient: Option<String>,
    /// In which country.
    pub country: Option<String>,
    /// How long it is kept there.
    pub retention: Option<String>,
    /// Whether it is used for training.
    pub trains_on_input: bool,
}

/// `[speech]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpeechConfig {
    /// Address of an OpenAI-compatible transcription service.
    pub base_url: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Variable that holds its key.
    pub api_key_env: Option<String>,
    /// The language spoken.
    pub language: Option<String>,
    /// Who receives what visitors say.
    pub recipient: Option<String>,
    /// In which country.
    pub country: Option<String>,
    /// How long it is kept there.
    pub retention: Option<String>,
    /// Whether it is used for training.
    pub trains_on_input: bool,
}
