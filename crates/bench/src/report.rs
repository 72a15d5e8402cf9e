//! The figures as a table, as Markdown and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::budget::{Budget, Judged, Verdict};
use crate::machine::Machine;
use crate::stats::{bounds_of, median};

/// One figure beside a peer's, both taken in this run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    /// Name and value of the peer, where there is one.
    pub(crate) peer: Option<(&'static str, f64)>,
    pub(crate) budget: Option<Budget>,
    /// Between which values what is judged lies with 95 % confidence.
    bounds: Option<(f64, f64)>,
    verdict: Option<Verdict>,
    /// How it was taken: medians of what, how often.
    pub(crate) how: String,
}

impl Figure {
    pub(crate) fn new(what: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self {
            what: what.into(),
            unit,
            ours,
            peer: None,
            budget: None,
            bounds: None,
            verdict: None,
            how: String::new(),
        }
    }

    /// The medians of what was taken in turn with a peer, and the bounds of their ratio.
    pub(crate) fn medians(
        what: impl Into<String>,
        unit: &'static str,
        ours: &[f64],
        (peer, theirs): (&'static str, &[f64]),
    ) -> Self {
        let ratio = |ours: &[f64], theirs: &[f64]| median(ours) / median(theirs);
        Self::new(what, unit, median(ours))
            .beside(peer, median(theirs))
            .bounds(bounds_of(ours, theirs, ratio))
    }

    pub(crate) fn beside(mut self, peer: &'static str, value: f64) -> Self {
        self.peer = Some((peer, value));
        self
    }

    /// What is judged lies between these; before [`Self::within`].
    pub(crate) fn bounds(mut self, bounds: (f64, f64)) -> Self {
        self.bounds = Some(bounds);
        self
    }

    /// Judges it, by the unfavourable one of its bounds; after [`Self::beside`] where the ratio is judged.
    pub(crate) fn within(mut self, budget: Budget) -> Self {
        let taken = match budget.judged {
            Judged::Value => Some(self.ours),
            Judged::Ratio => self.ratio(),
        };
        let taken = taken.map(|taken| match self.bounds {
            Some((low, _)) if budget.at_least => low,
            Some((_, high)) => high,
            None => taken,
        });
        self.verdict = taken.map(|taken| budget.verdict(taken));
        self.budget = Some(budget);
        self
    }

    /// The value may be larger than what was taken; after [`Self::within`].
    pub(crate) fn a_lower_bound(mut self) -> Self {
        self.verdict = self.verdict.map(Verdict::of_lower_bound);
        self
    }

    pub(crate) fn how(mut self, how: impl Into<String>) -> Self {
        self.how = how.into();
        self
    }

    /// A difference below nothing is noise and has no ratio.
    fn ratio(&self) -> Option<f64> {
        let (_, peer) = self.peer?;
        (peer > f64::EPSILON).then(|| self.ours / peer)
    }
}

/// The figures of one benchmark, and what stands behind them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) figures: Vec<Figure>,
    /// Lines in words.
    pub(crate) notes: Vec<String>,
}

/// Everything of one run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) sections: Vec<Section>,
}

impl Report {
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("{}\n", self.machine.markdown());
        for section in &self.sections {
            writeln!(text, "\n### {}\n", section.name).ok();
            text.push_str(
                "| figure | kiosk | peer | ratio | 95 % | must | goal | verdict | how |\n",
            );
            text.push_str("|---|--:|--:|--:|--:|--:|--:|---|---|\n");
            for figure in &section.figures {
                let columns = Columns::of(figure);
                writeln!(
                    text,
                    "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
                    figure.what,
                    columns.ours,
                    columns.peer,
                    columns.ratio,
                    columns.bounds,
                    columns.must,
                    columns.goal,
                    columns.verdict,
                    figure.how
                )
                .ok();
            }
            if !section.notes.is_empty() {
                text.push('\n');
            }
            for note in &section.notes {
                writeln!(text, "- {note}").ok();
            }
        }
        text
    }

    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            writeln!(text, "\n{}", section.name).ok();
            for figure in &section.figures {
                let columns = Columns::of(figure);
                let limits = match &figure.budget {
                    Some(_) => format!("must {} goal {}", columns.must, columns.goal),
                    None => String::new(),
                };
                writeln!(
                    text,
                    "  {:<60} {:>13} {:<26} {:>7} {:>13}  {:<26} {}",
                    figure.what,
                    columns.ours,
                    columns.peer,
                    columns.ratio,
                    columns.bounds,
                    limits,
                    columns.verdict
                )
                .ok();
            }
            for note in &section.notes {
                writeln!(text, "    {note}").ok();
            }
        }
        text.push_str(&self.summary());
        text
    }

    /// How many budgets were met; nothing where there are none.
    fn summary(&self) -> String {
        let figures = self.sections.iter().flat_map(|section| &section.figures);
        let verdicts: Vec<Verdict> = figures.filter_map(|figure| figure.verdict).collect();
        let parts: Vec<String> = Verdict::ALL
            .iter()
            .map(|verdict| {
                (
                    verdict,
                    verdicts.iter().filter(|one| *one == verdict).count(),
                )
            })
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| format!("{count} {}", verdict.words()))
            .collect();
        if parts.is_empty() {
            return String::new();
        }
        format!("\nof {} budgets: {}\n", verdicts.len(), parts.join(", "))
    }
}

/// A figure's columns, as text.
#[derive(Debug, PartialEq, Eq)]
struct Columns {
    ours: String,
    peer: String,
    ratio: String,
    bounds: String,
    must: String,
    goal: String,
    verdict: &'static str,
}

impl Columns {
    fn of(figure: &Figure) -> Self {
        let peer = figure
            .peer
            .map(|(name, value)| format!("{name} {}", number(value)));
        let limit = |value: Option<f64>| {
            let (budget, value) = (figure.budget?, value?);
            let least = if budget.at_least { "≥ " } else { "" };
            let text = match budget.judged {
                Judged::Ratio => format!("{least}{value}x"),
                Judged::Value => format!("{least}{value} {}", figure.unit),
            };
            Some(text.trim_end().to_owned())
        };
        Self {
            ours: format!("{} {}", number(figure.ours), figure.unit)
                .trim_end()
                .to_owned(),
            peer: peer.unwrap_or_default(),
            ratio: figure
                .ratio()
                .map(|ratio| format!("{ratio:.2}x"))
                .unwrap_or_default(),
            bounds: figure
                .bounds
                .map(|(low, high)| format!("{}–{}", number(low), number(high)))
                .unwrap_or_default(),
            must: limit(figure.budget.and_then(|budget| budget.must)).unwrap_or_default(),
            goal: limit(figure.budget.and_then(|budget| budget.own_goal())).unwrap_or_default(),
            verdict: figure.verdict.map_or("", Verdict::words),
        }
    }
}

/// Three digits that matter; what is nearly nothing keeps more, as its limit is small too.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 0.1 => format!("{value:.2}"),
        least if least > 0.0 => format!("{value:.4}"),
        _ => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(figure: &Figure) -> (String, String, &'static str) {
        let columns = Columns::of(figure);
        (columns.peer, columns.ratio, columns.verdict)
    }

    #[test]
    fn a_ratio_needs_a_peer_that_is_not_zero() {
        let figure = Figure::new("requests", "µs", 30.0);
        assert_eq!(columns(&figure), (String::new(), String::new(), ""));
        let beside = figure.clone().beside("nginx", 15.0);
        assert_eq!(
            columns(&beside),
            ("nginx 15.0".to_owned(), "2.00x".to_owned(), "")
        );
        assert_eq!(figure.beside("nginx", 0.0).ratio(), None);
    }

    #[test]
    fn a_budget_is_held_against_the_value_or_the_ratio() {
        let figure = Figure::new("bytes", "KB", 90.0).beside("peer", 100.0);
        let by_value = figure.clone().within(Budget::value(80.0, 50.0));
        assert_eq!(by_value.verdict, Some(Verdict::Missed));
        let by_ratio = figure.within(Budget::ratio(1.1, 0.9));
        assert_eq!(by_ratio.verdict, Some(Verdict::MetGoal));
        let columns = Columns::of(&by_ratio);
        assert_eq!(
            (columns.must.as_str(), columns.goal.as_str()),
            ("1.1x", "0.9x")
        );
    }

    #[test]
    fn the_unfavourable_bound_is_judged() {
        let figure = |bounds| Figure::new("time", "ms", 1.0).bounds(bounds);
        let met = figure((0.5, 1.5)).within(Budget::most(1.5));
        assert_eq!(met.verdict, Some(Verdict::MetMust));
        assert_eq!(columns(&met).2, "met must");
        assert_eq!(
            figure((0.5, 1.6)).within(Budget::most(1.5)).verdict,
            Some(Verdict::Missed)
        );
        assert_eq!(
            figure((0.5, 1.6)).within(Budget::least(0.6)).verdict,
            Some(Verdict::Missed)
        );
    }

    #[test]
    fn what_cannot_be_taken_has_no_verdict() {
        let figure = Figure::new("added", "ms", 1.0).within(Budget::ratio(1.1, 0.9));
        assert_eq!(figure.verdict, None);
    }
}
