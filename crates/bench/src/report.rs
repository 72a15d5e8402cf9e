//! The figures as a table, as Markdown and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::machine::Machine;

/// One figure beside a peer's, both taken in this run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    /// Name and value of the peer, where there is one.
    pub(crate) peer: Option<(&'static str, f64)>,
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
            how: String::new(),
        }
    }

    pub(crate) fn beside(mut self, peer: &'static str, value: f64) -> Self {
        self.peer = Some((peer, value));
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

/// The figures of one benchmark.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) figures: Vec<Figure>,
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
            text.push_str("| figure | kiosk | peer | ratio | how |\n|---|--:|--:|--:|---|\n");
            for figure in &section.figures {
                let (peer, ratio) = columns(figure);
                writeln!(
                    text,
                    "| {} | {} {} | {peer} | {ratio} | {} |",
                    figure.what,
                    number(figure.ours),
                    figure.unit,
                    figure.how
                )
                .ok();
            }
        }
        text
    }

    pub(crate) fn table(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            writeln!(text, "\n{}", section.name).ok();
            for figure in &section.figures {
                let (peer, ratio) = columns(figure);
                writeln!(
                    text,
                    "  {:<58} {:>12} {:<10} {:<28} {:>8}",
                    figure.what,
                    number(figure.ours),
                    figure.unit,
                    peer,
                    ratio
                )
                .ok();
            }
        }
        text
    }
}

fn columns(figure: &Figure) -> (String, String) {
    let peer = figure
        .peer
        .map(|(name, value)| format!("{name} {}", number(value)));
    let ratio = figure.ratio().map(|ratio| format!("{ratio:.2}x"));
    (peer.unwrap_or_default(), ratio.unwrap_or_default())
}

/// Three digits that matter.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_needs_a_peer_that_is_not_zero() {
        let figure = Figure::new("requests", "µs", 30.0);
        assert_eq!(columns(&figure), (String::new(), String::new()));
        let beside = figure.clone().beside("nginx", 15.0);
        assert_eq!(
            columns(&beside),
            ("nginx 15.0".to_owned(), "2.00x".to_owned())
        );
        assert_eq!(figure.beside("nginx", 0.0).ratio(), None);
    }
}
