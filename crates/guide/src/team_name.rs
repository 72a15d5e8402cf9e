//! The teams a question names, in every way their own names allow.

use std::collections::BTreeSet;

use kiosk_wire::event::Team;

use crate::question::{Question, tokens};
use crate::stem;

/// Parts of names that name nobody.
#[rustfmt::skip]
const GENERIC: &[&str] = &[
    "ai", "cloud", "research", "telecom", "open", "seed", "omni", "think", "model", "pro", "mini",
    "base", "lab", "labs", "corp", "inc", "the", "of", "연구원", "클라우드", "텔레콤", "주식회사",
];
/// As many syllables of a longer name are enough: 네이버 of 네이버클라우드.
const ENOUGH_SYLLABLES: usize = 3;
const ENOUGH_LETTERS: usize = 4;

#[derive(Debug)]
struct Alias {
    team: usize,
    letters: Vec<char>,
    hangul: bool,
}

/// Every name of every team.
#[derive(Debug)]
pub(crate) struct TeamNames {
    aliases: Vec<Alias>,
}

/// The teams a question names and the tokens it names them with.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(crate) teams: Vec<usize>,
    pub(crate) tokens: BTreeSet<usize>,
}

impl TeamNames {
    pub(crate) fn new(teams: &[Team]) -> Self {
        let mut found: Vec<(usize, String)> = Vec::new();
        for (at, team) in teams.iter().enumerate() {
            let whole = [&team.name.ko, &team.name.en, &team.id, &team.model];
            found.extend(whole.iter().map(|name| (at, squash(name))));
            found.extend(parts(team).into_iter().map(|part| (at, part)));
        }
        let spelled: Vec<(usize, String)> = found
            .iter()
            .filter_map(|(at, name)| Some((*at, spelled(name)?)))
            .collect();
        found.extend(spelled);
        found.sort();
        found.dedup();
        let shared = |name: &str, at: usize| {
            found
                .iter()
                .any(|(team, other)| *team != at && other == name)
        };
        let aliases = found
            .iter()
            .filter(|(at, name)| !name.is_empty() && !shared(name, *at))
            .map(|(at, name)| Alias {
                team: *at,
                letters: name.chars().collect(),
                hangul: name.chars().all(crate::question::is_hangul),
            })
            .collect();
        Self { aliases }
    }

    /// The teams named, in the order in which they stand.
    pub(crate) fn named(&self, question: &Question) -> Named {
        let mut places: Vec<(usize, usize, usize)> = self
            .aliases
            .iter()
            .flat_map(|alias| {
                alias
                    .places(question)
                    .map(|(start, end)| (start, end, alias.team))
            })
            .collect();
        places.sort_unstable();
        let mut named = Named::default();
        for (start, end, team) in places {
            if !named.teams.contains(&team) {
                named.teams.push(team);
            }
            named.tokens.extend(
                question
                    .owner
                    .get(start..end)
                    .into_iter()
                    .flatten()
                    .copied(),
            );
        }
        named
    }
}

impl Alias {
    /// Where the name stands, from its first letter to its last.
    fn places<'a>(&'a self, question: &'a Question) -> impl Iterator<Item = (usize, usize)> + 'a {
        let starts = (0..question.squashed.len()).filter(|&at| question.begins(at));
        starts.filter_map(|start| {
            let typed = question.squashed[start..].iter();
            let same = typed.zip(&self.letters).take_while(|(a, b)| a == b).count();
            self.stands(question, start, same)
                .then_some((start, start + same))
        })
    }

    fn stands(&self, question: &Question, start: usize, same: usize) -> bool {
        let end = start + same;
        if same == self.letters.len() {
            return self.hangul || question.ends(end);
        }
        self.hangul
            && same >= ENOUGH_SYLLABLES
            && question.owner.get(start) == question.owner.get(end - 1)
            && stem::only_suffixes(&question.rest(end))
    }
}

fn squash(name: &str) -> String {
    tokens(name).into_iter().map(|token| token.text).collect()
}

/// The parts of a team's names that may name it alone.
fn parts(team: &Team) -> Vec<String> {
    let names = [&team.name.ko, &team.name.en, &team.id]
        .map(|name| tokens(name))
        .concat();
    let model = tokens(&team.model);
    let enough = |text: &str| {
        text.chars().count() >= ENOUGH_LETTERS && text.chars().all(char::is_alphabetic)
    };
    let names = names
        .into_iter()
        .map(|token| token.text)
        .filter(|text| text.chars().count() >= 2);
    let model = model
        .into_iter()
        .map(|token| token.text)
        .filter(|text| enough(text));
    names
        .chain(model)
        .filter(|text| !GENERIC.contains(&text.as_str()))
        .collect()
}

/// A short Latin name in Hangul, letter by letter: 엘지 for LG.
fn spelled(name: &str) -> Option<String> {
    const LETTERS: [&str; 26] = [
        "에이",
        "비",
        "씨",
        "디",
        "이",
        "에프",
        "지",
        "에이치",
        "아이",
        "제이",
        "케이",
        "엘",
        "엠",
        "엔",
        "오",
        "피",
        "큐",
        "알",
        "에스",
        "티",
        "유",
        "브이",
        "더블유",
        "엑스",
        "와이",
        "제트",
    ];
    if !(2..=4).contains(&name.len()) {
        return None;
    }
    name.bytes()
        .map(|letter| LETTERS.get(usize::from(letter.checked_sub(b'a')?)).copied())
        .collect()
}
