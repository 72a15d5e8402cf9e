//! Masks every text of an item, in place, and gathers them for searching.

use serde_json::Value;

/// Masks personal data in whatever a person may have written.
pub(super) fn mask(item: &mut Value) {
    for_each_text(item, &mut |text| {
        if let std::borrow::Cow::Owned(masked) = kiosk_privacy::mask(text) {
            *text = masked;
        }
    });
}

/// The texts in lower case, one a line.
pub(super) fn search_text(item: &Value) -> String {
    let mut found = String::new();
    for_each_text(&mut item.clone(), &mut |text| {
        found.push_str(&text.to_lowercase());
        found.push('\n');
    });
    found
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
