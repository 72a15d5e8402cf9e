//! Which services answer for which team.
//!
//! Owns: turning the configuration's tables into endpoints, each with a line of its own.
//! Must not own: asking them.
//! Invariant: every team of the event is here; one without a table is answered by the guide.

use std::collections::BTreeMap;
use std::sync::Arc;

use kiosk_wire::event::{Event, Recipient};

use super::openai::Endpoint;
use super::queue::Line;
use crate::config::Config;
use crate::config::team::{Dialect, Fallback, TeamConfig};

/// Why the services cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// `base_url` is none.
    #[error("[teams.{team}] base_url is not an http or https address without a user and password")]
    Address {
        /// Team id.
        team: String,
    },
    /// A name or value of `extra_headers` cannot be sent.
    #[error("[teams.{team}] extra_headers: {name} cannot be sent as a header")]
    Header {
        /// Team id.
        team: String,
        /// The header's name.
        name: String,
    },
    /// The key is missing, or holds what no header can.
    #[error(
        "[teams.{team}] api_key_env: the variable {variable} is not set or cannot be sent as a key"
    )]
    Key {
        /// Team id.
        team: String,
        /// The variable's name.
        variable: String,
    },
    /// The HTTP client cannot be built.
    #[error("no encrypted connections can be made: {0}")]
    Client(#[source] reqwest::Error),
    /// The event's zone is unknown.
    #[error("the event's time zone is unknown: {0}")]
    TimeZone(#[source] jiff::Error),
}

/// One service and the line in front of it.
#[derive(Debug)]
pub struct Service {
    /// How to ask it.
    pub endpoint: Endpoint,
    /// Who waits for it.
    pub line: Arc<Line>,
    /// Whether it takes pictures.
    pub images: bool,
}

/// Who may answer, in the order they are asked.
#[derive(Debug)]
pub enum Backend {
    /// A service.
    Service(Box<Service>),
    /// The built-in guide.
    Guide,
}

/// All who may answer for one team; the first is the team's own.
pub type Backends = Vec<Backend>;

/// The backends of every team of the event.
pub fn backends(event: &Event, config: &Config) -> Result<BTreeMap<String, Backends>, SetupError> {
    let set_up = |id: &str| match config.teams.get(id) {
        Some(table) => team(id, table, config),
        None => Ok(vec![Backend::Guide]),
    };
    event
        .teams
        .iter()
        .map(|team| Ok((team.id.clone(), set_up(&team.id)?)))
        .collect()
}

fn team(id: &str, table: &TeamConfig, config: &Config) -> Result<Backends, SetupError> {
    let mut backends = vec![backend(id, table, config)?];
    for fallback in &table.fallbacks {
        backends.push(match fallback {
            Fallback::Named(_) => Backend::Guide,
            // A fallback's own fallbacks are not asked: the list is flat.
            Fallback::Service(table) => backend(id, table, config)?,
        });
    }
    Ok(backends)
}

fn backend(id: &str, table: &TeamConfig, config: &Config) -> Result<Backend, SetupError> {
    if table.dialect == Dialect::Guide {
        return Ok(Backend::Guide);
    }
    Ok(Backend::Service(Box::new(Service {
        endpoint: Endpoint::new(id, table, &config.secrets)?,
        line: Line::new(table.max_concurrent, config.limits.queue_len),
        images: table.images,
    })))
}

/// Who receives what visitors type: one entry for each service, with all teams whose chats go there.
pub fn recipients(event: &Event, config: &Config) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> = Vec::new();
    for team in &event.teams {
        let Some(table) = config.teams.get(&team.id) else {
            continue;
        };
        let fallbacks = table
            .fallbacks
            .iter()
            .filter_map(|fallback| match fallback {
                Fallback::Named(_) => None,
                Fallback::Service(table) => Some(&**table),
            });
        for service in std::iter::once(table).chain(fallbacks) {
            add_recipient(&mut recipients, &team.id, service);
        }
    }
    recipients
}

fn add_recipient(recipients: &mut Vec<Recipient>, team: &str, table: &TeamConfig) {
    let Some(name) = table
        .recipient
        .as_ref()
        .filter(|_| table.dialect != Dialect::Guide)
    else {
        return;
    };
    let new = Recipient {
        teams: vec![team.to_owned()],
        name: name.clone(),
        country: table.country.clone().unwrap_or_default(),
        retention: table.retention.clone().unwrap_or_default(),
        trains_on_input: table.trains_on_input,
    };
    let same = |known: &&mut Recipient| {
        Recipient {
            teams: new.teams.clone(),
            ..(**known).clone()
        } == new
    };
    match recipients.iter_mut().find(same) {
        Some(known) if known.teams.iter().any(|id| id == team) => {}
        Some(known) => known.teams.push(team.to_owned()),
        None => recipients.push(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> TeamConfig {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn services_with_the_same_terms_are_one_recipient() {
        let mut recipients = Vec::new();
        let cloud = table("recipient='Cloud'\ncountry='KR'");
        add_recipient(&mut recipients, "skt", &cloud);
        add_recipient(&mut recipients, "skt", &cloud);
        add_recipient(&mut recipients, "upstage", &cloud);
        add_recipient(
            &mut recipients,
            "upstage",
            &table("recipient='Cloud'\ncountry='KR'\ntrains_on_input=true"),
        );
        add_recipient(
            &mut recipients,
            "nc-ai",
            &table("dialect='guide'\nrecipient='Nobody'"),
        );
        let teams: Vec<&[String]> = recipients
            .iter()
            .map(|recipient| recipient.teams.as_slice())
            .collect();
        assert_eq!(
            teams,
            [
                &["skt".to_owned(), "upstage".to_owned()][..],
                &["upstage".to_owned()][..]
            ]
        );
    }
}
