//! Weighs what a question says against what can be quoted, and picks the quotations or none.
//!
//! Owns: the scores and the threshold. A question has to name a topic or a rare word of the content;
//! words that neither the content nor everyday questions know speak against it, because a wrong fact
//! is worse than none.

use std::collections::{BTreeMap, BTreeSet};

use crate::index::{Document, Index};
use crate::lexicon;
use crate::question::{Question, Token};
use crate::team_name::Named;
use crate::topic::Hits;

/// The topic whose facts say what a model is called.
const MODEL_NAME: &str = "model-name";
/// The topic of the teams as a whole.
const TEAMS: &str = "teams";

/// Least evidence for an answer: one everyday word of a topic and nothing against it.
const THRESHOLD: f32 = 1.0;
/// Of the best document's score, what another one needs to be quoted as well.
const CLOSE: f32 = 0.6;
const MOST_QUOTED: usize = 3;

/// A topic's word in more documents than this does not tell one of its facts from another.
const RARE: usize = 5;

const MODEL_CONTEXT: f32 = 0.5;
const EVENT_CONTEXT: f32 = 0.8;

const FIRST_STRANGER: f32 = 0.8;
const NEXT_STRANGER: f32 = 0.25;
const MOST_AGAINST: f32 = 1.8;
/// A telling word, even inside another one or misspelt, passes whatever else is said around it.
const TELLING_ENOUGH: f32 = 1.5;
const MOST_AGAINST_TELLING: f32 = 1.0;
const TASK: f32 = 1.0;
const ELSEWHEN: f32 = 0.8;
/// A known word this rare counts as a stranger where it is missing.
const NOTICED: f32 = 0.4;

/// Where facts may come from.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) asked: Option<usize>,
    /// The teams the question is about.
    pub(crate) teams: Vec<usize>,
    /// Whether these are other teams than the asked one.
    pub(crate) elsewhere: bool,
}

/// What speaks for and against an answer.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    hits: &'a Hits,
    /// Stems the content knows, with how rare they are.
    words: BTreeMap<String, f32>,
    /// Stems of words that belong to a topic, to order facts of one topic.
    topical: BTreeSet<String>,
    context: f32,
    about_event: bool,
    /// Words that neither the content nor everyday questions know.
    strangers: usize,
    /// What the form of the question says against it.
    against: f32,
    /// Whether the question consists of nothing but the model, the team or the event.
    overview: bool,
}

/// Documents of one topic, and of one team where several are asked about.
struct Heap<'a> {
    team: Option<usize>,
    topic: &'a str,
    ids: Vec<usize>,
}

impl<'a> Evidence<'a> {
    pub(crate) fn weigh(question: &Question, hits: &'a Hits, named: &Named, index: &Index) -> Self {
        let covered: BTreeSet<usize> = hits
            .found
            .iter()
            .flat_map(|hit| {
                question
                    .owner
                    .get(hit.start..hit.end)
                    .into_iter()
                    .flatten()
                    .copied()
            })
            .collect();
        let mut words = BTreeMap::new();
        let mut strangers = 0;
        for (at, token) in question.tokens.iter().enumerate() {
            if covered.contains(&at) || named.tokens.contains(&at) || is_plain(token) {
                continue;
            }
            match index.known_stem(token) {
                Some(stem) => {
                    let weight = rarity(index.frequency(&stem));
                    words.insert(stem, weight);
                }
                None => strangers += 1,
            }
        }
        let topical = covered
            .iter()
            .filter_map(|&at| question.tokens.get(at))
            .map(|token| token.stem.clone())
            .filter(|stem| index.frequency(stem) <= RARE && !hits.names.contains(stem))
            .collect();
        let about = |words: &[&str]| {
            let open = question
                .tokens
                .iter()
                .enumerate()
                .filter(|(at, _)| !covered.contains(at));
            open.into_iter().any(|(_, token)| is_any(token, words))
        };
        let about_event = about(lexicon::EVENT_WORDS);
        let about_model = !named.teams.is_empty() || about(lexicon::MODEL_WORDS);
        let nothing_else = hits.found.is_empty() && words.is_empty() && strangers == 0;
        let overview = (about_model || about_event) && nothing_else && !is_task(question);
        let against = against(question, hits.strongest());
        let context = if about_event {
            EVENT_CONTEXT
        } else if about_model {
            MODEL_CONTEXT
        } else {
            0.0
        };
        Self {
            hits,
            words,
            topical,
            context,
            about_event,
            strangers,
            against,
            overview,
        }
    }

    /// The teams whose facts answer: those named, or the one whose facts alone hold a named thing,
    /// or the asked one.
    pub(crate) fn scope(&self, asked: Option<usize>, named: &[usize], index: &Index) -> Scope {
        let teams = if !named.is_empty() {
            named.iter().copied().take(MOST_QUOTED).collect()
        } else if self.about_each(index) {
            (0..index.teams()).collect()
        } else if let Some(owner) = self.owner(asked, index) {
            vec![owner]
        } else {
            asked.into_iter().collect()
        };
        let elsewhere = teams.iter().any(|&team| Some(team) != asked);
        Scope {
            asked,
            teams,
            elsewhere,
        }
    }

    /// Whether something is asked that every team has: the parameters of all five.
    fn about_each(&self, index: &Index) -> bool {
        let teams = self.hits.weight(TEAMS) > lexicon::EVERYDAY;
        let of_teams = |topic: &String| {
            let mut documents = index.documents();
            self.hits.weight(topic) > lexicon::EVERYDAY
                && topic != TEAMS
                && documents.any(|(_, one)| one.team.is_some() && one.topic == *topic)
        };
        teams && self.hits.ids.iter().any(of_teams)
    }

    /// The one team whose facts hold a proper name of the question; not the asked one.
    fn owner(&self, asked: Option<usize>, index: &Index) -> Option<usize> {
        self.words.keys().find_map(|stem| {
            let holding: Vec<&Document> = index
                .documents()
                .map(|(_, document)| document)
                .filter(|document| document.stems.contains(stem))
                .collect();
            let holders: BTreeSet<Option<usize>> = holding.iter().map(|one| one.team).collect();
            let model = holding.iter().any(|one| one.topic == MODEL_NAME);
            match (holders.len(), holders.first()) {
                (1, Some(&Some(team))) if (model || is_name(stem)) && Some(team) != asked => {
                    Some(team)
                }
                _ => None,
            }
        })
    }

    /// The documents to quote, the most fitting first; none if the evidence is too thin.
    pub(crate) fn choose(&self, scope: &Scope, index: &Index) -> Vec<usize> {
        if self.overview {
            return self.overview(scope, index);
        }
        let mut scored: Vec<(usize, f32)> = index
            .documents()
            .filter(|(_, document)| document.team.is_none_or(|team| scope.teams.contains(&team)))
            .map(|(id, document)| (id, self.score(document, scope)))
            .filter(|(_, score)| *score > 0.0)
            .collect();
        // The order of the content decides between equals.
        scored.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let Some(&(first, best)) = scored.first() else {
            return Vec::new();
        };
        if best + self.context - self.strange(index.document(first)) - self.against
            < THRESHOLD - f32::EPSILON
        {
            return Vec::new();
        }
        scored.retain(|(_, score)| *score >= best * CLOSE);
        self.spread(&scored, scope, index)
    }

    fn score(&self, document: &Document, scope: &Scope) -> f32 {
        let topic = self.hits.weight(&document.topic);
        let words: f32 = self
            .words
            .iter()
            .filter(|(stem, _)| document.stems.contains(*stem))
            .map(|(_, weight)| weight)
            .sum();
        let base = topic + words;
        if base <= 0.0 {
            return 0.0;
        }
        let shared = self
            .topical
            .iter()
            .filter(|stem| document.stems.contains(*stem))
            .count();
        let shared = if shared > 0 { 0.1 } else { 0.0 };
        let own = match document.team {
            None if self.about_event && !scope.elsewhere => 0.3,
            Some(_) if !self.about_event => 0.05,
            _ => 0.0,
        };
        base + shared + own
    }

    /// At most three, turn by turn from each team and topic, so that a question after two things gets both.
    fn spread(&self, scored: &[(usize, f32)], scope: &Scope, index: &Index) -> Vec<usize> {
        let several = scope.teams.len() > 1;
        let mut heaps: Vec<Heap<'_>> = Vec::new();
        for &(id, _) in scored {
            let document = index.document(id);
            let (team, topic) = (document.team.filter(|_| several), document.topic.as_str());
            match heaps
                .iter_mut()
                .find(|heap| heap.team == team && heap.topic == topic)
            {
                Some(heap) => heap.ids.push(id),
                None => heaps.push(Heap {
                    team,
                    topic,
                    ids: vec![id],
                }),
            }
        }
        if heaps.iter().any(|heap| heap.team.is_some()) {
            heaps.retain(|heap| heap.team.is_some());
        }
        let of_team = |id: &usize| index.document(*id).team.is_some();
        for heap in &mut heaps {
            // What the team says is closer than what is said about all.
            if !self.about_event && heap.ids.iter().any(of_team) {
                heap.ids.retain(of_team);
            }
        }
        let chosen = heaps.iter().flat_map(|heap| {
            let place = self.hits.place(heap.topic);
            heap.ids
                .iter()
                .enumerate()
                .map(move |(turn, &id)| (turn, place, id))
        });
        let mut chosen: Vec<(usize, usize, usize)> = chosen.collect();
        chosen.sort_by_key(|&(turn, place, _)| (turn, place));
        let most = match heaps.len() {
            1 => MOST_QUOTED,
            several => several.min(MOST_QUOTED.max(scope.teams.len())),
        };
        chosen.into_iter().take(most).map(|(_, _, id)| id).collect()
    }

    /// What the words of the question that the best document does not hold say against it.
    fn strange(&self, document: &Document) -> f32 {
        let rare = self.words.iter().filter(|(_, weight)| **weight >= NOTICED);
        let missing = rare
            .filter(|(stem, _)| !document.stems.contains(*stem))
            .count();
        let strangers = self.strangers + missing;
        let first = if strangers > 0 { FIRST_STRANGER } else { 0.0 };
        let more = u8::try_from(strangers.saturating_sub(1)).unwrap_or(u8::MAX);
        let telling = self.hits.strongest() >= TELLING_ENOUGH;
        let most = if telling {
            MOST_AGAINST_TELLING
        } else {
            MOST_AGAINST
        };
        (first + f32::from(more) * NEXT_STRANGER).min(most)
    }

    /// The facts that introduce the teams, or the event.
    fn overview(&self, scope: &Scope, index: &Index) -> Vec<usize> {
        if self.about_event || scope.teams.is_empty() {
            return index.introductions(None).take(2).collect();
        }
        let each = if scope.teams.len() > 1 { 1 } else { 2 };
        let first = scope
            .teams
            .iter()
            .flat_map(|&team| index.introductions(Some(team)).take(each));
        first.take(MOST_QUOTED).collect()
    }
}

/// Whether a token says nothing of its own.
fn is_plain(token: &Token) -> bool {
    let among = |words: &[&str]| {
        words.contains(&token.text.as_str()) || words.contains(&token.stem.as_str())
    };
    lexicon::is_filler(&token.text, &token.stem, token.hangul)
        || among(lexicon::EVENT_WORDS)
        || among(lexicon::MODEL_WORDS)
        || among(lexicon::NOW_WORDS)
}

fn is_any(token: &Token, words: &[&str]) -> bool {
    words.iter().any(|word| {
        token.stem == *word || token.text == *word || token.hangul && token.text.starts_with(word)
    })
}

/// Weight of a word by the number of documents that hold it.
fn rarity(frequency: usize) -> f32 {
    match frequency {
        0 => 0.0,
        1..=2 => 1.3,
        3..=5 => 0.9,
        6..=10 => 0.4,
        _ => 0.1,
    }
}

/// Long enough to be somebody's or something's name.
fn is_name(stem: &str) -> bool {
    let length = stem.chars().count();
    let hangul = stem.chars().all(crate::question::is_hangul);
    length >= if hangul { 3 } else { 6 } && !stem.chars().all(|c| c.is_ascii_digit())
}

/// What the form of a question says against it.
fn against(question: &Question, strongest: f32) -> f32 {
    let mut sum = 0.0;
    if is_task(question) {
        sum += TASK;
    }
    let elsewhen = question
        .tokens
        .iter()
        .any(|token| is_any(token, lexicon::NOW_WORDS));
    if elsewhen && strongest <= lexicon::EVERYDAY {
        sum += ELSEWHEN;
    }
    if lexicon::ASIDE.iter().any(|aside| question.says(aside)) {
        sum += MOST_AGAINST;
    }
    sum
}

/// Whether the guide is told to make or do something.
fn is_task(question: &Question) -> bool {
    let told = lexicon::TASKS_KO.iter().any(|task| question.says(task));
    if told || is_translation(question) {
        return true;
    }
    let mut tokens = question
        .tokens
        .iter()
        .skip_while(|token| lexicon::REQUEST_HEADS_EN.contains(&token.text.as_str()));
    let verb = tokens
        .next()
        .is_some_and(|token| lexicon::TASKS_EN.contains(&token.text.as_str()));
    verb && tokens.next().is_some()
}

/// Whether something is to be said in a language (영어로), rather than whether it can be.
fn is_translation(question: &Question) -> bool {
    let into = question.tokens.iter().any(|token| {
        token.hangul && token.text.ends_with("어로") && token.text.chars().count() > 2
    });
    into && !lexicon::ABILITY_KO.iter().any(|word| question.says(word))
}
