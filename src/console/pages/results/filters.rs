//! The filters of the results, as they stand in the address and in every request.
//!
//! Owns: which filters there are and how they are written. Must not own: what a value may be; the
//! server decides that. Invariant: writing filters and reading them back gives the same.

use std::collections::BTreeMap;

/// One filter, under the server's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Team,
    Kind,
    RatingMin,
    RatingMax,
    Language,
    Device,
    From,
    To,
    Search,
    /// Which version of the survey the charts show; the server is never asked for one.
    Survey,
}

impl Field {
    pub const ALL: [Self; 10] = [
        Self::Team,
        Self::Kind,
        Self::RatingMin,
        Self::RatingMax,
        Self::Language,
        Self::Device,
        Self::From,
        Self::To,
        Self::Search,
        Self::Survey,
    ];

    /// Those that narrow the sums.
    pub const SUMS: [Self; 5] = [
        Self::Team,
        Self::Language,
        Self::Device,
        Self::From,
        Self::To,
    ];

    /// Its key in a query string.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Kind => "kind",
            Self::RatingMin => "rating_min",
            Self::RatingMax => "rating_max",
            Self::Language => "language",
            Self::Device => "device",
            Self::From => "from",
            Self::To => "to",
            Self::Search => "q",
            Self::Survey => "survey",
        }
    }
}

/// The filters that are set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters(BTreeMap<Field, String>);

impl Filters {
    /// Reads them from wherever values are found by key.
    #[must_use]
    pub fn read(find: impl Fn(&str) -> Option<String>) -> Self {
        let set = Field::ALL.into_iter().filter_map(|field| {
            let value = find(field.key()).filter(|value| !value.is_empty());
            value.map(|value| (field, value))
        });
        Self(set.collect())
    }

    /// The value of one; empty where it is not set.
    #[must_use]
    pub fn get(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    /// The same with one changed; an empty value takes it away.
    #[must_use]
    pub fn with(mut self, field: Field, value: &str) -> Self {
        if value.is_empty() {
            self.0.remove(&field);
        } else {
            self.0.insert(field, value.to_owned());
        }
        self
    }

    /// Whether every entry is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.keys().all(|field| *field == Field::Survey)
    }

    /// A path of the server with these filters and whatever else is asked for.
    #[must_use]
    pub fn path(&self, base: &str, more: &[(&str, &str)]) -> String {
        let set = self.pairs().filter(|(key, _)| *key != Field::Survey.key());
        joined(base, set.chain(more.iter().copied()))
    }

    /// A path for sums. They are only narrowed by what every kind of entry has: a filter for forms
    /// would leave response rates without the visits they are a share of.
    #[must_use]
    pub fn sums_path(&self, base: &str) -> String {
        let keys = Field::SUMS.map(Field::key);
        joined(base, self.pairs().filter(|(key, _)| keys.contains(key)))
    }

    /// Whether something is chosen that does not narrow sums.
    #[must_use]
    pub fn is_beyond_sums(&self) -> bool {
        self.0
            .keys()
            .any(|field| *field != Field::Survey && !Field::SUMS.contains(field))
    }

    /// The address of the page with these filters.
    #[must_use]
    pub fn address(&self, page: &str) -> String {
        joined(page, self.pairs())
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, value)| (field.key(), &**value))
    }
}

fn joined<'text>(base: &str, pairs: impl Iterator<Item = (&'text str, &'text str)>) -> String {
    let query: Vec<String> = pairs
        .map(|(key, value)| format!("{key}={}", encoded(value)))
        .collect();
    if query.is_empty() {
        base.to_owned()
    } else {
        format!("{base}?{}", query.join("&"))
    }
}

/// The value with everything but unreserved characters percent-encoded.
fn encoded(value: &str) -> String {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut written = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            written.push('%');
            written.push(HEX[usize::from(byte >> 4)]);
            written.push(HEX[usize::from(byte & 15)]);
        }
    }
    written
}

#[cfg(test)]
#[cfg(not(target_family = "wasm"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a query string as a browser would, but for `+`, which is never written.
    fn parsed(path: &str) -> BTreeMap<String, String> {
        let query = path.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), decoded(value)))
            .collect()
    }

    fn decoded(value: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = value.as_bytes();
        while let Some((&byte, after)) = rest.split_first() {
            if byte == b'%' {
                let hex = std::str::from_utf8(&after[..2]).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = &after[2..];
            } else {
                bytes.push(byte);
                rest = after;
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_filters_leave_the_path_alone() {
        let none = Filters::default().with(Field::Team, "");
        assert_eq!(none.path("/api/feedback", &[]), "/api/feedback");
        assert!(none.is_empty());
    }

    #[test]
    fn a_path_carries_filters_and_more() {
        let filters = Filters::default()
            .with(Field::Search, "조금 느려요 & 좋아요")
            .with(Field::Team, "skt");
        assert_eq!(
            filters.path("/x", &[("format", "csv")]),
            "/x?team=skt&q=%EC%A1%B0%EA%B8%88%20%EB%8A%90%EB%A0%A4%EC%9A%94%20%26%20%EC%A2%8B%EC%95%84%EC%9A%94&format=csv"
        );
    }

    #[test]
    fn the_server_is_not_asked_for_a_survey() {
        let filters = Filters::default().with(Field::Survey, "9f2c");
        assert_eq!(filters.path("/x", &[]), "/x");
        assert_eq!(filters.address("/x"), "/x?survey=9f2c");
        assert!(filters.is_empty());
    }

    #[test]
    fn sums_keep_their_denominators() {
        let filters = Filters::default()
            .with(Field::Team, "skt")
            .with(Field::Kind, "visit")
            .with(Field::Search, "x");
        assert_eq!(filters.sums_path("/x"), "/x?team=skt");
        assert!(filters.is_beyond_sums());
        assert!(
            !filters
                .with(Field::Kind, "")
                .with(Field::Search, "")
                .is_beyond_sums()
        );
    }

    #[test]
    fn an_emptied_filter_is_gone() {
        let filters = Filters::default().with(Field::Team, "skt");
        assert_eq!(filters.get(Field::Team), "skt");
        assert!(filters.with(Field::Team, "").is_empty());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(values in proptest::collection::vec(".{0,12}", 10)) {
            let mut filters = Filters::default();
            for (field, value) in Field::ALL.into_iter().zip(&values) {
                filters = filters.with(field, value);
            }
            let found = parsed(&filters.address("/x"));
            prop_assert_eq!(Filters::read(|key| found.get(key).cloned()), filters);
        }
    }
}
