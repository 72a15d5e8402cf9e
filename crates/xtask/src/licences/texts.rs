//! Licence texts, each once, with a number.
//!
//! Invariant: texts that differ in line breaks and spaces only are the same text.

use std::fmt::Write as _;

/// Texts in the order they were first needed.
#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<(String, String)>,
}

impl Texts {
    /// The number of this text, from one.
    pub(super) fn number(&mut self, text: String) -> usize {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let known = self.texts.iter().position(|(known, _)| *known == words);
        known.unwrap_or_else(|| {
            self.texts.push((words, text));
            self.texts.len() - 1
        }) + 1
    }

    /// All texts, one after the other.
    pub(super) fn print(&self) -> String {
        let mut printed = String::new();
        for (at, (_, text)) in self.texts.iter().enumerate() {
            let text = text.replace('\r', "");
            let text = text.trim_matches('\n').trim_end();
            writeln!(printed, "\n[{}]\n\n{text}", at + 1).ok();
        }
        printed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut texts = Texts::default();
        assert_eq!(texts.number("a\n b".to_owned()), 1);
        assert_eq!(texts.number("c".to_owned()), 2);
        assert_eq!(texts.number("a  b\r\n".to_owned()), 1);
        assert_eq!(texts.print(), "\n[1]\n\na\n b\n\n[2]\n\nc\n");
    }
}
