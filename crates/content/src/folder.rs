//! The folder as a whole: which files there are and how they come together.

use std::collections::{BTreeMap, BTreeSet};

use kiosk_wire::event::{Event, FEEDBACK_SCHEMA, Fact, Language, Limits, Source, Text, Topic};
use toml::Spanned;

use crate::Content;
use crate::check::{File, Known};
use crate::error::{ContentError, Problem};
use crate::moderation::{self, DEFAULT_RULES, Rule};
use crate::shape::{EventFile, SourceShape, SourcesFile, TopicShape, TopicsFile};
use crate::{notice, survey, team};

const EVENT: &str = "event.toml";
const SOURCES: &str = "sources.toml";
const TOPICS: &str = "topics.toml";
const SURVEY: &str = "survey.toml";
const PRIVACY: &str = "privacy.toml";

/// Reads and checks an event folder. `files` maps each path inside the folder, written with `/`,
/// to its text. The first thing that is wrong ends it, with its file and line.
pub fn load(files: &BTreeMap<String, String>) -> Result<Content, ContentError> {
    load_with_rules(files, None)
}

/// The same with the rules of the file with this name, which must be there; an empty name is no rules.
/// `None` is [`DEFAULT_RULES`], if it is there.
pub fn load_with_rules(
    files: &BTreeMap<String, String>,
    rules: Option<&str>,
) -> Result<Content, ContentError> {
    refuse_unknown(files, rules)?;
    let mut known = Known::default();
    let sources = sources(file(files, SOURCES)?, &mut known)?;
    let topics = topics(file(files, TOPICS)?, &mut known)?;
    let header = header(file(files, EVENT)?, &known)?;
    let survey = survey::survey(file(files, SURVEY)?)?;
    let privacy_notice = notice::notice(file(files, PRIVACY)?)?;
    let rules = moderation_rules(files, rules)?;
    let team_files = files.iter().filter(|(name, _)| is_team(name));
    let team_files = team_files.map(|(name, content)| File { name, content });
    let (teams, system_prompts) = team::teams(team_files, &known)?;
    if teams.is_empty() {
        return Err(at_start(EVENT, Problem::NoTeam));
    }
    let event = Event {
        id: header.id,
        name: header.name,
        time_zone: header.time_zone,
        languages: header.languages,
        facts: header.facts,
        sources,
        teams,
        topics,
        survey,
        privacy_notice,
        limits: Limits {
            max_input_chars: 0,
            max_turns: 0,
            idle_secs: 0,
            countdown_secs: 0,
            reading_cap_secs: 0,
        },
        build: String::new(),
        feedback_schema: FEEDBACK_SCHEMA,
    };
    Ok(Content {
        event,
        system_prompts,
        rules,
    })
}

fn is_team(name: &str) -> bool {
    name.strip_prefix("teams/")
        .and_then(|rest| rest.strip_suffix(".toml"))
        .is_some_and(|stem| !stem.is_empty() && !stem.contains('/'))
}

fn refuse_unknown(
    files: &BTreeMap<String, String>,
    rules: Option<&str>,
) -> Result<(), ContentError> {
    // Rules that another file stands in for may stay where they are.
    let known = [EVENT, SOURCES, TOPICS, SURVEY, PRIVACY, DEFAULT_RULES];
    let unknown = files.keys().find(|name| {
        !known.contains(&name.as_str()) && rules != Some(name.as_str()) && !is_team(name)
    });
    unknown.map_or(Ok(()), |name| Err(at_start(name, Problem::UnknownFile)))
}

fn moderation_rules(
    files: &BTreeMap<String, String>,
    named: Option<&str>,
) -> Result<Vec<Rule>, ContentError> {
    let name = match named {
        Some("") => return Ok(Vec::new()),
        Some(name) => name,
        None if files.contains_key(DEFAULT_RULES) => DEFAULT_RULES,
        None => return Ok(Vec::new()),
    };
    let content = files
        .get(name)
        .ok_or_else(|| at_start(name, Problem::MissingRules))?;
    moderation::rules(File { name, content })
}

fn file<'a>(files: &'a BTreeMap<String, String>, name: &'a str) -> Result<File<'a>, ContentError> {
    let content = files
        .get(name)
        .ok_or_else(|| at_start(name, Problem::MissingFile))?;
    Ok(File { name, content })
}

fn at_start(name: &str, problem: Problem) -> ContentError {
    ContentError {
        file: name.to_owned(),
        line: 1,
        problem,
    }
}

fn sources(file: File<'_>, known: &mut Known) -> Result<Vec<Source>, ContentError> {
    let written: SourcesFile = file.parse()?;
    let source = |source: SourceShape| {
        Ok(Source {
            id: file.new_id("source", source.id, &mut known.sources)?,
            title: file.text(source.title)?,
            url: file.filled("url", &source.url)?,
        })
    };
    written.sources.into_iter().map(source).collect()
}

fn topics(file: File<'_>, known: &mut Known) -> Result<Vec<Topic>, ContentError> {
    let written: TopicsFile = file.parse()?;
    let topic = |topic: TopicShape| {
        Ok(Topic {
            id: file.new_id("topic", topic.id, &mut known.topics)?,
            name: file.text(topic.name)?,
            words_ko: words(file, &topic.words_ko, "words_ko")?,
            words_en: words(file, &topic.words_en, "words_en")?,
        })
    };
    written.topics.into_iter().map(topic).collect()
}

fn words(
    file: File<'_>,
    written: &Spanned<Vec<Spanned<String>>>,
    key: &'static str,
) -> Result<Vec<String>, ContentError> {
    if written.as_ref().is_empty() {
        return Err(file.error(&written.span(), Problem::NoWords(key)));
    }
    written
        .as_ref()
        .iter()
        .map(|word| file.filled(key, word))
        .collect()
}

/// The part of the event that stands in its own file.
struct Header {
    id: String,
    name: Text,
    time_zone: String,
    languages: Vec<Language>,
    facts: Vec<Fact>,
}

fn header(file: File<'_>, known: &Known) -> Result<Header, ContentError> {
    let written: EventFile = file.parse()?;
    let span = written.languages.span();
    let languages = written.languages.into_inner();
    let distinct: BTreeSet<&str> = languages.iter().map(|language| language.code()).collect();
    if languages.is_empty() || distinct.len() != languages.len() {
        return Err(file.error(&span, Problem::BadLanguages));
    }
    let facts = written.facts.into_iter().map(|fact| file.fact(fact, known));
    Ok(Header {
        id: file.id(written.id)?,
        name: file.text(written.name)?,
        time_zone: file.filled("time_zone", &written.time_zone)?,
        languages,
        facts: facts.collect::<Result<_, _>>()?,
    })
}
