//! Masks every text of an item, in place, and gathers them.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Names that are meant to be ids, in an entry, its exchange and its turns.
const NAMES: [&str; 3] = ["demo", "model", "finish_reason"];

/// Masks personal data in whatever a person may have written, and in names that only a form or a
/// service of the future chooses. Hashes, ids and builds stay: their digits are nobody's. Answers the
/// masked texts, one a line.
pub(super) fn mask(item: &mut Value) -> String {
    let mut texts = String::new();
    for_each_text(item, &mut |text| {
        mask_text(text);
        texts.push_str(text);
        texts.push('\n');
    });
    for_each_name(item, &mut mask_text);
    if let Some(Value::Object(answers)) = item.get_mut("answers") {
        mask_keys(answers);
    }
    texts
}

fn mask_text(text: &mut String) {
    if let Cow::Owned(masked) = kiosk_privacy::mask(text) {
        *text = masked;
    }
}

/// Two keys that become the same are told apart, so that no answer is lost.
fn mask_keys(answers: &mut Map<String, Value>) {
    for (mut key, answer) in std::mem::take(answers) {
        mask_text(&mut key);
        while answers.contains_key(&key) {
            key.push('_');
        }
        answers.insert(key, answer);
    }
}

fn for_each_name(item: &mut Value, apply: &mut dyn FnMut(&mut String)) {
    let models = item
        .get_mut("served")
        .and_then(|served| served.get_mut("models"));
    for model in models.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::String(name) = model {
            apply(name);
        }
    }
    for part in ["exchange", "conversation"] {
        match item.get_mut(part) {
            Some(Value::Array(turns)) => {
                for turn in turns {
                    names_of(turn, apply);
                }
            }
            Some(exchange) => names_of(exchange, apply),
            None => {}
        }
    }
    names_of(item, apply);
}

fn names_of(part: &mut Value, apply: &mut dyn FnMut(&mut String)) {
    for name in NAMES {
        if let Some(Value::String(name)) = part.get_mut(name) {
            apply(name);
        }
    }
}

fn for_each_text(item: &mut Value, apply: &mut dyn FnMut(&mut String)) {
    if let Some(Value::String(comment)) = item.get_mut("comment") {
        apply(comment);
    }
    if let Some(exchange) = item.get_mut("exchange") {
        for key in ["prompt", "answer"] {
            if let Some(Value::String(text)) = exchange.get_mut(key) {
                apply(text);
            }
        }
    }
    if let Some(Value::Array(turns)) = item.get_mut("conversation") {
        for turn in turns {
            if let Some(Value::String(text)) = turn.get_mut("text") {
                apply(text);
            }
        }
    }
    // Tags and answers are meant to be ids, but what a form sends is free.
    if let Some(Value::Array(tags)) = item.get_mut("tags") {
        for tag in tags {
            if let Value::String(text) = tag {
                apply(text);
            }
        }
    }
    if let Some(Value::Object(answers)) = item.get_mut("answers") {
        for (_, answer) in answers.iter_mut() {
            if let Value::String(text) = answer {
                apply(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn masked(mut item: Value) -> Value {
        mask(&mut item);
        let once = item.clone();
        mask(&mut item);
        assert_eq!(item, once, "masking again changes it");
        item
    }

    #[test]
    fn names_are_masked_as_texts_are() {
        let names = |name: &str| {
            json!({
                "demo": name, "tags": [name], "answers": {name: name},
                "served": {"models": [name]},
                "exchange": {"demo": name, "model": name, "finish_reason": name, "prompt": name},
                "conversation": [{"demo": name, "model": name, "text": name}],
            })
        };
        let (phone, email) = (kiosk_privacy::PHONE, kiosk_privacy::EMAIL);
        assert_eq!(masked(names("010-1234-5678")), names(phone));
        assert_eq!(masked(names("me@example.com")), names(email));
        for kept in ["A.X-K1", "solar-pro2-250909", "빨라요", "stop"] {
            assert_eq!(masked(names(kept)), names(kept));
        }
    }

    #[test]
    fn every_text_is_gathered_masked_and_no_name_or_id_is() {
        let mut item = json!({
            "id": "ID", "demo": "NAME", "comment": "010-1234-5678", "tags": ["Tag"],
            "answers": {"KEY": "Answer"}, "exchange": {"prompt": "Prompt", "answer": "ÄNSWER"},
            "conversation": [{"role": "user", "model": "NAME", "text": "Turn"}],
        });
        let texts = mask(&mut item);
        let mut lines: Vec<_> = texts.lines().collect();
        lines.sort_unstable();
        let expected = [
            "Answer",
            "Prompt",
            "Tag",
            "Turn",
            kiosk_privacy::PHONE,
            "ÄNSWER",
        ];
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(lines, expected);
    }

    #[test]
    fn no_answer_is_lost_where_keys_become_the_same() {
        let answers = json!({"010-1234-5678": "a", "010-2345-6789": "b", "[전화번호]": "c"});
        let kept = masked(json!({"answers": answers}));
        let kept = kept["answers"].as_object().unwrap();
        let mut values: Vec<&str> = kept.values().filter_map(Value::as_str).collect();
        values.sort_unstable();
        assert_eq!(values, ["a", "b", "c"]);
        assert!(kept.keys().all(|key| key.starts_with("[전화번호]")));
    }
}
