//! A tree of values from JSON text, without the lists that nobody will read.
//!
//! Owns the reading of text. Invariant: with nothing left out, the tree is `serde_json`'s own.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads a text; under these keys, whatever stands there, the tree has empty lists.
pub(super) fn read(text: &str, left_out: &[&str]) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Tree(left_out).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

#[derive(Clone, Copy)]
struct Tree<'keys>(&'keys [&'keys str]);

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = if self.0.contains(&key.as_str()) {
                map.next_value::<IgnoredAny>()?;
                Value::Array(Vec::new())
            } else {
                map.next_value_seed(self)?
            };
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[a-c]{1,2}|.*", inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_whole_tree_is_the_usual_one(value in values()) {
            let text = value.to_string();
            prop_assert_eq!(read(&text, &[]), serde_json::from_str(&text).ok());
        }

        #[test]
        fn no_text_is_read_otherwise(text in "[\\[\\]{}:,\"a0-9.e \\\\-]{0,20}") {
            prop_assert_eq!(read(&text, &[]), serde_json::from_str(&text).ok());
        }
    }

    #[test]
    fn what_is_left_out_is_an_empty_list_wherever_it_stands() {
        let text = r#"{"facts": [{"id": 1}], "teams": [{"facts": {"a": []}, "id": 2}]}"#;
        let tree = read(text, &["facts"]).unwrap();
        assert_eq!(
            tree,
            json!({"facts": [], "teams": [{"facts": [], "id": 2}]})
        );
    }

    #[test]
    fn what_is_left_out_must_be_json_all_the_same() {
        for text in [r#"{"facts": [}"#, r#"{"facts": [1]"#, r#"{"facts": []} 1"#] {
            assert_eq!(read(text, &["facts"]), None, "{text}");
        }
    }
}
