//! A question as tokens: runs of Hangul, and runs of other letters and digits.

use crate::stem;

/// One run of letters of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Folded: half-width, lower case.
    pub(crate) text: String,
    /// Without particles and endings.
    pub(crate) stem: String,
    pub(crate) hangul: bool,
}

/// A question, and the same without its spaces, because people space Korean as they like.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) tokens: Vec<Token>,
    pub(crate) squashed: Vec<char>,
    /// The token that each squashed character belongs to.
    pub(crate) owner: Vec<usize>,
}

impl Question {
    pub(crate) fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut squashed = Vec::new();
        let mut owner = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            for c in token.text.chars() {
                squashed.push(c);
                owner.push(at);
            }
        }
        Self {
            tokens,
            squashed,
            owner,
        }
    }

    /// Whether a token begins at this squashed character.
    pub(crate) fn begins(&self, at: usize) -> bool {
        at == 0 || self.owner.get(at - 1) != self.owner.get(at)
    }

    /// Whether a token ends before this squashed character.
    pub(crate) fn ends(&self, at: usize) -> bool {
        at >= self.owner.len() || self.begins(at)
    }

    /// What is left of the token in which `at` lies.
    pub(crate) fn rest(&self, at: usize) -> String {
        let Some(token) = at.checked_sub(1).and_then(|last| self.owner.get(last)) else {
            return String::new();
        };
        let rest = self.squashed.iter().zip(&self.owner).skip(at);
        rest.take_while(|(_, owner)| *owner == token)
            .map(|(c, _)| c)
            .collect()
    }

    /// Every place where these characters stand.
    pub(crate) fn places(&self, wanted: &[char]) -> Vec<usize> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let windows = self.squashed.windows(wanted.len()).enumerate();
        windows
            .filter(|(_, window)| *window == wanted)
            .map(|(at, _)| at)
            .collect()
    }

    /// Whether these characters stand anywhere from the beginning of a token on.
    pub(crate) fn says(&self, wanted: &str) -> bool {
        let wanted: Vec<char> = wanted.chars().filter(|c| !c.is_whitespace()).collect();
        self.places(&wanted).into_iter().any(|at| self.begins(at))
    }
}

/// The tokens of any text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut open = String::new();
    let mut hangul = false;
    for c in text.chars().map(fold) {
        let letter = c.is_alphanumeric();
        if !open.is_empty() && (!letter || is_hangul(c) != hangul) {
            found.push(token(std::mem::take(&mut open), hangul));
        }
        if letter {
            hangul = is_hangul(c);
            open.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
    }
    if !open.is_empty() {
        found.push(token(open, hangul));
    }
    found
}

fn token(text: String, hangul: bool) -> Token {
    let stem = if hangul {
        stem::korean(&text)
    } else {
        stem::english(&text)
    };
    Token { text, stem, hangul }
}

pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣' | 'ㄱ'..='ㆎ')
}

fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        // The apostrophe is taken off together with its s.
        '\u{2019}' => '\'',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn scripts_are_taken_apart() {
        assert_eq!(
            texts("SKT의 A.X K1은?"),
            ["skt", "의", "a", "x", "k1", "은"]
        );
        assert_eq!(texts("ＬＧ　ＡＩ연구원"), ["lg", "ai", "연구원"]);
        assert_eq!(texts("?! …"), [""; 0]);
    }

    #[test]
    fn spaces_do_not_matter_to_what_is_said() {
        let question = Question::read("함께 하는 곳");
        assert!(question.says("함께하는"));
        assert!(!question.says("께하"));
    }
}
