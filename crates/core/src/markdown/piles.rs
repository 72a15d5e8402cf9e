//! Letters under heaps of marks: a browser cannot break inside of one, so a heap would reach out of
//! every box.

use std::borrow::Cow;

/// No script needs more marks on one letter.
const MOST: usize = 3;

/// The text with at most three combining marks on each letter.
#[must_use]
pub fn without_piles(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_mark) {
        return Cow::Borrowed(text);
    }
    let mut marks = 0;
    let mut is_kept = |c: &char| {
        marks = if is_mark(*c) { marks + 1 } else { 0 };
        marks <= MOST
    };
    Cow::Owned(text.chars().filter(|c| is_kept(c)).collect())
}

/// The blocks of combining marks in Unicode 16 that stand on letters of any script.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in [
            "",
            "한글",
            "e\u{301}",
            "ệ",
            "1\u{20e3}",
            "\u{301}\u{302}\u{303}",
        ] {
            assert_eq!(without_piles(text), text);
        }
    }

    #[test]
    fn a_heap_of_marks_is_cut_and_the_letters_stay() {
        let heap = format!("Z{}a{}", "\u{301}".repeat(40), "\u{489}\u{20dd}".repeat(9));
        let calm = without_piles(&heap);
        assert_eq!(calm.chars().filter(|c| is_mark(*c)).count(), 2 * MOST);
        assert!(calm.starts_with('Z') && calm.contains('a'));
    }
}
