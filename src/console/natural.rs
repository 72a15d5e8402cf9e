//! The order in which people count names.

/// A name as its parts, so that 10 comes after 9.
#[must_use]
pub fn natural(name: &str) -> Vec<(Option<u64>, String)> {
    let mut parts: Vec<(Option<u64>, String)> = Vec::new();
    for letter in name.chars() {
        let digit = letter.to_digit(10).map(u64::from);
        match (parts.last_mut(), digit) {
            (Some((Some(number), _)), Some(digit)) => {
                *number = number.saturating_mul(10).saturating_add(digit);
            }
            (Some((None, text)), None) => text.push(letter),
            (_, Some(digit)) => parts.push((Some(digit), String::new())),
            (_, None) => parts.push((None, letter.to_string())),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_comes_after_nine() {
        let mut names = ["10번", "booth-2", "9번", "booth-10", "1번"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["booth-2", "booth-10", "1번", "9번", "10번"]);
    }
}
