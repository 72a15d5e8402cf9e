//! The words under which an entry is found: each letter and each pair of neighbouring letters of its
//! texts, so that two syllables are found inside a longer word, and a word for each thing that lists
//! can be narrowed to.
//!
//! Invariant: an entry that matches a filter has every term of the filter. The reverse does not hold:
//! whoever finds by terms still compares.

use std::collections::BTreeSet;

use kiosk_wire::event::Language;

use super::row;
use crate::storage::EntryFilter;

/// Ratings, from the lowest to the highest.
const RATINGS: std::ops::RangeInclusive<i64> = 1..=5;

/// What an entry is found by, as the table of entries holds it.
#[derive(Debug, Default)]
pub(super) struct Findable {
    pub(super) device: String,
    pub(super) team: Option<String>,
    pub(super) kind: String,
    pub(super) language: String,
    pub(super) rating: Option<i64>,
    /// In lower case.
    pub(super) text: String,
}

impl Findable {
    /// Its terms, between blanks.
    pub(super) fn terms(&self) -> String {
        let mut terms = BTreeSet::new();
        of_text(&self.text, &mut terms);
        terms.extend(self.team.as_deref().map(|team| word("team", team)));
        terms.insert(word("kind", &self.kind));
        terms.insert(word("language", &self.language));
        terms.insert(word("device", &self.device));
        if let Some(rating) = self.rating {
            terms.extend((*RATINGS.start()..=rating).map(at_least));
            terms.extend((rating..=*RATINGS.end()).map(at_most));
        }
        joined(terms)
    }
}

/// The terms that every entry has that a filter lets pass, between blanks; empty if it has none.
pub(super) fn of_filter(filter: &EntryFilter) -> String {
    let mut terms = BTreeSet::new();
    if let Some(search) = &filter.search {
        of_search(&search.to_lowercase(), &mut terms);
    }
    terms.extend(filter.team.as_deref().map(|team| word("team", team)));
    terms.extend(filter.kind.map(|kind| word("kind", &row::code(kind))));
    let language = filter.language.map(Language::code);
    terms.extend(language.map(|code| word("language", code)));
    terms.extend(filter.device.as_deref().map(|id| word("device", id)));
    terms.extend(filter.rating_min.map(|rating| at_least(rating.into())));
    terms.extend(filter.rating_max.map(|rating| at_most(rating.into())));
    joined(terms)
}

/// The term of every entry in a block of positions.
pub(super) fn of_block(number: i64) -> String {
    word("block", &number.to_string())
}

fn joined(terms: BTreeSet<String>) -> String {
    Vec::from_iter(terms).join(" ")
}

/// Never as short as what stands for letters.
fn word(of: &str, value: &str) -> String {
    let letters = value.chars().filter(char::is_ascii_alphanumeric);
    let letters = letters.map(|letter| letter.to_ascii_lowercase());
    of.chars().chain(letters).collect()
}

fn at_least(rating: i64) -> String {
    format!("atleast{rating}")
}

fn at_most(rating: i64) -> String {
    format!("atmost{rating}")
}

/// Punctuation and blanks part words; beyond ASCII only blanks do.
fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || (!letter.is_ascii() && !letter.is_whitespace())
}

fn of_text(text: &str, terms: &mut BTreeSet<String>) {
    let mut before = None;
    for letter in text.chars() {
        if is_letter(letter) {
            terms.insert(letter.to_string());
            terms.extend(before.map(|before| String::from_iter([before, letter])));
        }
        before = is_letter(letter).then_some(letter);
    }
}

/// A letter by itself says nothing beside a pair that holds it.
fn of_search(text: &str, terms: &mut BTreeSet<String>) {
    for run in text.split(|letter| !is_letter(letter)) {
        let mut found = BTreeSet::new();
        of_text(run, &mut found);
        let has_pair = run.chars().nth(1).is_some();
        terms.extend(
            found
                .into_iter()
                .filter(|term| !has_pair || term.chars().nth(1).is_some()),
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(terms: &str) -> BTreeSet<&str> {
        terms.split(' ').filter(|term| !term.is_empty()).collect()
    }

    #[test]
    fn letters_and_pairs_are_terms_and_words_tell_the_rest() {
        let entry = Findable {
            device: "0199-ab".to_owned(),
            team: Some("lg-ai".to_owned()),
            kind: "visit".to_owned(),
            language: "ko".to_owned(),
            rating: Some(4),
            text: "대기가 길어요.\n".to_owned(),
        };
        let terms = entry.terms();
        let found = set(&terms);
        for term in [
            "대",
            "기",
            "대기",
            "기가",
            "길어",
            "어요",
            "teamlgai",
            "device0199ab",
        ] {
            assert!(found.contains(term), "{term} is not in {terms}");
        }
        assert!(!found.contains("가길") && !found.contains("요."));
        assert!(found.contains("atleast4") && !found.contains("atleast5"));
        assert!(found.contains("atmost4") && !found.contains("atmost3"));
    }

    #[test]
    fn a_search_asks_for_pairs_where_it_has_some() {
        let search = |text: &str| EntryFilter {
            search: Some(text.to_owned()),
            ..EntryFilter::default()
        };
        assert_eq!(of_filter(&search("대기 시간!")), "대기 시간");
        assert_eq!(of_filter(&search("책")), "책");
        assert_eq!(of_filter(&search("A.X")), "a x");
        assert_eq!(of_filter(&search("?!")), "");
        assert_eq!(of_filter(&EntryFilter::default()), "");
    }

    proptest! {
        /// Whatever stands somewhere in a text is found by its terms.
        #[test]
        fn a_part_of_a_text_has_no_term_that_the_text_has_not(
            before in "\\PC{0,12}", part in "[가-힣a-zA-Z0-9 .,!\u{1f44d}]{1,8}", after in "\\PC{0,12}"
        ) {
            let text = format!("{before}{part}{after}").to_lowercase();
            prop_assume!(text.contains(&part.to_lowercase()));
            let entry = Findable { text, ..Findable::default() };
            let filter = EntryFilter { search: Some(part), ..EntryFilter::default() };
            let (has, asks) = (entry.terms(), of_filter(&filter));
            prop_assert!(set(&asks).is_subset(&set(&has)), "{asks} in {has}");
        }

        /// Ratings are found by both of their ends.
        #[test]
        fn a_rating_is_found_exactly_within_its_bounds(rating in 1_u8..=5, min in 1_u8..=5, max in 1_u8..=5) {
            let entry = Findable { rating: Some(rating.into()), ..Findable::default() };
            let filter = EntryFilter {
                rating_min: Some(min),
                rating_max: Some(max),
                ..EntryFilter::default()
            };
            let (has, asks) = (entry.terms(), of_filter(&filter));
            let is_found = set(&asks).is_subset(&set(&has));
            prop_assert_eq!(is_found, (min..=max).contains(&rating));
        }
    }
}
