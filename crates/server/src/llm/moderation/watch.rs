//! Looking for phrases in a text that comes in pieces.
//!
//! Owns: when letters make a phrase, and how much of a text may still become one.
//! Must not own: which phrases, or what is said about them.
//! Invariant: where the text is cut into pieces makes no difference to what is let go, what is found and
//! what is never let go; only the beginning of a phrase is held back, everything before it is not.
//!
//! Spaces and signs between letters do not hide a phrase, but must not make one either: "혼자 살기" and
//! "자, 살펴볼까요?" hold 자살, "it's ex-wife" holds sex. So a phrase that is parted where it is not written
//! apart counts only at the beginning of a word, a short one only if it stands alone, and a short one of
//! Latin letters only if all of them are parted.

use std::sync::Arc;

use super::phrase::{Phrase, Phrases, Sign, is_spaced, sign};

/// Letters further apart than this belong to different things.
const LONGEST_GAP: usize = 8;
/// So few letters, parted, must stand alone.
const SHORT: usize = 3;
/// So many Latin letters may be parted anywhere.
const LONG: usize = 8;

/// A phrase was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// What may still be told: nothing of any phrase.
    pub(super) before: String,
    /// The rule it breaks.
    pub(super) rule: usize,
}

/// A phrase that has begun.
#[derive(Debug)]
struct Begun {
    phrase: usize,
    /// How many of its letters have come.
    letters: usize,
    /// Where it begins in what is held.
    start: usize,
    /// It begins behind no other letter.
    is_first: bool,
    /// Two letters of one of its words were parted.
    is_parted: bool,
    /// Two of them were not.
    is_joined: bool,
}

impl Begun {
    /// Takes the letter that comes next; `false` if it is another phrase's.
    fn take(&mut self, phrase: &Phrase, letter: char, gap: bool) -> bool {
        if phrase.letters.get(self.letters) != Some(&letter) {
            return false;
        }
        if phrase.apart.get(self.letters) == Some(&false) {
            self.is_parted |= gap;
            self.is_joined |= !gap;
        }
        self.letters += 1;
        if !self.is_parted {
            return true;
        }
        let mixed = self.is_joined && is_spaced(letter) && phrase.letters.len() < LONG;
        self.is_first && !mixed
    }

    fn is_whole(&self, phrase: &Phrase) -> bool {
        self.letters == phrase.letters.len()
    }

    /// Whether no letter may follow at all.
    fn must_be_alone(&self, phrase: &Phrase) -> bool {
        self.is_parted && phrase.letters.len() <= SHORT
    }
}

/// What is to be thought of a phrase after one more letter.
enum Next {
    Goes,
    Is,
    IsNot,
}

/// Looks at one text.
#[derive(Debug)]
pub(super) struct Watch {
    phrases: Arc<Phrases>,
    /// What may still become a phrase.
    held: String,
    /// By where they begin; some may be whole and wait for what follows.
    begun: Vec<Begun>,
    /// The letter right before, if there is one.
    last: Option<char>,
    /// Signs since the last letter.
    signs: usize,
}

impl Watch {
    /// At the beginning of a text.
    pub(super) fn new(phrases: Arc<Phrases>) -> Self {
        Self {
            phrases,
            held: String::new(),
            begun: Vec::new(),
            last: None,
            signs: 0,
        }
    }

    /// Takes more of the text; gives what is no phrase whatever follows.
    pub(super) fn push(&mut self, text: &str) -> Result<String, Hit> {
        if self.phrases.is_empty() {
            return Ok(text.to_owned());
        }
        for c in text.chars() {
            let at = self.held.len();
            // Whatever a phrase is found by, this much was free to go before it.
            let free = self.first_begun();
            self.held.push(c);
            let found = match sign(c) {
                Sign::Letter(letter) => self.letter(letter, at),
                other => self.no_letter(other == Sign::Gap),
            };
            if let Some(rule) = found {
                return Err(self.hit(free.unwrap_or(at), rule));
            }
        }
        let free = self.first_begun().unwrap_or(self.held.len());
        Ok(self.let_go(free))
    }

    /// Nothing more comes.
    pub(super) fn finish(&mut self) -> Result<String, Hit> {
        match self.whole() {
            Some(rule) => {
                let free = self.first_begun().unwrap_or_default();
                Err(self.hit(free, rule))
            }
            None => Ok(self.let_go(self.held.len())),
        }
    }

    fn letter(&mut self, letter: char, at: usize) -> Option<usize> {
        let phrases = Arc::clone(&self.phrases);
        let gap = self.last.is_none();
        let mut found = None;
        self.begun.retain_mut(|begun| {
            let next = phrases.get(begun.phrase).map(|phrase| {
                let next = next(begun, phrase, letter, gap);
                if matches!(next, Next::Is) {
                    found.get_or_insert(phrase.rule);
                }
                next
            });
            matches!(next, Some(Next::Goes | Next::Is))
        });
        let inside_word = self.last.is_some_and(is_spaced);
        for (number, phrase) in phrases.beginning_with(letter) {
            if inside_word && is_spaced(letter) {
                break;
            }
            let begun = Begun {
                phrase: number,
                letters: 1,
                start: at,
                is_first: gap,
                is_parted: false,
                is_joined: false,
            };
            if begun.is_whole(phrase) && !phrase.must_end() {
                found.get_or_insert(phrase.rule);
            }
            self.begun.push(begun);
        }
        self.last = Some(letter);
        self.signs = 0;
        found
    }

    fn no_letter(&mut self, gap: bool) -> Option<usize> {
        self.signs += 1;
        let far = self.signs > LONGEST_GAP;
        let found = if gap || far { self.whole() } else { None };
        if gap {
            self.last = None;
        }
        if far {
            self.begun.clear();
        }
        found
    }

    /// The rule of a phrase that only waited for its end.
    fn whole(&self) -> Option<usize> {
        self.begun.iter().find_map(|begun| {
            let phrase = self.phrases.get(begun.phrase)?;
            begun.is_whole(phrase).then_some(phrase.rule)
        })
    }

    fn first_begun(&self) -> Option<usize> {
        self.begun.first().map(|begun| begun.start)
    }

    fn let_go(&mut self, bytes: usize) -> String {
        let rest = self.held.split_off(bytes);
        for begun in &mut self.begun {
            begun.start = begun.start.saturating_sub(bytes);
        }
        std::mem::replace(&mut self.held, rest)
    }

    fn hit(&mut self, free: usize, rule: usize) -> Hit {
        let before = self.let_go(free);
        self.held.clear();
        self.begun.clear();
        Hit { before, rule }
    }
}

fn next(begun: &mut Begun, phrase: &Phrase, letter: char, gap: bool) -> Next {
    if begun.is_whole(phrase) {
        // It waited for its end, and this letter stands right behind it.
        let ends = !begun.must_be_alone(phrase) && !is_spaced(letter);
        return if ends { Next::Is } else { Next::IsNot };
    }
    if !begun.take(phrase, letter, gap) {
        return Next::IsNot;
    }
    let waits = phrase.must_end() || begun.must_be_alone(phrase);
    if begun.is_whole(phrase) && !waits {
        Next::Is
    } else {
        Next::Goes
    }
}

#[cfg(test)]
mod tests;
