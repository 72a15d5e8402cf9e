//! Numbers as people read them.

/// The number with a comma after each three digits.
#[must_use]
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let mut written = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        if !written.is_empty() {
            written.push(',');
        }
        written.extend(group.iter().copied().map(char::from));
    }
    written
}

/// A share in whole percent, or `None` of nothing.
#[must_use]
pub fn whole_percent(part: u64, whole: u64) -> Option<u64> {
    (part.saturating_mul(200) + whole).checked_div(whole.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let written = [0, 999, 1_000, 12_345, 1_234_567].map(number);
        assert_eq!(written, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn shares_are_rounded_to_the_nearest() {
        assert_eq!(whole_percent(1, 3), Some(33));
        assert_eq!(whole_percent(2, 3), Some(67));
        assert_eq!(whole_percent(1, 200), Some(1));
        assert_eq!(whole_percent(0, 0), None);
    }
}
