//! One slip of the finger: words that differ by one letter, in Hangul by one jamo.

/// Shorter words have too many neighbours.
const LEAST_LETTERS: usize = 6;

/// Whether one letter replaced, added, left out or swapped with its neighbour makes one of the other.
pub(crate) fn near(one: &str, other: &str) -> bool {
    let (one, other) = (letters(one), letters(other));
    if one == other || one.len() < LEAST_LETTERS || other.len() < LEAST_LETTERS {
        return false;
    }
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    let tail = |from_one: usize, from_other: usize| one.get(from_one..) == other.get(from_other..);
    let swapped = one.len() >= 2 && other.len() >= 2 && one[0] == other[1] && one[1] == other[0];
    tail(1, 1) || tail(1, 0) || tail(0, 1) || swapped && tail(2, 2)
}

/// Hangul syllables taken apart, other letters as they are.
fn letters(word: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(word.len());
    for c in word.chars() {
        if !('가'..='힣').contains(&c) {
            letters.push(c);
            continue;
        }
        let index = u32::from(c) - u32::from('가');
        let parts = [
            0x1100 + index / 588,
            0x1161 + index % 588 / 28,
            0x11a7 + index % 28,
        ];
        let last = if index.is_multiple_of(28) { 2 } else { 3 };
        letters.extend(parts.into_iter().take(last).filter_map(char::from_u32));
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn one_slip_is_near_and_two_are_not() {
        for (one, other) in [
            ("컨소시엄", "컨소시움"),
            ("파라미터", "파라메터"),
            ("파트너", "파트나"),
            ("라이선스", "라이센스"),
            ("parameter", "paramter"),
            ("partners", "partnres"),
        ] {
            assert!(near(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("파트너", "파트너"),
            ("파트너", "피트니스"),
            ("plans", "plane"),
            ("계획", "기획"),
        ] {
            assert!(!near(one, other), "{one} {other}");
        }
    }
}
