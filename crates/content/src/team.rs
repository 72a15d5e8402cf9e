//! The teams and their demos. Their order comes from the reading of their names, never from file names.

use std::collections::{BTreeMap, BTreeSet};

use kiosk_wire::event::{Demo, Team, Text};
use toml::Spanned;

use crate::check::{File, Known};
use crate::error::{ContentError, Problem};
use crate::shape::{DemoShape, TeamFile, TextShape};

const MIN_PROMPTS: usize = 4;

/// System prompts by team id and demo id.
pub(crate) type SystemPrompts = BTreeMap<(String, String), String>;

/// All teams in 가나다 order, with their system prompts.
pub(crate) fn teams<'a>(
    files: impl Iterator<Item = File<'a>>,
    known: &Known,
) -> Result<(Vec<Team>, SystemPrompts), ContentError> {
    let mut taken = BTreeSet::new();
    let mut prompts = SystemPrompts::new();
    let mut teams = Vec::new();
    for file in files {
        teams.push(team(file, known, &mut taken, &mut prompts)?);
    }
    // Precomposed syllables are encoded in 가나다 order, so comparing code points sorts them.
    teams.sort_by(|(reading, a), (other, b)| (reading, &a.id).cmp(&(other, &b.id)));
    Ok((teams.into_iter().map(|(_, team)| team).collect(), prompts))
}

/// One team with the reading of its name.
fn team(
    file: File<'_>,
    known: &Known,
    taken: &mut BTreeSet<String>,
    prompts: &mut SystemPrompts,
) -> Result<(String, Team), ContentError> {
    let written: TeamFile = file.parse()?;
    let reading = reading(file, &written.reading)?;
    let id_span = written.id.span();
    let id = file.new_id("team", written.id, taken)?;
    if written.demos.is_empty() {
        return Err(file.error(&id_span, Problem::NoDemo));
    }
    let mut demo_ids = BTreeSet::new();
    let mut demos = Vec::new();
    for shape in written.demos {
        let (demo, system_prompt) = demo(file, shape, &mut demo_ids)?;
        prompts.insert((id.clone(), demo.id.clone()), system_prompt);
        demos.push(demo);
    }
    let facts = written.facts.into_iter().map(|fact| file.fact(fact, known));
    let team = Team {
        id,
        name: file.text(written.name)?,
        model: file.filled("model", &written.model)?,
        good_at: file.text(written.good_at)?,
        about: file.text(written.about)?,
        partners: file.note(written.partners, known)?,
        plans: file.note(written.plans, known)?,
        facts: facts.collect::<Result<_, _>>()?,
        demos,
    };
    Ok((reading, team))
}

fn reading(file: File<'_>, written: &Spanned<String>) -> Result<String, ContentError> {
    let reading = written.as_ref();
    let is_syllable = |c: char| ('가'..='힣').contains(&c);
    if reading.is_empty() || !reading.chars().all(is_syllable) {
        return Err(file.error(&written.span(), Problem::BadReading(reading.clone())));
    }
    Ok(reading.clone())
}

/// One demo and its system prompt.
fn demo(
    file: File<'_>,
    written: DemoShape,
    taken: &mut BTreeSet<String>,
) -> Result<(Demo, String), ContentError> {
    let inputs_span = written.inputs.span();
    let inputs = written.inputs.into_inner();
    if inputs.is_empty() {
        return Err(file.error(&inputs_span, Problem::NoInput));
    }
    let demo = Demo {
        id: file.new_id("demo", written.id, taken)?,
        name: file.text(written.name)?,
        shows: file.text(written.shows)?,
        icon: file.filled("icon", &written.icon)?,
        prompts: starters(file, written.prompts)?,
        inputs,
    };
    Ok((demo, file.filled("system_prompt", &written.system_prompt)?))
}

fn starters(
    file: File<'_>,
    written: Spanned<Vec<Spanned<TextShape>>>,
) -> Result<Vec<Text>, ContentError> {
    let span = written.span();
    let written = written.into_inner();
    let found = written.len();
    if found < MIN_PROMPTS {
        let least = MIN_PROMPTS;
        return Err(file.error(&span, Problem::FewPrompts { least, found }));
    }
    written
        .into_iter()
        .map(|prompt| file.text(prompt))
        .collect()
}
