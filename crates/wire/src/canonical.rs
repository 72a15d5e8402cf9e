//! RFC 8785 canonical JSON and its SHA-256: how tablet and server agree that they mean the same entry.

use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

/// Lower-case hex SHA-256 of the canonical form.
#[must_use]
pub fn sha256_hex(value: &Value) -> String {
    hex(Sha256::digest(canonical(value).as_bytes()).as_slice())
}

/// Lower-case hex of bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| {
            [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]
        })
        .map(char::from)
        .collect()
}

/// The canonical form: keys in UTF-16 order, shortest escapes, numbers as ECMAScript writes them.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, &mut out);
    out
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&write_number(number)),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            // The map is sorted by bytes already, which is the same order but for rare letters.
            if map.keys().all(|key| key.is_ascii()) {
                write_fields(map.iter(), out);
            } else {
                write_fields(in_utf16_order(map).into_iter(), out);
            }
            out.push('}');
        }
    }
}

fn write_fields<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>, out: &mut String) {
    for (at, (key, item)) in fields.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_text(key, out);
        out.push(':');
        write_value(item, out);
    }
}

/// By insertion, as next to nothing is out of order.
fn in_utf16_order(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<(&String, &Value)> = Vec::new();
    for (key, item) in map {
        let is_before = |&(other, _): &(&String, _)| other.encode_utf16().lt(key.encode_utf16());
        let at = entries.partition_point(is_before);
        entries.insert(at, (key, item));
    }
    entries
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                out.push_str("\\u00");
                out.push_str(&hex(&[c as u8]));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Beyond this, ECMAScript's numbers are no longer exact integers.
const MAX_SAFE: u64 = 1 << 53;

fn write_number(number: &Number) -> String {
    if let Some(n) = number.as_u64().filter(|n| *n <= MAX_SAFE) {
        return n.to_string();
    }
    if let Some(n) = number.as_i64().filter(|n| n.unsigned_abs() <= MAX_SAFE) {
        return n.to_string();
    }
    ecmascript(number.as_f64().unwrap_or_default())
}

/// `Number::toString` of ECMAScript, from the shortest digits that `serde_json` writes. Valid entries hold integers only;
/// this keeps the hash right for the invalid ones too.
fn ecmascript(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let (digits, point) = shortest_digits(value.abs());
    let count = signed(digits.len());
    let body = if (count..=21).contains(&point) {
        let zeros = usize::try_from(point - count).unwrap_or(0);
        format!("{digits}{}", "0".repeat(zeros))
    } else if (1..=21).contains(&point) {
        let (whole, part) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{whole}.{part}")
    } else if (-5..=0).contains(&point) {
        let zeros = usize::try_from(-point).unwrap_or(0);
        format!("0.{}{digits}", "0".repeat(zeros))
    } else {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let plus = if point > 0 { "+" } else { "-" };
        format!("{first}{dot}{rest}e{plus}{}", (point - 1).abs())
    };
    format!("{sign}{body}")
}

/// The digits without zeros around them, and where the point stands from their beginning.
fn shortest_digits(value: f64) -> (String, i32) {
    let text = Number::from_f64(value)
        .map(|number| number.to_string())
        .unwrap_or_default();
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, part].concat();
    let significant = digits.trim_start_matches('0');
    let exponent = exponent.trim_start_matches('+').parse::<i32>().unwrap_or(0);
    let point = exponent + signed(whole.len()) - signed(digits.len() - significant.len());
    (significant.trim_end_matches('0').to_owned(), point)
}

fn signed(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_by_utf16_units() {
        // RFC 8785, section 3.2.3: U+1F600 sorts before U+FB33 in UTF-16.
        let value = json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7});
        assert_eq!(
            canonical(&value),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
    }

    #[test]
    fn escapes_are_the_shortest() {
        assert_eq!(
            canonical(&json!("\u{20ac}$\u{f}\nA'B\"\\\"/")),
            r#""€$\u000f\nA'B\"\\\"/""#
        );
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        // RFC 8785, appendix B, and neighbours.
        for (value, written) in [
            (0.0, "0"),
            (-0.0, "0"),
            (5e-324, "5e-324"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (295_147_905_179_352_830_000.0, "295147905179352830000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (333_333_333.333_333_3, "333333333.3333333"),
            (-1.5, "-1.5"),
        ] {
            assert_eq!(ecmascript(value), written);
        }
    }

    #[test]
    fn the_hash_of_an_empty_object_is_known() {
        assert_eq!(
            sha256_hex(&json!({})),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
    }

    proptest! {
        #[test]
        fn reading_the_canonical_form_gives_the_value_back(text in ".*", n: i32, flag: bool) {
            let value = json!({"text": text, "n": n, "flag": flag, "list": [text, n, null]});
            let read: Value = serde_json::from_str(&canonical(&value)).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
