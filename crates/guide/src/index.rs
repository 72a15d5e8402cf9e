//! Everything that can be quoted, with the words it can be found by.

use std::collections::{BTreeMap, BTreeSet};

use kiosk_wire::event::{Demo, Event, Fact, Language, Note, Team, Text};

use crate::lexicon;
use crate::question::{Token, tokens};
use crate::wording;

const PARTNERS: &str = "partners";
const PLANS: &str = "plans";
const PROJECT: &str = "project";
const TRY_HERE: &str = "try-here";

/// Offered first when the guide does not know something.
const OFFERED_FIRST: [&str; 4] = ["parameters", PARTNERS, PLANS, TRY_HERE];
const MOST_OFFERED: usize = 4;

/// One thing that can be quoted.
#[derive(Debug)]
pub(crate) struct Document {
    /// None: of the event itself.
    pub(crate) team: Option<usize>,
    pub(crate) topic: String,
    /// The stems of its text in both languages.
    pub(crate) stems: BTreeSet<String>,
    body: Body,
    /// The titles by language, ready to be quoted.
    titles_ko: Vec<String>,
    titles_en: Vec<String>,
}

#[derive(Debug)]
enum Body {
    Said(Text),
    Demos(Vec<Demo>),
}

impl Document {
    /// What is said, the selected demo first.
    pub(crate) fn told(&self, selected: Option<&str>, language: Language) -> String {
        match &self.body {
            Body::Said(text) => text.get(language).to_owned(),
            Body::Demos(demos) => {
                let mut ordered: Vec<&Demo> = demos.iter().collect();
                ordered.sort_by_key(|demo| Some(demo.id.as_str()) != selected);
                wording::demos(language, &ordered)
            }
        }
    }

    pub(crate) fn source_titles(&self, language: Language) -> &[String] {
        match language {
            Language::Ko => &self.titles_ko,
            Language::En => &self.titles_en,
        }
    }

    /// Whether it is a fact rather than the list of demos.
    pub(crate) fn is_fact(&self) -> bool {
        matches!(self.body, Body::Said(_))
    }

    fn new(team: Option<usize>, topic: &str, body: Body, titles: Vec<Text>) -> Self {
        let titles = if titles.is_empty() {
            vec![wording::booth_source()]
        } else {
            titles
        };
        let mut stems = BTreeSet::new();
        match &body {
            Body::Said(text) => add_stems(text, &mut stems),
            Body::Demos(demos) => {
                for demo in demos {
                    add_stems(&demo.name, &mut stems);
                    add_stems(&demo.shows, &mut stems);
                }
            }
        }
        Self {
            team,
            topic: topic.to_owned(),
            stems,
            body,
            titles_ko: titles.iter().map(|title| title.ko.clone()).collect(),
            titles_en: titles.iter().map(|title| title.en.clone()).collect(),
        }
    }
}

fn add_stems(text: &Text, stems: &mut BTreeSet<String>) {
    for token in [&text.ko, &text.en]
        .into_iter()
        .flat_map(|text| tokens(text))
    {
        if !lexicon::is_filler(&token.text, &token.stem, token.hangul) {
            stems.insert(token.stem);
        }
    }
}

/// Every document and the teams they belong to.
#[derive(Debug)]
pub(crate) struct Index {
    teams: Vec<(String, Text)>,
    documents: Vec<Document>,
    /// In how many documents a stem stands.
    frequency: BTreeMap<String, usize>,
}

impl Index {
    pub(crate) fn new(event: &Event) -> Self {
        let titles = |ids: &[String]| -> Vec<Text> {
            let title = |id: &String| event.sources.iter().find(|source| source.id == *id);
            ids.iter()
                .filter_map(title)
                .map(|source| source.title.clone())
                .collect()
        };
        let fact = |team: Option<usize>, fact: &Fact| {
            Document::new(
                team,
                &fact.topic,
                Body::Said(fact.text.clone()),
                titles(&fact.sources),
            )
        };
        let mut documents = Vec::new();
        for (at, team) in event.teams.iter().enumerate() {
            documents.extend(demos(at, team, &titles));
            documents.extend(team.facts.iter().map(|one| fact(Some(at), one)));
            for (topic, note) in [(PARTNERS, &team.partners), (PLANS, &team.plans)] {
                documents.extend(note_document(at, team, topic, note, &titles));
            }
        }
        documents.extend(event.facts.iter().map(|one| fact(None, one)));
        let mut frequency = BTreeMap::new();
        for stem in documents.iter().flat_map(|document| &document.stems) {
            *frequency.entry(stem.clone()).or_insert(0) += 1;
        }
        let teams = event
            .teams
            .iter()
            .map(|team| (team.id.clone(), team.name.clone()))
            .collect();
        Self {
            teams,
            documents,
            frequency,
        }
    }

    /// The place of the team with this id.
    pub(crate) fn team(&self, id: &str) -> Option<usize> {
        self.teams.iter().position(|(team, _)| team == id)
    }

    /// How many teams there are.
    pub(crate) fn teams(&self) -> usize {
        self.teams.len()
    }

    pub(crate) fn team_name(&self, team: usize, language: Language) -> &str {
        self.teams
            .get(team)
            .map_or("", |(_, name)| name.get(language))
    }

    pub(crate) fn document(&self, id: usize) -> &Document {
        &self.documents[id]
    }

    pub(crate) fn documents(&self) -> impl Iterator<Item = (usize, &Document)> {
        self.documents.iter().enumerate()
    }

    /// The facts that introduce a team (the first ones) or the event (what the project is).
    pub(crate) fn introductions(&self, team: Option<usize>) -> impl Iterator<Item = usize> {
        let of = self
            .documents()
            .filter(move |(_, document)| document.team == team);
        of.filter(move |(_, document)| {
            document.is_fact() && (team.is_some() || document.topic == PROJECT)
        })
        .map(|(id, _)| id)
    }

    /// In how many documents this stem stands.
    pub(crate) fn frequency(&self, stem: &str) -> usize {
        self.frequency.get(stem).copied().unwrap_or(0)
    }

    /// The stem under which the content knows this token: its own, or the longest beginning of a
    /// compound (리벨리온칩).
    pub(crate) fn known_stem(&self, token: &Token) -> Option<String> {
        if self.frequency(&token.stem) > 0 {
            return Some(token.stem.clone());
        }
        if self.frequency(&token.text) > 0 {
            return Some(token.text.clone());
        }
        if !token.hangul {
            return None;
        }
        let letters: Vec<char> = token.text.chars().collect();
        (3..letters.len())
            .rev()
            .map(|length| letters[..length].iter().collect::<String>())
            .find(|head| self.frequency(head) > 0)
    }

    /// The topics to offer at this team's booth.
    pub(crate) fn offered(&self, team: Option<usize>) -> Vec<String> {
        let topics: Vec<&str> = self
            .documents
            .iter()
            .filter(|document| document.team == team)
            .map(|document| document.topic.as_str())
            .collect();
        let mut offered: Vec<String> = Vec::new();
        let first = OFFERED_FIRST
            .into_iter()
            .filter(|topic| topics.contains(topic));
        for topic in first.chain(topics.iter().copied()) {
            if offered.len() < MOST_OFFERED && !offered.iter().any(|one| one == topic) {
                offered.push(topic.to_owned());
            }
        }
        offered
    }
}

/// What there is to try, as a document of its own.
fn demos(at: usize, team: &Team, titles: &impl Fn(&[String]) -> Vec<Text>) -> Option<Document> {
    let listed = team.facts.iter().find(|fact| fact.topic == TRY_HERE);
    let titles = listed.map(|fact| titles(&fact.sources)).unwrap_or_default();
    let body = Body::Demos(team.demos.clone());
    (!team.demos.is_empty()).then(|| Document::new(Some(at), TRY_HERE, body, titles))
}

/// A note says the same as the facts of its topic, so it speaks only where there are none.
fn note_document(
    at: usize,
    team: &Team,
    topic: &str,
    note: &Note,
    titles: &impl Fn(&[String]) -> Vec<Text>,
) -> Option<Document> {
    let told = team.facts.iter().any(|fact| fact.topic == topic);
    let body = Body::Said(note.text.clone());
    (!told).then(|| Document::new(Some(at), topic, body, titles(&note.sources)))
}
