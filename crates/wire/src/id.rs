//! UUIDs as lower-case text. Time and randomness come from the caller.

/// What [`is_uuid`] takes, for the interface's description.
#[cfg(not(target_family = "wasm"))]
pub const UUID_PATTERN: &str = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";

/// A random UUID (version 4) from 16 random bytes.
#[must_use]
pub fn uuid_v4(random: [u8; 16]) -> String {
    let mut bytes = random;
    stamp(&mut bytes, 4);
    text(bytes)
}

/// A time-ordered UUID (version 7, RFC 9562) from Unix milliseconds and 10 random bytes.
/// The time part is an index hint only: a tablet's clock may be wrong.
#[must_use]
pub fn uuid_v7(unix_millis: u64, random: [u8; 10]) -> String {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&unix_millis.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    stamp(&mut bytes, 7);
    text(bytes)
}

/// The 16 bytes of a lower-case, hyphenated UUID of any version.
#[must_use]
pub fn uuid_bytes(uuid: &str) -> Option<[u8; 16]> {
    let raw = uuid.as_bytes();
    if raw.len() != 36 {
        return None;
    }
    let mut bytes = [0; 16];
    let mut digits = 0;
    for (at, &byte) in raw.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        bytes[digits / 2] = bytes[digits / 2] << 4 | digit;
        digits += 1;
    }
    Some(bytes)
}

/// Whether this is a lower-case, hyphenated UUID.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    uuid_bytes(text).is_some()
}

fn stamp(bytes: &mut [u8; 16], version: u8) {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
}

fn text(bytes: [u8; 16]) -> String {
    let hex = crate::canonical::hex(&bytes);
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn v7_carries_the_time_and_the_version() {
        let id = uuid_v7(0x0193_f0c2_1234, [0xff; 10]);
        assert_eq!(id, "0193f0c2-1234-7fff-bfff-ffffffffffff");
    }

    #[test]
    fn v4_is_marked() {
        assert_eq!(uuid_v4([0; 16]), "00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn only_the_written_form_is_a_uuid() {
        assert!(!is_uuid("0193F0C2-1234-7fff-bfff-ffffffffffff"));
        assert!(!is_uuid("0193f0c21234-7fff-bfff-ffffffffffffff"));
        assert!(!is_uuid("가나다"));
    }

    proptest! {
        #[test]
        fn text_and_bytes_agree(random: [u8; 16]) {
            let id = uuid_v4(random);
            prop_assert_eq!(uuid_bytes(&id).map(text), Some(id));
        }
    }
}
