//! Every visible sentence, generated from `locales/*.toml` at build time.

use std::fmt::Display;

use kiosk_wire::event::Language;

/// The sentences of the first screen and of the frame of all screens: a file of their own, so that they
/// come without the others.
mod first {
    include!(concat!(env!("OUT_DIR"), "/first_messages.rs"));

    pub(super) fn of(language: super::Language) -> &'static FirstMessages {
        match language {
            super::Language::Ko => &KO,
            super::Language::En => &EN,
        }
    }
}
pub use first::FirstMessages;

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// What the first screen and the frame of all screens say.
#[must_use]
pub fn first_messages(language: Language) -> &'static FirstMessages {
    first::of(language)
}

/// What all other screens say.
#[must_use]
pub fn messages(language: Language) -> &'static Messages {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}

impl FirstMessages {
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
        assert_eq!(first_messages(Language::Ko).number(5), "다섯");
        assert_eq!(first_messages(Language::En).number(11), "11");
        assert_eq!(first_messages(Language::En).number(0), "0");
    }
}
