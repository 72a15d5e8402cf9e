//! The receipt a visit must show, worked out again from its id.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: u32 = 10;

/// The last 50 bits of the visit's UUID in Crockford base 32, as `K7QF2-MDX4P`.
pub fn receipt_of(visit_id: &str) -> String {
    let bits = visit_id
        .chars()
        .filter_map(|letter| letter.to_digit(16))
        .fold(0_u128, |bits, digit| bits << 4 | u128::from(digit));
    let mut receipt = String::new();
    for place in (0..LETTERS).rev() {
        let index = usize::try_from(bits >> (5 * place) & 31).unwrap_or_default();
        receipt.push(char::from(ALPHABET[index]));
        if place == LETTERS / 2 {
            receipt.push('-');
        }
    }
    receipt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_fifty_bits_count() {
        assert_eq!(
            receipt_of("00000000-0000-4000-8000-000000000000"),
            "00000-00000"
        );
        assert_eq!(
            receipt_of("ffffffff-ffff-4fff-bfff-ffffffffffff"),
            "ZZZZZ-ZZZZZ"
        );
        assert_eq!(
            receipt_of("00000000-0000-4000-8000-000000000021"),
            "00000-00011"
        );
    }
}
