//! Sums of the feedback: what organisers and teams read instead of entries.
//!
//! Owns: what is counted, for whom, and what is never counted together.
//! Must not own: reading entries, or drawing.
//! Invariant: kinds and versions of the survey are never mixed, answers of the guide stand apart
//! from a team's, and nothing is put in an order of merit.

mod forms;
pub mod kept;

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, tz::TimeZone};
use kiosk_wire::{
    console::{Summary, TeamSummary, ThumbSummary, VisitsSummary},
    feedback::{Entry, Kind, Origin, Outcome, Thumb},
    id,
};
use serde::Serialize;
use serde_json::Value;

use crate::feedback::rfc3339;
use forms::Forms;

/// A summary in the making; it grows with the number of visits by a few bytes each.
pub struct Tally {
    zone: TimeZone,
    /// How many of the teams are the event's.
    in_event: usize,
    teams: Vec<TeamTally>,
    visits: HashMap<[u8; 16], Visit>,
    ended: VisitsSummary,
    not_counted: u64,
}

/// What is known of one visit.
#[derive(Default)]
struct Visit {
    form: bool,
    ended: bool,
    /// Index of the team it ended with. Small, for there may be a million of these.
    team: Option<u16>,
}

#[derive(Default)]
struct TeamTally {
    summary: TeamSummary,
    forms: Forms,
    guide_served: Forms,
}

impl Tally {
    /// Nothing counted yet; the event's teams in its order, its clocks in this zone.
    pub fn new<'a>(teams: impl IntoIterator<Item = &'a str>, zone: TimeZone) -> Self {
        let teams: Vec<TeamTally> = teams.into_iter().map(TeamTally::new).collect();
        Self {
            zone,
            in_event: teams.len(),
            teams,
            visits: HashMap::new(),
            ended: VisitsSummary::default(),
            not_counted: 0,
        }
    }

    /// Counts an entry; they come in the order of their arrival.
    pub fn add(&mut self, entry: &Entry) {
        if matches!(entry.origin, Origin::Staff | Origin::Rehearsal) {
            self.not_counted += 1;
            return;
        }
        let team = entry.team.as_deref().map(|team| self.team(team));
        match (entry.kind, &entry.outcome) {
            (Kind::Outcome, Some(outcome)) => self.add_outcome(entry, outcome, team),
            (Kind::Outcome, None) => {}
            (Kind::Visit, _) => {
                self.visit(entry).form = true;
                let hour = self.hour(entry);
                if let Some(team) = team {
                    self.teams[team].add_form(entry, hour);
                }
            }
            (Kind::Answer, _) => {
                if let (Some(team), Some(thumb)) = (team, entry.thumb) {
                    self.teams[team].add_thumb(entry, thumb);
                }
            }
            (Kind::FactError, _) => {
                if let Some(team) = team {
                    self.teams[team].add_fact_error(entry);
                }
            }
        }
    }

    /// The summary of what was counted so far.
    pub fn summary(&self, now: Timestamp) -> Summary {
        let mut visits = self.ended.clone();
        let mut teams: Vec<TeamSummary> = self.teams.iter().map(TeamTally::summary).collect();
        for visit in self.visits.values().filter(|visit| visit.ended) {
            let with_form = u64::from(visit.form);
            visits.ended += 1;
            visits.with_form += with_form;
            if let Some(team) = visit.team {
                let team = &mut teams[usize::from(team)];
                team.visits += 1;
                team.visits_with_form += with_form;
            }
        }
        teams[self.in_event..].sort_by(|a, b| a.team.cmp(&b.team));
        Summary {
            now: now.to_string(),
            time_zone: self.zone.iana_name().unwrap_or_default().to_owned(),
            not_counted: self.not_counted,
            visits,
            teams,
        }
    }

    /// A visit ends once, whatever is sent.
    fn add_outcome(&mut self, entry: &Entry, outcome: &Outcome, team: Option<usize>) {
        let visit = self.visit(entry);
        if visit.ended {
            return;
        }
        visit.ended = true;
        visit.team = team.and_then(|team| u16::try_from(team).ok());
        count(&mut self.ended.ended_by, code(outcome.ended_by));
        if let Some(hour) = self.hour(entry) {
            count(&mut self.ended.hours, hour);
        }
    }

    fn visit(&mut self, entry: &Entry) -> &mut Visit {
        let id = id::uuid_bytes(&entry.visit_id).unwrap_or_default();
        self.visits.entry(id).or_default()
    }

    fn team(&mut self, id: &str) -> usize {
        let known = self.teams.iter().position(|team| team.summary.team == id);
        known.unwrap_or_else(|| {
            self.teams.push(TeamTally::new(id));
            self.teams.len() - 1
        })
    }

    /// The hour in which the entry was made, as the event's clocks showed it.
    fn hour(&self, entry: &Entry) -> Option<String> {
        let local = rfc3339(&entry.created_at)?.to_zoned_datetime(self.zone.clone());
        Some(local.strftime("%Y-%m-%dT%H").to_string())
    }
}

impl TeamTally {
    fn new(id: &str) -> Self {
        let mut tally = Self::default();
        id.clone_into(&mut tally.summary.team);
        tally
    }

    fn add_form(&mut self, entry: &Entry, hour: Option<String>) {
        let forms = if by_guide(entry) {
            &mut self.guide_served
        } else {
            &mut self.forms
        };
        forms.add(entry, hour);
    }

    fn add_thumb(&mut self, entry: &Entry, thumb: Thumb) {
        let thumbs: &mut ThumbSummary = if by_guide(entry) {
            &mut self.summary.guide_thumbs
        } else {
            &mut self.summary.thumbs
        };
        match thumb {
            Thumb::Up => thumbs.up += 1,
            Thumb::Down => thumbs.down += 1,
        }
    }

    fn add_fact_error(&mut self, entry: &Entry) {
        let errors = if by_guide(entry) {
            &mut self.summary.guide_fact_errors
        } else {
            &mut self.summary.fact_errors
        };
        if let Some(category) = entry.answers.get("category") {
            count(errors, category.clone());
        }
    }

    fn summary(&self) -> TeamSummary {
        TeamSummary {
            forms: self.forms.newest_first(),
            guide_served: self.guide_served.newest_first(),
            ..self.summary.clone()
        }
    }
}

fn by_guide(entry: &Entry) -> bool {
    entry.served.guide > 0
}

/// The name of an enum's variant, as it travels in JSON.
fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    }
}

fn count(counts: &mut BTreeMap<String, u64>, of: String) {
    *counts.entry(of).or_default() += 1;
}

#[cfg(test)]
mod tests;
