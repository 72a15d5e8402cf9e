//! Phrases as they are looked for.
//!
//! Owns: what of a text counts as a letter, and which letters a phrase is made of.
//! Must not own: looking for them.
//! Invariant: case, width and signs that nobody sees make no difference.

use kiosk_content::Rule;

/// One character of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A letter or a digit, in lower case and half width.
    Letter(char),
    /// A space, or a sign between letters.
    Gap,
    /// What nobody sees: it neither joins nor parts letters.
    Nothing,
}

/// How a character counts. Masking folds as well, but for the sake of numbers: it takes the vowel ㅡ for a
/// dash and leaves capitals alone.
pub(super) fn sign(c: char) -> Sign {
    let c = match c {
        // Most letters, and the tables of all scripts take long to look them up.
        '가'..='힣' => return Sign::Letter(c),
        '\u{ad}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}' => return Sign::Nothing,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    if c.is_alphanumeric() {
        Sign::Letter(c.to_lowercase().next().unwrap_or(c))
    } else {
        Sign::Gap
    }
}

/// Whether a letter's script puts spaces around words: inside a longer word, a short one means nothing.
/// Korean writes its particles and endings to the word, so there the end of a word is not to be seen.
pub(super) fn is_spaced(letter: char) -> bool {
    letter < '\u{1100}'
}

/// One phrase.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) letters: Vec<char>,
    /// For each letter, whether it is written apart from the one before it.
    pub(super) apart: Vec<bool>,
    /// The rule it belongs to.
    pub(super) rule: usize,
}

impl Phrase {
    fn new(text: &str, rule: usize) -> Self {
        let (mut letters, mut apart) = (Vec::new(), Vec::new());
        let mut gap = false;
        for c in text.chars() {
            match sign(c) {
                Sign::Letter(letter) => {
                    letters.push(letter);
                    apart.push(std::mem::take(&mut gap));
                }
                Sign::Gap => gap = true,
                Sign::Nothing => {}
            }
        }
        Self {
            letters,
            apart,
            rule,
        }
    }

    /// Whether it ends in the middle of a word that goes on with more letters.
    pub(super) fn must_end(&self) -> bool {
        self.letters.last().is_some_and(|last| is_spaced(*last))
    }
}

/// All phrases of one kind of text.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// By first letter.
    all: Vec<Phrase>,
}

impl Phrases {
    pub(super) fn new(rules: &[Rule], applies: impl Fn(&Rule) -> bool) -> Self {
        let rules = rules.iter().enumerate().filter(|(_, rule)| applies(rule));
        let phrases = rules.flat_map(|(number, rule)| {
            let phrases = rule.phrases.iter();
            phrases.map(move |phrase| Phrase::new(phrase, number))
        });
        let mut all: Vec<Phrase> = phrases
            .filter(|phrase| !phrase.letters.is_empty())
            .collect();
        all.sort_by_key(|phrase| phrase.letters.first().copied());
        Self { all }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Phrase> {
        self.all.get(at)
    }

    /// Those that begin with this letter.
    pub(super) fn beginning_with(&self, letter: char) -> impl Iterator<Item = (usize, &Phrase)> {
        let first = |phrase: &Phrase| phrase.letters.first().copied();
        let from = self
            .all
            .partition_point(|phrase| first(phrase) < Some(letter));
        let rest = self.all.iter().enumerate().skip(from);
        rest.take_while(move |(_, phrase)| first(phrase) == Some(letter))
    }
}
