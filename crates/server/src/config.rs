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
    DatabaseConfig, DatabasePlace, MetricsConfig, ModerationConfig, OrganiserConfig, PrivacyConfig,
    ServerConfig, SpeechConfig, StaffConfig,
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
    /// `[metrics]`.
    pub metrics: MetricsConfig,
    /// `[moderation]`.
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

/// Of the database, in the data folder.
const DATABASE: &str = "booth.sqlite3";

/// The file that is read when it exists and no other is named.
pub const DEFAULT_FILE: &str = "booth.toml";

impl Config {
    /// Reads the file, then the environment, then the command line; collects the secrets.
    /// What needs the event is checked by [`Config::check_teams`].
    pub fn load(
        command_line: &CommandLine,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut config = Self::read(command_line, environment)?;
        config.collect_secrets(environment)?;
        config.check()?;
        Ok(config)
    }

    /// The same without secrets and most checks, for work that only needs to know where things lie.
    pub fn read(
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
        config.check_database()?;
        Ok(config)
    }

    /// Where the database is.
    pub fn database_place(&self) -> DatabasePlace {
        if let Some(url) = self.database.postgres() {
            return DatabasePlace::Postgres(url.to_owned());
        }
        let configured = self.database.path();
        DatabasePlace::File(configured.unwrap_or_else(|| self.server.data_dir.join(DATABASE)))
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
            let Some(value) = environment.get(&variable).filter(|value| !value.is_empty()) else {
                let problem =
                    format!("the variable {variable}, which should hold a secret, is not set");
                return Err(self.wrong(&path, problem));
            };
            secrets.insert(variable, value.clone());
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
            for (service, key) in team.services().into_iter().zip(check::keys("api_key_env")) {
                if let Some(name) = &service.api_key_env {
                    keys.push((["teams", id, key].map(str::to_owned).to_vec(), name.clone()));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn load(text: &str, pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.toml");
        std::fs::write(&path, text).unwrap();
        let command_line = CommandLine {
            config: Some(path),
            ..CommandLine::default()
        };
        Config::load(&command_line, &environment(pairs))
    }

    #[test]
    fn the_environment_overrides_the_file_key_by_key() {
        let file = "[limits]\nmax_turns = 5\nidle_secs = 50\n[teams.lg-ai-research]\nbase_url = \"https://a.example/v1\"\n";
        let config = load(
            file,
            &[
                ("BOOTH_LIMITS__MAX_TURNS", "7"),
                ("BOOTH_TEAMS__LG_AI_RESEARCH__MODEL", "42"),
                ("BOOTH_TEAMS__LG_AI_RESEARCH__IMAGES", "true"),
                ("BOOTH_TEAMS__SKT__DIALECT", "guide"),
                ("BOOTH_TEAMS__SKT__FALLBACKS", "[]"),
                ("BOOTH_PRIVACY__CONTROLLER", "Office = 1"),
                ("BOOTH_SECRET", "not ours"),
            ],
        )
        .unwrap();
        assert_eq!((config.limits.max_turns, config.limits.idle_secs), (7, 50));
        let team = &config.teams["lg-ai-research"];
        assert_eq!((team.model.as_str(), team.images), ("42", true));
        assert_eq!(team.base_url, "https://a.example/v1");
        assert!(config.teams["skt"].fallbacks.is_empty());
        assert_eq!(config.privacy.controller, "Office = 1");
    }

    #[test]
    fn the_command_line_overrides_both() {
        let command_line = CommandLine {
            listen: Some("127.0.0.1:9".parse().unwrap()),
            data_dir: Some("there".into()),
            ..CommandLine::default()
        };
        let set = environment(&[("BOOTH_SERVER__LISTEN", "127.0.0.1:8")]);
        let config = Config::load(&command_line, &set).unwrap();
        assert_eq!(config.server.listen.port(), 9);
        assert_eq!(config.server.data_dir, Path::new("there"));
    }

    #[test]
    fn secrets_are_read_and_never_printed() {
        let file = "[teams.skt]\nbase_url = \"https://a.example/v1\"\napi_key_env = \"KEY\"\n";
        let config = load(file, &[("KEY", "hush")]).unwrap();
        assert_eq!(config.secret(Some(&"KEY".to_owned())), Some("hush"));
        assert!(!format!("{config:?}").contains("hush"));
        assert!(load(file, &[("KEY", "")]).is_err());
        assert!(load(file, &[("KEY", "two\nlines")]).is_err());
    }

    /// Entries that tell of it would be refused.
    #[test]
    fn a_model_is_no_longer_than_the_name_of_one() {
        let model = |name: &str| {
            let file = "[teams.skt]\nbase_url = \"https://a.example/v1\"\nmodel = ";
            load(&format!("{file}{name:?}\n"), &[])
        };
        assert!(model(&"가".repeat(100)).is_ok());
        assert!(model(&"가".repeat(101)).is_err());
        assert!(model("two\nlines").is_err());
    }

    /// Addresses are logged and shown, and so is what is wrong with one.
    #[test]
    fn a_key_in_an_address_is_refused_and_not_repeated() {
        for url in [
            "https://user:c4n4ry@a.example/v1",
            "https://c4n4ry@a.example/v1",
        ] {
            let team = format!("[teams.skt]\nbase_url = \"{url}\"\n");
            let fallback = format!(
                "[teams.skt]\nbase_url = \"https://a.example/v1\"\nfallbacks = [{{ base_url = \"{url}\" }}]\n"
            );
            for file in [team, fallback] {
                let error = load(&file, &[]).unwrap_err();
                let told = format!("{error} {error:?}");
                assert!(
                    told.contains("api_key_env") && !told.contains("c4n4ry"),
                    "{told}"
                );
            }
        }
    }

    #[test]
    fn keys_without_effect_yet_are_accepted_with_a_warning() {
        let file = "[limits]\ncountdown_secs = 5\n[upstream]\nbreaker_failures = 1\nbreaker_open_secs = 1\n\
            [moderation]\nrules = \"r.toml\"\nbase_url = \"https://m.example/v1\"\n[speech]\nmodel = \"m\"\n[metrics]\ntoken_env = \"T\"\n";
        let config = load(file, &[("T", "t")]).unwrap();
        let told = config.warnings.join("\n");
        for key in ["countdown_secs", "speech"] {
            assert!(told.contains(key), "{key} is not in: {told}");
        }
        for key in ["breaker", "metrics", "moderation"] {
            assert!(!told.contains(key), "{told}");
        }
        assert!(load("", &[]).unwrap().warnings.is_empty());
    }

    #[test]
    fn a_moderation_service_that_cannot_be_asked_is_refused() {
        let refusal = |keys: &str| {
            let error = load(&format!("[moderation]\n{keys}\n"), &[("KEY", "k")]).unwrap_err();
            error.to_string()
        };
        for (keys, line, says) in [
            ("base_url = \"\"", 2, "needs a base_url"),
            ("base_url = \"m.example\"", 2, "needs a base_url"),
            (
                "base_url = \"https://u:c4n4ry@m.example\"",
                2,
                "api_key_env",
            ),
            ("rules = \"\"\nmodel = \"m\"", 3, "model needs the base_url"),
            ("api_key_env = \"KEY\"", 2, "api_key_env needs the base_url"),
        ] {
            let told = refusal(keys);
            let place = format!("test.toml, line {line}: ");
            assert!(told.contains(&place) && told.contains(says), "{told}");
            assert!(!told.contains("c4n4ry"), "{told}");
        }
        assert!(load("[moderation]\nrules = \"strict.toml\"\n", &[]).is_ok());
    }

    #[test]
    fn every_recipient_named_is_enough_beyond_loopback() {
        let file = "[server]\nlisten = \"0.0.0.0:80\"\npublic_url = \"https://booth.example\"\n\
            [privacy]\ncontroller = \"A\"\ncontact = \"B\"\n\
            [teams.skt]\nbase_url = \"https://a.example/v1\"\nrecipient = \"A\"\n\
            fallbacks = [{ base_url = \"https://b.example/v1\", recipient = \"B\" }, \"guide\"]\n";
        assert!(load(file, &[]).is_ok());
    }
}
