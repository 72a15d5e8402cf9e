//! Which language a text is in, so that it is read aloud by the right voice.

use kiosk_wire::event::Language;

/// Korean if any Hangul is in it, as Korean texts hold English names and not the other way round.
#[must_use]
pub fn spoken(text: &str) -> Language {
    if text.chars().any(is_hangul) {
        Language::Ko
    } else {
        Language::En
    }
}

/// Syllables and the letters they are made of.
fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_anywhere_is_korean() {
        for text in ["A.X K1은 무엇인가요?", "ㅋㅋ", "OK, 고마워요"] {
            assert_eq!(spoken(text), Language::Ko, "{text}");
        }
        for text in ["Who are the partners?", "", "2 + 2"] {
            assert_eq!(spoken(text), Language::En, "{text}");
        }
    }
}
