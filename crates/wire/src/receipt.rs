//! The receipt a visitor sees: the last 50 bits of the visit's id in Crockford's base 32,
//! written `K7QF2-MDX4P`. Derived on the tablet, so it exists without a network.

use crate::id::uuid_bytes;

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The receipt of this visit; `None` if the id is not a UUID.
#[must_use]
pub fn receipt(visit_id: &str) -> Option<String> {
    let bytes = uuid_bytes(visit_id)?;
    let bits = bytes[9..]
        .iter()
        .fold(0_u64, |bits, &byte| bits << 8 | u64::from(byte));
    let mut written = String::with_capacity(11);
    for place in (0..10).rev() {
        let digit = (bits >> (5 * place) & 31) as usize;
        written.push(char::from(ALPHABET[digit]));
        if place == 5 {
            written.push('-');
        }
    }
    Some(written)
}

/// A receipt as a person may have written it, in the written form: case-blind, O read as 0,
/// I and L as 1, spaces and hyphens anywhere. `None` if it is none.
#[must_use]
pub fn normalize(written: &str) -> Option<String> {
    let digits: Vec<u8> = written
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .map(|c| u8::try_from(c).ok().filter(|byte| ALPHABET.contains(byte)))
        .collect::<Option<_>>()?;
    if digits.len() != 10 {
        return None;
    }
    let text: String = digits.into_iter().map(char::from).collect();
    Some(format!("{}-{}", &text[..5], &text[5..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_fifty_bits_decide() {
        assert_eq!(
            receipt("00000000-0000-4000-8000-000000000000").as_deref(),
            Some("00000-00000")
        );
        assert_eq!(
            receipt("ffffffff-ffff-4fff-bfff-ffffffffffff").as_deref(),
            Some("ZZZZZ-ZZZZZ")
        );
        assert_eq!(
            receipt("00000000-0000-4000-8000-000000000021").as_deref(),
            Some("00000-00011")
        );
        assert_eq!(receipt("not a uuid"), None);
    }

    #[test]
    fn people_write_receipts_in_many_ways() {
        assert_eq!(normalize("k7qf2 mdx4p").as_deref(), Some("K7QF2-MDX4P"));
        assert_eq!(normalize("Oil00-00000").as_deref(), Some("01100-00000"));
        assert_eq!(normalize("K7QF2-MDX4U"), None);
        assert_eq!(normalize("K7QF2"), None);
    }
}
