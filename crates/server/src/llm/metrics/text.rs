//! The text that Prometheus reads.
//!
//! Owns: how families, samples and histograms are written.
//! Must not own: what is counted.
//! Invariant: whatever a label holds, a line stays a line.

use std::fmt::{Display, Write as _};

use super::histogram::Histogram;

/// The text in the making.
#[derive(Debug, Default)]
pub(super) struct Text(String);

/// Labels of a sample, in order.
pub(super) type Labels<'a> = [(&'static str, &'a str)];

impl Text {
    /// Begins a family; its samples follow.
    pub(super) fn family(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// One number of the family.
    pub(super) fn sample(&mut self, name: &str, labels: &Labels<'_>, value: impl Display) {
        self.line(format_args!("{name}{} {value}", Braces(labels, None)));
    }

    /// All numbers of a histogram.
    pub(super) fn histogram(&mut self, name: &str, labels: &Labels<'_>, histogram: &Histogram) {
        let seen = histogram.read();
        for (bound, count) in &seen.buckets {
            let braces = Braces(labels, Some(*bound));
            self.line(format_args!("{name}_bucket{braces} {count}"));
        }
        let infinite = Braces(labels, Some(f64::INFINITY));
        self.line(format_args!("{name}_bucket{infinite} {}", seen.count));
        let braces = Braces(labels, None);
        self.line(format_args!("{name}_sum{braces} {}", seen.sum_secs));
        self.line(format_args!("{name}_count{braces} {}", seen.count));
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // A string takes everything.
        writeln!(self.0, "{line}").ok();
    }
}

/// Labels as they are written; with the bound of a bucket, if it is one.
struct Braces<'a>(&'a Labels<'a>, Option<f64>);

impl Display for Braces<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(labels, bound) = self;
        if labels.is_empty() && bound.is_none() {
            return Ok(());
        }
        let mut comma = "";
        f.write_char('{')?;
        for (name, value) in *labels {
            write!(f, "{comma}{name}=\"")?;
            for character in value.chars() {
                match character {
                    '\\' => f.write_str("\\\\")?,
                    '"' => f.write_str("\\\"")?,
                    '\n' => f.write_str("\\n")?,
                    other => f.write_char(other)?,
                }
            }
            f.write_char('"')?;
            comma = ",";
        }
        match bound {
            Some(bound) if bound.is_finite() => write!(f, "{comma}le=\"{bound}\"")?,
            Some(_) => write!(f, "{comma}le=\"+Inf\"")?,
            None => {}
        }
        f.write_char('}')
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn labels_cannot_leave_their_quotes() {
        let mut text = Text::default();
        text.sample("a", &[("model", "say \"hi\" \\ \n{x}")], 1);
        text.sample("b", &[], 2);
        assert_eq!(
            text.finish(),
            "a{model=\"say \\\"hi\\\" \\\\ \\n{x}\"} 1\nb 2\n"
        );
    }

    #[test]
    fn buckets_add_up_to_the_count() {
        static BOUNDS: [f64; 2] = [0.5, 1.0];
        let histogram = Histogram::new(&BOUNDS);
        for millis in [500, 501, 4_000] {
            histogram.observe(Duration::from_millis(millis));
        }
        let mut text = Text::default();
        text.family("t", "histogram", "Time.");
        text.histogram("t", &[("team", "skt")], &histogram);
        assert_eq!(
            text.finish(),
            "# HELP t Time.\n# TYPE t histogram\n\
             t_bucket{team=\"skt\",le=\"0.5\"} 1\nt_bucket{team=\"skt\",le=\"1\"} 2\n\
             t_bucket{team=\"skt\",le=\"+Inf\"} 3\nt_sum{team=\"skt\"} 5.001\nt_count{team=\"skt\"} 3\n"
        );
    }
}
