//! A long answer as models give it, Korean and English, with every kind of block.
//!
//! It repeats one part, so that a stretch as long as that part holds the same blocks wherever it
//! lies: what a piece costs early and late can be compared.

use std::fmt::Write as _;

/// Some 2 KB; a heading stands before each.
const PART: &str = include_str!("document/answer.md");
/// What shows that an answer came to its end.
pub(crate) const END: &str = "답이 끝났어요.";
/// Characters of a piece.
const PIECE: usize = 8;

pub(crate) const KIB: usize = 1_024;
/// Of an answer that is long, but not the longest.
pub(crate) const WHOLE: usize = 16 * KIB;

/// A document of this many bytes, or a few less, so that no character is halved.
fn document(bytes: usize) -> String {
    let end = format!("\n\n{END}\n");
    let mut text = String::new();
    for number in 1.. {
        if text.len() >= bytes {
            break;
        }
        writeln!(text, "## {number}. 다음 이야기\n\n{PART}").ok();
    }
    text.truncate(text.floor_char_boundary(bytes - end.len()));
    text.push_str(&end);
    text
}

/// The document in pieces.
pub(crate) fn pieces(bytes: usize) -> Vec<String> {
    let characters: Vec<char> = document(bytes).chars().collect();
    characters
        .chunks(PIECE)
        .map(|piece| piece.iter().collect())
        .collect()
}

/// How many of these pieces come before this many bytes are there.
pub(crate) fn pieces_before(pieces: &[String], bytes: usize) -> usize {
    let mut sum = 0;
    pieces
        .iter()
        .take_while(|piece| {
            sum += piece.len();
            sum <= bytes
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_its_size_and_its_end() {
        for kib in [16, 40] {
            let text = document(kib * KIB);
            assert!(text.len() <= kib * KIB && text.len() > kib * KIB - 4);
            assert!(text.trim_end().ends_with(END));
            assert_eq!(pieces(kib * KIB).concat(), text);
        }
    }

    #[test]
    fn a_part_is_as_long_as_a_window() {
        let part = "## 10. 다음 이야기\n\n\n".len() + PART.len();
        assert!(part.abs_diff(2 * KIB) < 64, "{part}");
    }

    #[test]
    fn pieces_are_counted_by_their_bytes() {
        let pieces: Vec<String> = ["가나", "ab", "다"].map(str::to_owned).to_vec();
        assert_eq!(pieces_before(&pieces, 5), 0);
        assert_eq!(pieces_before(&pieces, 8), 2);
        assert_eq!(pieces_before(&pieces, 99), 3);
    }
}
