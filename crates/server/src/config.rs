//! The configuration: `booth.toml`, overridden by `BOOTH_SECTION__KEY`, checked as a whole.
//!
//! Owns: every key, its default, where it may come from, and the sentence that refuses it.
//! Must not own: acting on a key; the module that needs it does.
//! Invariant: a `Config` that exists can be served, and its secrets are never printed.

mod check;
mod file;
pub mod limits;
mod overrides;
mod sections;
pub mod team;
pub mod upstream;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use serde::Deserialize;

pub use limits::LimitsConfig;
pub use sections::{
    DatabaseConfig, MetricsConfig, ModerationConfig, OrganiserConfig, PrivacyConfig, ServerConfig,
    SpeechConfig, StaffConfig,
};
pub use team::TeamConfig;
pub use upstream::UpstreamConfig;

/// Why a configuration cannot be used, in one sentence for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// Something in the file is wrong.
    #[error("{place}: {problem}")]
    Wrong {
        /// File and line, or the variable.
        place: String,
        /// What is wrong there.
        problem: String,
    },
    /// The configuration as a whole does not allow a start.
    #[error("{0}")]
    Refused(String),
}

/// A configuration that was read and checked.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[server]`.
    pub server: ServerConfig,
    /// `[database]`.
    pub database: DatabaseConfig,
    /// `[limits]`.
    pub limits: LimitsConfig,
    /// `[upstream]`.
    pub upstream: UpstreamConfig,
    /// `[privacy]`.
    pub privacy: PrivacyConfig,
    /// `[staff]`.
    pub staff: StaffConfig,
    /// `[organiser]`.
    pub organiser: OrganiserConfig,
    /// `[metrics]`; accepted, not in force yet.
    pub metrics: MetricsConfig,
    /// `[moderation]`; accepted, not in force yet.
    pub moderation: Option<ModerationConfig>,
    /// `[speech]`; accepted, not in force yet.
    pub speech: Option<SpeechConfig>,
    /// `[teams.*]` by team id.
    pub teams: BTreeMap<String, TeamConfig>,
    /// The values of the variables that `…_env` keys name, by variable.
    #[serde(skip)]
    pub secrets: BTreeMap<String, String>,
    /// Accepted, but to be told to whoever runs the server.
    #[serde(skip)]
    pub warnings: Vec<String>,
    #[serde(skip)]
    source: file::Source,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("server", &self.server)
            .field("database", &self.database)
            .field("limits", &self.limits)
            .field("upstream", &self.upstream)
            .field("privacy", &self.privacy)
            .field("teams", &self.teams.keys())
            .field("secrets", &self.secrets.keys())
            .finish_non_exhaustive()
    }
}

/// What the command line says about the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--listen`.
    pub listen: Option<std::net::SocketAddr>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--event-dir`.
    pub event_dir: Option<PathBuf>,
}

/// The file that is read when it exists and no other is named.
pub const DEFAULT_FILE: &str = "booth.toml";

impl Config {
    /// Reads the file, then the environment, then the command line; collects the secrets.
    /// What needs the event is checked by [`Config::check_teams`].
    pub fn load(
        command_line: &CommandLine,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let source = match &command_line.config {
            Some(path) => file::Source::read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => {
                file::Source::read(Path::new(DEFAULT_FILE))?
            }
            None => file::Source::default(),
        };
        let table = source.table()?;
        let mut config = overrides::apply(table, environment)?;
        config.source = source;
        if let Some(listen) = command_line.listen {
            config.server.listen = listen;
        }
        if let Some(data_dir) = &command_line.data_dir {
            config.server.data_dir.clone_from(data_dir);
        }
        if let Some(event_dir) = &command_line.event_dir {
            config.server.event_dir = Some(event_dir.clone());
        }
        config.collect_secrets(environment)?;
        config.check()?;
        Ok(config)
    }

    /// The value of the variable that an `…_env` key names.
    pub fn secret(&self, variable: Option<&String>) -> Option<&str> {
        self.secrets.get(variable?).map(String::as_str)
    }

    fn collect_secrets(
        &mut self,
        environment: &BTreeMap<String, String>,
    ) -> Result<(), ConfigError> {
        let mut secrets = BTreeMap::new();
        for (path, variable) in self.secret_keys() {
            match environment.get(&variable).filter(|value| !value.is_empty()) {
                Some(value) => {
                    secrets.insert(variable, value.clone());
                }
                None => {
                    let key = path.last().map_or("", String::as_str);
                    let problem = format!("{key} names the variable {variable}, which is not set");
                    return Err(self.wrong(&path, problem));
                }
            }
        }
        self.secrets = secrets;
        Ok(())
    }

    /// Every `…_env` key that is set: its path and the variable it names.
    fn secret_keys(&self) -> Vec<(Vec<String>, String)> {
        let mut keys: Vec<(Vec<String>, String)> = [
            (["server", "hash_key_env"], &self.server.hash_key_env),
            (["staff", "pin_env"], &self.staff.pin_env),
            (["staff", "panel_code_env"], &self.staff.panel_code_env),
            (["organiser", "password_env"], &self.organiser.password_env),
            (["metrics", "token_env"], &self.metrics.token_env),
        ]
        .into_iter()
        .filter_map(|(path, name)| Some((path.map(str::to_owned).to_vec(), name.clone()?)))
        .collect();
        let sections = [
            (
                "moderation",
                self.moderation
                    .as_ref()
                    .and_then(|table| table.api_key_env.clone()),
            ),
            (
                "speech",
                self.speech
                    .as_ref()
                    .and_then(|table| table.api_key_env.clone()),
            ),
        ];
        for (section, name) in sections {
            if let Some(name) = name {
                keys.push((vec![section.to_owned(), "api_key_env".to_owned()], name));
            }
        }
        for (id, team) in &self.teams {
            for service in team.services() {
                if let Some(name) = &service.api_key_env {
                    let path = ["teams", id, "api_key_env"].map(str::to_owned).to_vec();
                    keys.push((path, name.clone()));
                }
            }
        }
        keys
    }

    /// An error at this key: file and line if it stands in the file, else the variable.
    fn wrong<S: AsRef<str>>(&self, path: &[S], problem: impl Into<String>) -> ConfigError {
        ConfigError::Wrong {
            place: self.source.place(path),
            problem: problem.into(),
        }
    }
}
