//! Which services answer for which team.
//!
//! Owns: turning the configuration's tables into endpoints; those that lead to the same service with the
//! same key share its line and its breaker, whichever team they stand in.
//! Must not own: asking them.
//! Invariant: every team of the event is here; one without a table is answered by the guide. A service
//! is asked by no more at a time than the smallest number any of its tables names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use kiosk_wire::event::{Event, Recipient};
use url::Url;

use super::breaker::Breaker;
use super::openai::Endpoint;
use super::queue::Line;
use crate::config::team::{Dialect, Fallback, TeamConfig};
use crate::config::{Config, ModerationConfig};

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
    /// The moderation service's table is wrong.
    #[error("[moderation] {0} cannot be used")]
    Moderation(&'static str),
    /// The HTTP client cannot be built.
    #[error("no encrypted connections can be made: {0}")]
    Client(#[source] reqwest::Error),
    /// The event's zone is unknown.
    #[error("the event's time zone is unknown: {0}")]
    TimeZone(#[source] jiff::Error),
}

/// One service, the line in front of it and what spares it.
#[derive(Debug)]
pub struct Service {
    /// How to ask it.
    pub endpoint: Endpoint,
    /// Who waits for it.
    pub line: Arc<Line>,
    /// Whether it may be asked.
    pub breaker: Arc<Breaker>,
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
    let doors = doors(config);
    let set_up = |id: &str| match config.teams.get(id) {
        Some(table) => team(id, table, config, &doors),
        None => Ok(vec![Backend::Guide]),
    };
    event
        .teams
        .iter()
        .map(|team| Ok((team.id.clone(), set_up(&team.id)?)))
        .collect()
}

/// What makes two tables lead to the same service: address, model, and the variable of the key, as
/// services count by key.
type Key<'a> = (Option<Url>, &'a str, Option<&'a str>);

/// What everybody who asks one service goes through.
type Door = (Arc<Line>, Arc<Breaker>);

fn key(table: &TeamConfig) -> Key<'_> {
    let variable = table.api_key_env.as_deref();
    (Endpoint::address(&table.base_url), &table.model, variable)
}

fn doors(config: &Config) -> HashMap<Key<'_>, Door> {
    let mut smallest = HashMap::new();
    for table in config.teams.values().flat_map(tables) {
        let at_a_time = smallest.entry(key(table)).or_insert(u32::MAX);
        *at_a_time = table.max_concurrent.min(*at_a_time);
    }
    let pause = Duration::from_secs(config.upstream.breaker_open_secs);
    let door = |at_a_time| {
        let line = Line::new(at_a_time, config.limits.queue_len);
        (line, Breaker::new(config.upstream.breaker_failures, pause))
    };
    let doors = smallest.into_iter();
    doors
        .map(|(key, at_a_time)| (key, door(at_a_time)))
        .collect()
}

/// The services that may be asked for a team, its own first. A fallback's own fallbacks are not: the
/// list is flat.
fn tables(table: &TeamConfig) -> impl Iterator<Item = &TeamConfig> {
    let fallbacks = table.fallbacks.iter();
    let fallbacks = fallbacks.filter_map(|fallback| match fallback {
        Fallback::Named(_) => None,
        Fallback::Service(table) => Some(&**table),
    });
    std::iter::once(table).chain(fallbacks)
}

fn team(
    id: &str,
    table: &TeamConfig,
    config: &Config,
    doors: &HashMap<Key<'_>, Door>,
) -> Result<Backends, SetupError> {
    let backend = |table| backend(id, table, config, doors);
    let mut backends = vec![backend(table)?];
    for fallback in &table.fallbacks {
        backends.push(match fallback {
            Fallback::Named(_) => Backend::Guide,
            Fallback::Service(table) => backend(table)?,
        });
    }
    Ok(backends)
}

fn backend(
    id: &str,
    table: &TeamConfig,
    config: &Config,
    doors: &HashMap<Key<'_>, Door>,
) -> Result<Backend, SetupError> {
    if table.dialect == Dialect::Guide {
        return Ok(Backend::Guide);
    }
    let endpoint = Endpoint::new(id, table, &config.secrets)?;
    let (line, breaker) = doors
        .get(&key(table))
        .cloned()
        .ok_or_else(|| SetupError::Address {
            team: id.to_owned(),
        })?;
    Ok(Backend::Service(Box::new(Service {
        endpoint,
        line,
        breaker,
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
        for service in tables(table) {
            if let Some(recipient) = team_recipient(service) {
                add_recipient(&mut recipients, &team.id, recipient);
            }
        }
    }
    // What is asked of the guide is judged as well, so it receives every team's chats.
    if let Some(recipient) = config.moderation.as_ref().and_then(moderation_recipient) {
        for team in &event.teams {
            add_recipient(&mut recipients, &team.id, recipient.clone());
        }
    }
    recipients
}

fn team_recipient(table: &TeamConfig) -> Option<Recipient> {
    let terms = (&table.country, &table.retention, table.trains_on_input);
    recipient(table.recipient.as_ref(), terms).filter(|_| table.dialect != Dialect::Guide)
}

fn moderation_recipient(table: &ModerationConfig) -> Option<Recipient> {
    table.base_url.as_ref()?;
    let terms = (&table.country, &table.retention, table.trains_on_input);
    recipient(table.recipient.as_ref(), terms)
}

/// Country, how long it is kept, whether it is used for training.
type Terms<'a> = (&'a Option<String>, &'a Option<String>, bool);

fn recipient(name: Option<&String>, (country, retention, trained): Terms<'_>) -> Option<Recipient> {
    Some(Recipient {
        teams: Vec::new(),
        name: name.cloned()?,
        country: country.clone().unwrap_or_default(),
        retention: retention.clone().unwrap_or_default(),
        trains_on_input: trained,
    })
}

fn add_recipient(recipients: &mut Vec<Recipient>, team: &str, recipient: Recipient) {
    let new = Recipient {
        teams: vec![team.to_owned()],
        ..recipient
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
        let trained = table("recipient='Cloud'\ncountry='KR'\ntrains_on_input=true");
        let guide = table("dialect='guide'\nrecipient='Nobody'");
        assert_eq!(team_recipient(&guide), None);
        for (team, table) in [
            ("skt", &cloud),
            ("skt", &cloud),
            ("upstage", &cloud),
            ("upstage", &trained),
        ] {
            add_recipient(&mut recipients, team, team_recipient(table).unwrap());
        }
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
