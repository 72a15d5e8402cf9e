//! `kiosk-server check`: whether each team's service can be reached and answers as visitors need it.
//!
//! Owns: which services are checked, in which steps, and what is to be mended where one fails.
//! Must not own: how a service is asked in earnest, which is `llm`.
//! Invariant: nothing is written and nothing listens, so that it can run beside a server; no secret and
//! nothing of an answer is in the report.

mod connection;
mod question;
mod report;

use std::collections::BTreeMap;

use futures_util::future::join_all;

use self::report::Steps;
pub use self::report::{Checked, Report};
use crate::config::team::Fallback;
use crate::config::upstream::UpstreamConfig;
use crate::config::{CommandLine, Config, TeamConfig};
use crate::llm::SetupError;
use crate::llm::setup::{self, Backend, Service};
use crate::llm::upstream::Upstream;
use crate::startup::{self, StartError};

/// One service that is checked.
struct Subject<'a> {
    service: &'a Service,
    /// The variable that holds its key.
    variable: Option<&'a str>,
    patience: &'a UpstreamConfig,
    upstream: &'a Upstream,
}

/// Checks every service of every team, all at once.
pub async fn run(
    command_line: &CommandLine,
    environment: &BTreeMap<String, String>,
) -> Result<Report, StartError> {
    let config = Config::load(command_line, environment)?;
    let content = startup::load_content(&config)?;
    config.check_teams(&content.event)?;
    let backends = setup::backends(&content.event, &config)?;
    // A second try would hide what is wrong with the first.
    let patience = UpstreamConfig {
        retries: 0,
        ..config.upstream.clone()
    };
    let upstream = Upstream::new(&patience).map_err(SetupError::Client)?;
    let teams = content.event.teams.iter().flat_map(|team| {
        let backends = backends.get(&team.id).into_iter().flatten();
        backends
            .enumerate()
            .map(|(place, backend)| (&team.id, place, backend))
    });
    let (config, patience, upstream) = (&config, &patience, &upstream);
    let checks = teams.filter_map(|(team, place, backend)| match backend {
        Backend::Guide => None,
        Backend::Service(service) => {
            let table = table(config, team, place);
            let subject = Subject {
                service,
                variable: table.and_then(|table| table.api_key_env.as_deref()),
                patience,
                upstream,
            };
            Some(async move { subject.check(team, place).await })
        }
    });
    Ok(Report::new(join_all(checks).await))
}

/// The table of the service at this place, 0 being the team's own.
fn table<'a>(config: &'a Config, team: &str, place: usize) -> Option<&'a TeamConfig> {
    let table = config.teams.get(team)?;
    let Some(place) = place.checked_sub(1) else {
        return Some(table);
    };
    match table.fallbacks.get(place)? {
        Fallback::Named(_) => None,
        Fallback::Service(table) => Some(table),
    }
}

impl Subject<'_> {
    async fn check(&self, team: &str, place: usize) -> Checked {
        let mut steps = Steps::default();
        let endpoint = &self.service.endpoint;
        let reached = connection::reach(&mut steps, &endpoint.url, self.patience).await;
        let heard = match reached {
            Some(()) => self.ask(&mut steps).await,
            None => None,
        };
        Checked::new(team, place, endpoint, steps, heard)
    }
}
