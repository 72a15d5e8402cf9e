//! A reader of what Prometheus reads, which takes nothing that is not quite right.

use std::collections::{BTreeMap, BTreeSet};

/// Every sample by its name with its labels, as written.
pub(crate) struct Samples(pub(crate) BTreeMap<String, f64>);

impl Samples {
    /// Reads a whole text.
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'));
        let mut samples = BTreeMap::new();
        let mut families = BTreeSet::new();
        let (mut family, mut kind) = ("", "");
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                family = help.split_once(' ').unwrap().0;
                assert!(families.insert(family), "{family} comes twice");
                kind = "";
            } else if let Some(told) = line.strip_prefix("# TYPE ") {
                let (name, told) = told.split_once(' ').unwrap();
                assert_eq!(name, family);
                assert!(matches!(told, "counter" | "gauge" | "histogram"), "{line}");
                assert_eq!(told == "counter", name.ends_with("_total"), "{line}");
                kind = told;
            } else {
                let (series, value) = line.rsplit_once(' ').unwrap();
                let (name, labels) = split(series);
                let part = name.strip_prefix(family).unwrap_or("another family's");
                let bucket = labels.iter().any(|(label, _)| label == "le");
                let fits = match kind {
                    "histogram" => matches!(
                        (part, bucket),
                        ("_bucket", true) | ("_sum" | "_count", false)
                    ),
                    _ => part.is_empty() && !bucket,
                };
                assert!(fits, "{line} stands in {family}, a {kind}");
                let value: f64 = value.parse().unwrap();
                assert!(value >= 0.0, "{line}");
                let before = samples.insert(series.to_owned(), value);
                assert_eq!(before, None, "{series} comes twice");
            }
        }
        assert_buckets(text);
        Self(samples)
    }

    /// The sum of every sample of this name that has all these labels, at least one.
    #[track_caller]
    pub(crate) fn get(&self, name: &str, wanted: &[(&str, &str)]) -> f64 {
        let mut found = 0;
        let mut sum = 0.0;
        for (series, value) in &self.0 {
            let (here, labels) = split(series);
            let has = |(label, value): &(&str, &str)| {
                labels.iter().any(|(l, v)| l == label && v == value)
            };
            if here == name && wanted.iter().all(has) {
                found += 1;
                sum += value;
            }
        }
        assert!(found > 0, "no {name} with {wanted:?}");
        sum
    }
}

/// Buckets never shrink, and the last one is the count.
#[track_caller]
fn assert_buckets(text: &str) {
    let mut last = 0.0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().unwrap();
        let (name, labels) = split(series);
        if labels.iter().any(|(label, _)| label == "le") {
            assert!(value >= last, "{line}");
            last = value;
        } else if name.ends_with("_count") {
            assert!((value - last).abs() < 0.5, "{line} after {last}");
            last = 0.0;
        }
    }
}

/// Name and labels of a series.
#[track_caller]
fn split(series: &str) -> (&str, Vec<(String, String)>) {
    let word = |text: &str| {
        !text.is_empty()
            && !text.starts_with(|first: char| first.is_ascii_digit())
            && text
                .chars()
                .all(|each| each.is_ascii_alphanumeric() || each == '_')
    };
    let (name, braces) = series.split_once('{').unwrap_or((series, "}"));
    assert!(word(name), "{series}");
    let mut rest = braces.strip_suffix('}').unwrap();
    let mut labels = Vec::new();
    while !rest.is_empty() {
        let (label, quoted) = rest.split_once("=\"").unwrap();
        assert!(word(label), "{series}");
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        let end = loop {
            match characters.next().unwrap() {
                (at, '"') => break at,
                (_, '\\') => match characters.next().unwrap().1 {
                    'n' => value.push('\n'),
                    other => value.push(other),
                },
                (_, other) => value.push(other),
            }
        };
        labels.push((label.to_owned(), value));
        rest = &quoted[end + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    (name, labels)
}
