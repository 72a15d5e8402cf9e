//! Whole numbers, however JSON writes them.
//!
//! Owns: telling a whole number from another one.
//! Must not own: which numbers a field takes.
//! Invariant: `2` and `2.0` are one number, as JSON Schema has it; nothing is rounded.

use kiosk_wire::feedback::MAX_SAFE_INTEGER;
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Number, Value};

/// The whole number that this is; `None` if it is none, negative, or too large to be exact.
pub(crate) fn whole(number: &Number) -> Option<u64> {
    number.as_u64().or_else(|| {
        let written = number.as_f64()?;
        #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact")]
        let exact = (0.0..=MAX_SAFE_INTEGER as f64).contains(&written);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "neither negative nor beyond 2^53, and without a fraction"
        )]
        (exact && written.fract() == 0.0).then_some(written as u64)
    })
}

/// Reads a field that takes a whole number.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = Number::deserialize(deserializer)?;
    whole(&number).ok_or_else(|| Error::custom(format!("{number} is no whole number")))
}

/// Writes every whole number in a value as one.
pub(crate) fn write_whole(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(whole) = whole(number) {
                *number = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_whole),
        Value::Object(fields) => fields.values_mut().for_each(write_whole),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let mut value =
            json!({"a": [2.0, 2, -1, -1.0, 0.5, 1e300, 9_007_199_254_740_991.0], "b": 0.0});
        write_whole(&mut value);
        assert_eq!(
            value.to_string(),
            r#"{"a":[2,2,-1,-1.0,0.5,1e+300,9007199254740991],"b":0}"#
        );
    }
}
