//! What was found, for people and for programs.
//!
//! Owns: the shape of the report. Must not own: finding out.
//! Invariant: a step that failed says what to mend, and a service is good only if all its steps are.

use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::llm::openai::Endpoint;

/// How a service's thinking reaches visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Thinking {
    /// There was none.
    None,
    /// It was told from the answer.
    Hidden,
    /// It stood in the answer.
    Leaks,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What.
    pub name: &'static str,
    /// Whether it went well.
    pub ok: bool,
    /// How long it took.
    pub ms: u64,
    /// What to mend, or what else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// The steps of one service, in order.
#[derive(Debug, Default)]
pub(super) struct Steps(Vec<Step>);

/// What came of a step, and what is to be known of it; or what is to be mended.
pub(super) type Tried<T> = Result<(T, Option<String>), String>;

impl Steps {
    /// Takes a step; nothing comes of one that failed.
    pub(super) async fn take<T>(
        &mut self,
        name: &'static str,
        step: impl Future<Output = Tried<T>>,
    ) -> Option<T> {
        let started = Instant::now();
        let tried = step.await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (ok, says, came) = match tried {
            Ok((came, says)) => (true, says, Some(came)),
            Err(says) => (false, Some(says), None),
        };
        self.0.push(Step { name, ok, ms, says });
        came
    }
}

impl Steps {
    /// Takes a step that was tried already.
    pub(super) fn took(&mut self, name: &'static str, time: Duration, tried: Tried<()>) {
        let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (ok, says) = match tried {
            Ok(((), says)) => (true, says),
            Err(says) => (false, Some(says)),
        };
        self.0.push(Step { name, ok, ms, says });
    }
}

/// What was heard in a short answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) first_token_ms: u64,
    pub(super) thinking: Thinking,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Team id.
    pub team: String,
    /// 0 is the team's own, 1 the first that stands in for it.
    pub place: usize,
    /// The model's id there.
    pub model: String,
    /// Where it is.
    pub base_url: String,
    /// Whether nothing is to be mended.
    pub ok: bool,
    /// What was tried, until something failed.
    pub steps: Vec<Step>,
    /// How long the first token took.
    pub first_token_ms: Option<u64>,
    /// Whether visitors would see its thinking as its answer.
    pub thinking: Option<Thinking>,
}

impl Checked {
    pub(super) fn new(
        team: &str,
        place: usize,
        endpoint: &Endpoint,
        Steps(steps): Steps,
        heard: Option<Heard>,
    ) -> Self {
        let mut url = endpoint.url.clone();
        // Whoever wrote a password there knows it; nobody else is to read it.
        url.set_username("").ok();
        url.set_password(None).ok();
        url.set_query(None);
        let base_url = url.as_str().trim_end_matches("/chat/completions");
        Self {
            team: team.to_owned(),
            place,
            model: endpoint.model.clone(),
            base_url: base_url.to_owned(),
            ok: steps.iter().all(|step| step.ok),
            steps,
            first_token_ms: heard.map(|heard| heard.first_token_ms),
            thinking: heard.map(|heard| heard.thinking),
        }
    }
}

/// Everything that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing is to be mended.
    pub ok: bool,
    /// Every service of every team, in the event's order.
    pub teams: Vec<Checked>,
}

impl Report {
    pub(super) fn new(teams: Vec<Checked>) -> Self {
        Self {
            ok: teams.iter().all(|checked| checked.ok),
            teams,
        }
    }

    /// As one JSON document.
    pub fn to_json(&self) -> String {
        // Nothing in it is beyond JSON.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.teams.is_empty() {
            return write!(
                f,
                "No team has a service; the built-in guide answers for all."
            );
        }
        for (number, checked) in self.teams.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            write!(f, "{checked}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.team)?;
        if self.place > 0 {
            write!(f, ", fallback {}", self.place)?;
        }
        let verdict = if self.ok { "good" } else { "to be mended" };
        write!(f, ": {verdict} ({} at {})", self.model, self.base_url)?;
        if let Some(ms) = self.first_token_ms {
            write!(f, ", first token after {ms} ms")?;
        }
        for step in &self.steps {
            if let Some(says) = &step.says {
                write!(f, "\n  {}: {says}", step.name)?;
            }
        }
        Ok(())
    }
}
