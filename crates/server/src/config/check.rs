//! Checks that need more than one key, and warnings.

use axum::http::{HeaderName, HeaderValue};
use kiosk_wire::{
    event::Event,
    feedback::{MAX_NAME_CHARS, is_name},
};

use crate::storage::postgres;

use super::{
    Config, ConfigError, TeamConfig,
    team::{Dialect, Fallback, has_credentials},
};

/// The keys at which the services of a team are found wrong: the team's own, then its fallbacks'.
pub(super) fn keys(own: &'static str) -> impl Iterator<Item = &'static str> {
    std::iter::once(own).chain(std::iter::repeat("fallbacks"))
}

impl TeamConfig {
    /// This service and those it falls back to, itself first.
    pub fn services(&self) -> Vec<&TeamConfig> {
        let mut services = vec![self];
        for fallback in &self.fallbacks {
            if let Fallback::Service(service) = fallback {
                services.extend(service.services());
            }
        }
        services
    }
}

impl Config {
    pub(super) fn check(&mut self) -> Result<(), ConfigError> {
        self.check_public_url()?;
        self.check_limits()?;
        self.check_services()?;
        self.check_moderation()?;
        if !self.server.listen.ip().is_loopback() {
            self.check_exposed()?;
        }
        self.collect_warnings();
        Ok(())
    }

    /// Refuses tables of teams that the event does not have.
    pub fn check_teams(&self, event: &Event) -> Result<(), ConfigError> {
        match self.teams.keys().find(|id| event.team(id).is_none()) {
            Some(id) => Err(self.wrong(&["teams", id], format!("the event has no team `{id}`"))),
            None => Ok(()),
        }
    }

    fn check_public_url(&self) -> Result<(), ConfigError> {
        let Some(url) = &self.server.public_url else {
            return Ok(());
        };
        let named = matches!(url.host(), Some(url::Host::Domain(_)));
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        if named && bare && matches!(url.scheme(), "http" | "https") {
            return Ok(());
        }
        Err(self.wrong(
            &["server", "public_url"],
            "public_url must be an origin with a name, such as https://booth.example",
        ))
    }

    pub(super) fn check_database(&self) -> Result<(), ConfigError> {
        let wrong = |problem: &str| Err(self.wrong(&["database", "url"], problem));
        if let Some(url) = self.database.postgres() {
            let checked = postgres::check_address(url);
            return checked.or_else(|error| wrong(&error.to_string()));
        }
        match self.database.url.as_deref() {
            None => Ok(()),
            Some("sqlite::memory:") => {
                wrong("url must name a file: entries must outlive the server")
            }
            Some(url) if url.starts_with("sqlite:") && url.len() > "sqlite:".len() => Ok(()),
            Some(_) => wrong("url must be sqlite:PATH or postgres://user:password@host/database"),
        }
    }

    fn check_limits(&self) -> Result<(), ConfigError> {
        let limits = &self.limits;
        if self.privacy.retention_days == 0 {
            let problem = "retention_days must be at least 1";
            return Err(self.wrong(&["privacy", "retention_days"], problem));
        }
        let at_least_one = [
            ("requests_per_minute", limits.requests_per_minute),
            ("answers_per_device", limits.answers_per_device),
            ("max_input_chars", limits.max_input_chars),
            ("max_turns", limits.max_turns),
            ("idle_secs", limits.idle_secs),
            ("countdown_secs", limits.countdown_secs),
        ];
        match at_least_one.into_iter().find(|(_, value)| *value == 0) {
            Some((key, _)) => {
                Err(self.wrong(&["limits", key], format!("{key} must be at least 1")))
            }
            None => Ok(()),
        }
    }

    fn check_services(&self) -> Result<(), ConfigError> {
        for (id, team) in &self.teams {
            for (at, service) in team.services().into_iter().enumerate() {
                self.check_service(service).map_err(|(own, problem)| {
                    let key = keys(own).nth(at).unwrap_or(own);
                    let table = ["teams", id.as_str()];
                    let path = if key.is_empty() {
                        table.to_vec()
                    } else {
                        [&table[..], &[key]].concat()
                    };
                    self.wrong(&path, problem)
                })?;
            }
        }
        Ok(())
    }

    /// The key at fault, empty if it is missing, and the problem.
    fn check_service(&self, service: &TeamConfig) -> Result<(), (&'static str, String)> {
        let unknown = service
            .fallbacks
            .iter()
            .find_map(|fallback| match fallback {
                Fallback::Named(name) if name != "guide" => Some(name),
                _ => None,
            });
        if let Some(name) = unknown {
            let problem = format!("`{name}` is no fallback; write \"guide\" or a table");
            return Err(("fallbacks", problem));
        }
        if service.dialect == Dialect::Guide {
            return Ok(());
        }
        check_base_url(&service.base_url)?;
        if !is_name(&service.model) {
            // Entries tell which model answered, and none with a longer name is taken.
            let most = format!("model must have at most {MAX_NAME_CHARS} plain characters");
            return Err(("model", most));
        }
        for (key, value) in [
            ("max_concurrent", service.max_concurrent),
            ("max_tokens", service.max_tokens),
        ] {
            if value == 0 {
                return Err((key, format!("{key} must be at least 1")));
            }
        }
        self.check_headers(service)
    }

    /// What cannot be sent is found now rather than at a visitor's first question.
    fn check_headers(&self, service: &TeamConfig) -> Result<(), (&'static str, String)> {
        let sendable = |name: &str, value: &str| {
            HeaderName::try_from(name).is_ok() && HeaderValue::try_from(value).is_ok()
        };
        let odd = service
            .extra_headers
            .iter()
            .find(|(name, value)| !sendable(name, value));
        if let Some((name, _)) = odd {
            return Err((
                "extra_headers",
                format!("`{name}` cannot be sent as a header"),
            ));
        }
        self.check_key(service.api_key_env.as_ref())
    }

    fn check_key(&self, variable: Option<&String>) -> Result<(), (&'static str, String)> {
        let key = self.secret(variable).unwrap_or_default();
        if HeaderValue::try_from(key).is_ok() {
            return Ok(());
        }
        let variable = variable.map(String::as_str).unwrap_or_default();
        Err((
            "api_key_env",
            format!("what {variable} holds cannot be sent as a key"),
        ))
    }

    fn check_moderation(&self) -> Result<(), ConfigError> {
        let Some(table) = &self.moderation else {
            return Ok(());
        };
        let Some(base_url) = &table.base_url else {
            // Without it nobody would be asked, which is not what whoever names a model or a key means.
            let set = [("model", &table.model), ("api_key_env", &table.api_key_env)];
            return match set.into_iter().find(|(_, value)| value.is_some()) {
                Some((key, _)) => {
                    let problem = format!("{key} needs the base_url of a moderation service");
                    Err(self.wrong(&["moderation", key], problem))
                }
                None => Ok(()),
            };
        };
        check_base_url(base_url)
            .and_then(|()| self.check_key(table.api_key_env.as_ref()))
            .map_err(|(key, problem)| {
                let key = if key.is_empty() { "base_url" } else { key };
                self.wrong(&["moderation", key], problem)
            })
    }

    /// Beyond loopback visitors must be told who is responsible and who receives their words.
    fn check_exposed(&self) -> Result<(), ConfigError> {
        let mut missing = Vec::new();
        if self.server.public_url.is_none() {
            missing.push("[server] public_url".to_owned());
        }
        if self.privacy.controller.trim().is_empty() {
            missing.push("[privacy] controller".to_owned());
        }
        if self.privacy.contact.trim().is_empty() {
            missing.push("[privacy] contact".to_owned());
        }
        let absent = |recipient: &Option<String>| {
            recipient
                .as_deref()
                .is_none_or(|name| name.trim().is_empty())
        };
        for (id, team) in &self.teams {
            let unnamed = |service: &&TeamConfig| {
                service.dialect == Dialect::Openai && absent(&service.recipient)
            };
            if team.services().iter().any(unnamed) {
                missing.push(format!("recipient for every service of [teams.{id}]"));
            }
        }
        let moderated = self
            .moderation
            .as_ref()
            .filter(|table| table.base_url.is_some());
        if moderated.is_some_and(|table| absent(&table.recipient)) {
            missing.push("[moderation] recipient".to_owned());
        }
        let spoken = self
            .speech
            .as_ref()
            .filter(|table| table.base_url.is_some());
        if spoken.is_some_and(|table| absent(&table.recipient)) {
            missing.push("[speech] recipient".to_owned());
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(ConfigError::Refused(format!(
            "listening on {} reaches beyond this machine and needs {}",
            self.server.listen,
            missing.join(", ")
        )))
    }

    fn collect_warnings(&mut self) {
        let mut warnings = Vec::new();
        if self.limits.countdown_secs < 20 {
            warnings.push(format!(
                "limits.countdown_secs = {} leaves little time to answer; 20 or more is advised",
                self.limits.countdown_secs
            ));
        }
        if self.speech.is_some() {
            warnings.push("speech is accepted and has no effect in this build yet".to_owned());
        }
        self.warnings = warnings;
    }
}

/// The key at fault, empty if it is missing, and the problem.
fn check_base_url(base_url: &str) -> Result<(), (&'static str, String)> {
    let web = |url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let parsed = url::Url::parse(base_url).ok();
    if parsed.as_ref().is_some_and(has_credentials) {
        let says = "base_url is shown where services are told of; put its key into a variable and name that in api_key_env";
        return Err(("base_url", says.to_owned()));
    }
    if parsed.as_ref().is_some_and(web) {
        return Ok(());
    }
    let key = if base_url.is_empty() { "" } else { "base_url" };
    Err((
        key,
        "a service needs a base_url such as https://api.example/v1".to_owned(),
    ))
}
