//! What the charts show: one plot a team, all on one scale.
//!
//! Owns: choosing a version of the survey and the scales. Must not own: an order of its own, an
//! average or a rank; teams stand as the server lists them. Invariant: what belongs to two versions
//! of the survey is never added up.

use std::collections::BTreeMap;

use kiosk_wire::console::{FormSummary, Summary, TeamSummary, ThumbSummary};

use super::geometry::percent;
use super::moment::hour_place;

/// All plots of one version of the survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Plots {
    /// In the order of the event.
    pub teams: Vec<TeamPlot>,
    /// The highest share of any team in percent, rounded up.
    pub most_percent: u64,
    /// The most forms of any team in an hour.
    pub most_in_hour: u64,
    /// The first and the last hour with a form of any team.
    pub hours: Option<(i64, i64)>,
    /// Forms of visits in which the guide answered; they are in no bar.
    pub guide_served: u64,
}

/// What was said about one team.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamPlot {
    pub team: String,
    /// Forms.
    pub count: u64,
    /// How often each rating was given, 1 to 5.
    pub ratings: [u64; 5],
    /// Visits, and how many of them left a form.
    pub response: (u64, u64),
    /// Forms by hour, in order.
    pub hours: Vec<(i64, u64)>,
    pub thumbs: ThumbSummary,
    /// Reports of wrong facts by category.
    pub fact_errors: BTreeMap<String, u64>,
    pub tags: BTreeMap<String, u64>,
    /// Forms of visits in which the guide answered.
    pub guide_served: u64,
}

impl TeamPlot {
    /// The share of each rating in percent.
    #[must_use]
    pub fn shares(&self) -> [f64; 5] {
        let all = self.ratings.iter().sum();
        self.ratings.map(|count| percent(count, all))
    }
}

/// The plots of one version.
#[must_use]
pub fn plots(summary: &Summary, version: &str) -> Plots {
    let teams: Vec<TeamPlot> = summary
        .teams
        .iter()
        .map(|team| plot(team, version))
        .collect();
    let shares = teams.iter().flat_map(TeamPlot::shares);
    let hours = || teams.iter().flat_map(|team| &team.hours);
    let places = || hours().map(|(place, _)| *place);
    Plots {
        most_percent: (0..=100_u8)
            .find(|whole| shares.clone().all(|share| share <= f64::from(*whole)))
            .map_or(100, u64::from),
        most_in_hour: hours().map(|(_, count)| *count).max().unwrap_or(0),
        hours: places().min().zip(places().max()),
        guide_served: teams.iter().map(|team| team.guide_served).sum(),
        teams,
    }
}

fn plot(team: &TeamSummary, version: &str) -> TeamPlot {
    let form = of_version(&team.forms, version).unwrap_or_default();
    let mut hours: Vec<(i64, u64)> = form
        .hours
        .iter()
        .filter_map(|(hour, count)| Some((hour_place(hour)?, *count)))
        .collect();
    hours.sort_unstable();
    TeamPlot {
        team: team.team.clone(),
        count: form.count,
        ratings: form.ratings,
        response: (team.visits, team.visits_with_form),
        hours,
        thumbs: team.thumbs,
        fact_errors: team.fact_errors.clone(),
        tags: form.tags,
        guide_served: of_version(&team.guide_served, version).map_or(0, |form| form.count),
    }
}

fn of_version(forms: &[FormSummary], version: &str) -> Option<FormSummary> {
    let found = forms.iter().find(|form| form.survey_version == version);
    found.cloned()
}

/// Every version of the survey, newest first. Each team's list is in that order, but none need
/// hold all of them.
#[must_use]
pub fn versions(summary: &Summary) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let teams = summary.teams.iter();
    for forms in teams.flat_map(|team| [&team.forms, &team.guide_served]) {
        let mut next = all.len();
        for form in forms.iter().rev() {
            let known = all
                .iter()
                .position(|version| *version == form.survey_version);
            next = known.unwrap_or_else(|| {
                all.insert(next, form.survey_version.clone());
                next
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(version: &str, ratings: [u64; 5], hours: &[(&str, u64)]) -> FormSummary {
        FormSummary {
            survey_version: version.to_owned(),
            count: ratings.iter().sum(),
            ratings,
            hours: hours
                .iter()
                .map(|(hour, count)| ((*hour).to_owned(), *count))
                .collect(),
            ..FormSummary::default()
        }
    }

    fn team(id: &str, forms: Vec<FormSummary>, guide_served: Vec<FormSummary>) -> TeamSummary {
        TeamSummary {
            team: id.to_owned(),
            forms,
            guide_served,
            ..TeamSummary::default()
        }
    }

    fn summary(teams: Vec<TeamSummary>) -> Summary {
        Summary {
            teams,
            ..Summary::default()
        }
    }

    #[test]
    fn versions_are_never_added_up() {
        let told = summary(vec![team(
            "skt",
            vec![
                form("new", [0, 0, 0, 0, 3], &[]),
                form("old", [4, 0, 0, 0, 0], &[]),
            ],
            vec![form("new", [1, 1, 0, 0, 0], &[])],
        )]);
        let new = plots(&told, "new");
        assert_eq!(new.teams[0].ratings, [0, 0, 0, 0, 3]);
        assert_eq!((new.teams[0].count, new.guide_served), (3, 2));
        assert_eq!(plots(&told, "old").teams[0].count, 4);
        assert_eq!(plots(&told, "unknown").teams[0].count, 0);
    }

    #[test]
    fn one_scale_serves_all_teams() {
        let told = summary(vec![
            team(
                "b",
                vec![form("v", [1, 1, 1, 0, 0], &[("2025-12-30T13", 3)])],
                vec![],
            ),
            team(
                "a",
                vec![form("v", [0, 0, 0, 1, 9], &[("2025-12-30T18", 10)])],
                vec![],
            ),
        ]);
        let shown = plots(&told, "v");
        assert_eq!((shown.most_percent, shown.most_in_hour), (90, 10));
        let (first, last) = shown.hours.unwrap();
        assert_eq!(last - first, 5);
        let order: Vec<&str> = shown.teams.iter().map(|team| &*team.team).collect();
        assert_eq!(order, ["b", "a"], "as listed, by no value");
    }

    #[test]
    fn versions_of_all_teams_are_newest_first() {
        let forms = |versions: &[&str]| versions.iter().map(|v| form(v, [0; 5], &[])).collect();
        let told = summary(vec![
            team("a", forms(&["3", "1"]), vec![]),
            team("b", forms(&["2", "1"]), forms(&["4", "3", "2"])),
        ]);
        let found = versions(&told);
        assert_eq!(found, ["4", "3", "2", "1"]);
    }

    #[test]
    fn nothing_said_is_an_empty_plot() {
        let shown = plots(&summary(vec![team("a", vec![], vec![])]), "");
        assert_eq!((shown.most_percent, shown.hours), (0, None));
    }
}
