//! Every visible sentence, generated from `locales/*.toml` at build time.

use std::fmt::Display;

use kiosk_wire::event::Language;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The sentences of a language.
#[must_use]
pub fn messages(language: Language) -> &'static Messages {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

impl Messages {
    /// A number as a word that stands before a noun; digits beyond ten.
    #[must_use]
    pub fn number(&self, n: usize) -> String {
        let word = n
            .checked_sub(1)
            .and_then(|at| self.numbers.split(' ').nth(at));
        word.map_or_else(|| n.to_string(), ToOwned::to_owned)
    }
}

/// Puts values into a sentence's `{placeholders}`.
#[must_use]
pub fn fill(sentence: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = sentence.to_owned();
    for (name, value) in values {
        filled = filled.replace(&format!("{{{name}}}"), &value.to_string());
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        assert_eq!(
            fill(
                "앞에 {count}명 · 약 {secs}초",
                &[("count", &3), ("secs", &40)]
            ),
            "앞에 3명 · 약 40초"
        );
    }

    #[test]
    fn small_numbers_are_words() {
        assert_eq!(messages(Language::Ko).number(5), "다섯");
        assert_eq!(messages(Language::En).number(11), "11");
        assert_eq!(messages(Language::En).number(0), "0");
    }
}
