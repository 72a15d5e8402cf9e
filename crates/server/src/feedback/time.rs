//! RFC 3339 times, strictly.

use jiff::Timestamp;

/// The time, if it is written as RFC 3339 says: date, `T`, time, and `Z` or an offset.
pub fn rfc3339(written: &str) -> Option<Timestamp> {
    const SHAPE: &[u8; 19] = b"0000-00-00T00:00:00";
    let bytes = written.as_bytes();
    let (head, tail) = bytes.split_at_checked(SHAPE.len())?;
    let fits = head.iter().zip(SHAPE).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        other => byte.eq_ignore_ascii_case(other),
    });
    let zone = match tail {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            &rest[digits..]
        }
        other => other,
    };
    let zoned = match zone {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if fits && zoned {
        shorten(written).parse().ok()
    } else {
        None
    }
}

/// More than nine digits of a second are legal and meaningless here.
fn shorten(written: &str) -> String {
    let Some((head, tail)) = written.split_once('.') else {
        return written.to_owned();
    };
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    format!("{head}.{}{}", &tail[..digits.min(9)], &tail[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_written_form_is_a_time() {
        for good in [
            "2025-12-30T14:31:05.120+09:00",
            "2025-12-30T14:31:05Z",
            "2025-12-30t14:31:05z",
            "1970-01-01T00:00:00.123456789012-00:00",
            "9998-01-01T00:00:00Z",
        ] {
            assert!(rfc3339(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "2025-12-30",
            "2025-12-30 14:31:05Z",
            "2025-12-30T14:31:05",
            "2025-12-30T14:31Z",
            "2025-13-30T14:31:05Z",
            "2025-12-30T14:31:05.Z",
            "2025-12-30T14:31:05+0900",
            "2025-12-30T14:31:05Z[UTC]",
            "yesterday",
        ] {
            assert!(rfc3339(bad).is_none(), "{bad}");
        }
    }
}
