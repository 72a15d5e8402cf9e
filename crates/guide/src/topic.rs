//! Which topics a question names, by the words the content gives for each.

use std::collections::BTreeSet;

use kiosk_wire::event::{Language, Topic};

use crate::lexicon;
use crate::question::{Question, Token, tokens};
use crate::{spelling, stem};

/// A word counts for less inside another one (주요협력사) and when misspelt.
const INSIDE: f32 = 0.8;
const MISSPELT: f32 = 0.8;

/// A topic's further words only confirm the first, or one long phrase would outdo two plain questions.
const FURTHER: f32 = 0.3;

/// One topic's word found in a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    /// Place in the event's list of topics.
    pub(crate) topic: usize,
    pub(crate) weight: f32,
    /// The squashed characters it stands on.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Debug)]
struct Word {
    topic: usize,
    weight: f32,
    tokens: Vec<Token>,
    squashed: Vec<char>,
    korean: bool,
}

/// The words of every topic.
#[derive(Debug)]
pub(crate) struct Topics {
    listed: Vec<Topic>,
    words: Vec<Word>,
    names: BTreeSet<String>,
}

impl Topics {
    pub(crate) fn new(topics: &[Topic]) -> Self {
        let mut words = Vec::new();
        for (at, topic) in topics.iter().enumerate() {
            let korean = topic.words_ko.iter().map(|word| (word, true));
            let english = topic.words_en.iter().map(|word| (word, false));
            words.extend(
                korean
                    .chain(english)
                    .map(|(word, korean)| Word::new(at, word, korean)),
            );
        }
        let names = topics
            .iter()
            .flat_map(|topic| [&topic.name.ko, &topic.name.en]);
        let names = names
            .flat_map(|name| tokens(name))
            .map(|token| token.stem)
            .collect();
        Self {
            listed: topics.to_vec(),
            words,
            names,
        }
    }

    /// How the guide offers these topics.
    pub(crate) fn names(&self, ids: &[String], language: Language) -> Vec<&str> {
        let name = |id: &String| self.listed.iter().find(|topic| topic.id == *id);
        ids.iter()
            .filter_map(name)
            .map(|topic| topic.name.get(language))
            .collect()
    }

    /// The id of a hit's topic.
    pub(crate) fn id(&self, topic: usize) -> &str {
        self.listed.get(topic).map_or("", |topic| &topic.id)
    }

    /// The longest words found; one inside a longer one says nothing of its own.
    pub(crate) fn hits(&self, question: &Question) -> Hits {
        let mut found: Vec<Hit> = self
            .words
            .iter()
            .flat_map(|word| word.find(question))
            .collect();
        found.extend(self.misspelt(question, &found));
        let all = found.clone();
        found.retain(|hit| {
            !all.iter().any(|other| {
                other.start <= hit.start
                    && hit.end <= other.end
                    && other.end - other.start > hit.end - hit.start
            })
        });
        found.sort_by_key(|hit| (hit.start, hit.end, hit.topic));
        let mut kept: Vec<Hit> = Vec::new();
        for hit in found {
            let overlaps = |one: &&mut Hit| one.topic == hit.topic && hit.start < one.end;
            match kept.iter_mut().find(overlaps) {
                Some(one) if hit.weight > one.weight => *one = hit,
                Some(_) => {}
                None => kept.push(hit),
            }
        }
        drop_context(&mut kept, question);
        Hits {
            ids: kept
                .iter()
                .map(|hit| self.id(hit.topic).to_owned())
                .collect(),
            names: self.names.clone(),
            found: kept,
        }
    }

    fn misspelt(&self, question: &Question, found: &[Hit]) -> Vec<Hit> {
        let mut near = Vec::new();
        for (at, token) in question.tokens.iter().enumerate() {
            let Some(start) = question.owner.iter().position(|&owner| owner == at) else {
                continue;
            };
            let end = start + token.text.chars().count();
            let covered = found.iter().any(|hit| hit.start < end && start < hit.end);
            if covered || lexicon::is_filler(&token.text, &token.stem, token.hangul) {
                continue;
            }
            near.extend(
                self.words
                    .iter()
                    .filter(|word| word.is_near(token))
                    .map(|word| Hit {
                        topic: word.topic,
                        weight: word.weight * MISSPELT,
                        start,
                        end,
                    }),
            );
        }
        near
    }
}

/// The team or the booth is what a question is about, and a topic only if nothing else is asked;
/// likewise 어디 asks for a place unless it asks which partners.
fn drop_context(hits: &mut Vec<Hit>, question: &Question) {
    let said = |hit: &Hit| {
        question.squashed[hit.start..hit.end]
            .iter()
            .collect::<String>()
    };
    let is_context = |hit: &Hit| {
        let said = said(hit);
        let bare = stem::english(&said);
        [lexicon::MODEL_WORDS, lexicon::EVENT_WORDS]
            .iter()
            .any(|words| words.contains(&said.as_str()) || words.contains(&bare.as_str()))
    };
    let clear = hits
        .iter()
        .any(|hit| hit.weight > lexicon::EVERYDAY && !is_context(hit));
    let only_asks = |hit: &Hit| {
        let said = said(hit);
        clear
            && hit.weight <= lexicon::EVERYDAY
            && lexicon::ASKING.iter().any(|word| said.starts_with(word))
    };
    let asked: Vec<usize> = hits
        .iter()
        .filter(|hit| !is_context(hit) && !only_asks(hit))
        .map(|hit| hit.topic)
        .collect();
    if !asked.is_empty() {
        hits.retain(|hit| asked.contains(&hit.topic));
    }
}

/// What a question hits.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    pub(crate) found: Vec<Hit>,
    /// The topic id of each hit.
    pub(crate) ids: Vec<String>,
    /// The stems of the topics' own names.
    pub(crate) names: BTreeSet<String>,
}

impl Hits {
    /// How strongly the question names this topic.
    pub(crate) fn weight(&self, topic: &str) -> f32 {
        let (most, sum) = self.of(topic).fold((0.0_f32, 0.0), |(most, sum), hit| {
            (most.max(hit.weight), sum + hit.weight)
        });
        most + (sum - most) * FURTHER
    }

    /// Where the question first names this topic.
    pub(crate) fn place(&self, topic: &str) -> usize {
        self.of(topic)
            .map(|hit| hit.start)
            .min()
            .unwrap_or(usize::MAX)
    }

    /// The strongest single word.
    pub(crate) fn strongest(&self) -> f32 {
        self.found.iter().map(|hit| hit.weight).fold(0.0, f32::max)
    }

    fn of<'a>(&'a self, topic: &'a str) -> impl Iterator<Item = &'a Hit> {
        let pairs = self.found.iter().zip(&self.ids);
        pairs
            .filter(move |(_, id)| *id == topic)
            .map(|(hit, _)| hit)
    }
}

impl Word {
    fn new(topic: usize, word: &str, korean: bool) -> Self {
        let tokens = tokens(word);
        let squashed = tokens.iter().flat_map(|token| token.text.chars()).collect();
        Self {
            topic,
            weight: lexicon::weight(word),
            tokens,
            squashed,
            korean,
        }
    }

    fn find(&self, question: &Question) -> Vec<Hit> {
        if self.korean {
            self.find_squashed(question)
        } else {
            self.find_tokens(question)
        }
    }

    fn find_squashed(&self, question: &Question) -> Vec<Hit> {
        let length = self.squashed.len();
        let places = question.places(&self.squashed).into_iter();
        places
            .filter_map(|start| {
                let weight = self.weight_at(question, start)?;
                Some(Hit {
                    topic: self.topic,
                    weight,
                    start,
                    end: start + length,
                })
            })
            .collect()
    }

    /// How much the word tells where it stands; `None` where it is only a part of another word.
    fn weight_at(&self, question: &Question, start: usize) -> Option<f32> {
        let length = self.squashed.len();
        let end = start + length;
        let latin_end = self.tokens.last().is_some_and(|token| !token.hangul);
        if latin_end && !question.ends(end) {
            return None;
        }
        let everyday = self.weight <= lexicon::EVERYDAY;
        if question.begins(start) {
            let short = everyday && length <= 2 || length == 1;
            let whole = !short || stem::only_suffixes(&question.rest(end));
            return whole.then_some(self.weight);
        }
        let hangul = self.tokens.iter().all(|token| token.hangul);
        let one_token = question.owner.get(start) == question.owner.get(end - 1);
        (hangul && one_token && length >= 2 && !everyday).then_some(self.weight * INSIDE)
    }

    fn find_tokens(&self, question: &Question) -> Vec<Hit> {
        if self.tokens.is_empty() {
            return Vec::new();
        }
        let windows = question.tokens.windows(self.tokens.len()).enumerate();
        let same = |window: &[Token]| {
            window
                .iter()
                .zip(&self.tokens)
                .all(|(one, other)| one.stem == other.stem)
        };
        windows
            .filter(|(_, window)| same(window))
            .filter_map(|(first, window)| {
                let start = question.owner.iter().position(|&owner| owner == first)?;
                let length: usize = window.iter().map(|token| token.text.chars().count()).sum();
                Some(Hit {
                    topic: self.topic,
                    weight: self.weight,
                    start,
                    end: start + length,
                })
            })
            .collect()
    }

    fn is_near(&self, token: &Token) -> bool {
        let [word] = self.tokens.as_slice() else {
            return false;
        };
        word.hangul == token.hangul && spelling::near(&word.text, &token.stem)
    }
}
