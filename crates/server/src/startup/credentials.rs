//! First-run secrets: made at random, or taken from variables, and kept as hashes.

use super::StartError;
use crate::{
    auth::{people::FIRST, secret},
    config::Config,
    random,
    storage::{Person, Realm, Storage},
};

/// What is to be printed, and what tablets are told.
pub(super) struct FirstRun {
    pub(super) lines: Vec<String>,
    pub(super) panel_verifier: String,
}

/// Makes what is missing and replaces what a variable now says otherwise.
pub(super) async fn ensure(config: &Config, storage: &dyn Storage) -> Result<FirstRun, StartError> {
    let mut lines = Vec::new();
    let held = storage.panel_verifier().await?;
    let panel = panel(
        config.secret(config.staff.panel_code_env.as_ref()),
        held,
        &mut lines,
    )?;
    let pin = Wanted {
        realm: Realm::Staff,
        role: "lead",
        label: "staff PIN",
        given: config.secret(config.staff.pin_env.as_ref()),
    };
    let password = Wanted {
        realm: Realm::Organiser,
        role: "organiser",
        label: "organiser password",
        given: config.secret(config.organiser.password_env.as_ref()),
    };
    let mut people = Vec::new();
    for wanted in [pin, password] {
        let held = storage.person(wanted.realm, FIRST).await?;
        people.extend(wanted.person(held, &mut lines)?);
    }
    if panel.is_new || !people.is_empty() {
        let verifier = panel.is_new.then(|| panel.verifier.clone());
        storage.put_credentials(people, verifier).await?;
    }
    Ok(FirstRun {
        lines,
        panel_verifier: panel.verifier,
    })
}

struct Panel {
    verifier: String,
    is_new: bool,
}

fn panel(
    given: Option<&str>,
    held: Option<String>,
    lines: &mut Vec<String>,
) -> Result<Panel, StartError> {
    let made = match (given, held) {
        (Some(code), Some(verifier)) if secret::panel_matches(&verifier, code) => {
            return Ok(Panel {
                verifier,
                is_new: false,
            });
        }
        (None, Some(verifier)) => {
            return Ok(Panel {
                verifier,
                is_new: false,
            });
        }
        (Some(code), _) => code.to_owned(),
        (None, None) => {
            let code = random::six_digits()?;
            lines.push(format!("panel code: {code}"));
            code
        }
    };
    Ok(Panel {
        verifier: secret::panel_verifier(&made)?,
        is_new: true,
    })
}

struct Wanted<'a> {
    realm: Realm,
    role: &'a str,
    label: &'a str,
    given: Option<&'a str>,
}

impl Wanted<'_> {
    /// The person to keep; `None` if the one that is held is right.
    fn person(
        &self,
        held: Option<Person>,
        lines: &mut Vec<String>,
    ) -> Result<Option<Person>, StartError> {
        let secret = match (self.given, held) {
            (Some(given), Some(held)) if secret::verify_now(given, Some(&held.secret_hash)) => {
                return Ok(None);
            }
            (None, Some(_)) => return Ok(None),
            (Some(given), _) => given.to_owned(),
            (None, None) => self.made(lines)?,
        };
        Ok(Some(Person {
            realm: self.realm,
            name: FIRST.to_owned(),
            role: self.role.to_owned(),
            secret_hash: secret::hash(&secret)?,
        }))
    }

    fn made(&self, lines: &mut Vec<String>) -> Result<String, StartError> {
        let secret = secret::make(self.realm)?;
        lines.push(format!("{}: {secret}", self.label));
        Ok(secret)
    }
}
