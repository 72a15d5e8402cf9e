//! The files as they are written, before any check beyond their shape.
//!
//! Invariant: every key is listed here; one that is not ends the start.

use kiosk_wire::event::{Input, Language};
use serde::Deserialize;
use toml::Spanned;

/// `{ ko = "…", en = "…" }`. Both are optional here so that a missing one gets our own sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextShape {
    pub(crate) ko: Option<Spanned<String>>,
    pub(crate) en: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventFile {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<TextShape>,
    pub(crate) time_zone: Spanned<String>,
    pub(crate) languages: Spanned<Vec<Language>>,
    #[serde(default)]
    pub(crate) facts: Vec<FactShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactShape {
    pub(crate) topic: Spanned<String>,
    #[serde(default)]
    pub(crate) sources: Vec<Spanned<String>>,
    pub(crate) ko: Option<Spanned<String>>,
    pub(crate) en: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteShape {
    #[serde(default)]
    pub(crate) sources: Vec<Spanned<String>>,
    pub(crate) ko: Option<Spanned<String>>,
    pub(crate) en: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourcesFile {
    pub(crate) sources: Vec<SourceShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceShape {
    pub(crate) id: Spanned<String>,
    pub(crate) title: Spanned<TextShape>,
    pub(crate) url: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicsFile {
    pub(crate) topics: Vec<TopicShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicShape {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<TextShape>,
    pub(crate) words_ko: Spanned<Vec<Spanned<String>>>,
    pub(crate) words_en: Spanned<Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamFile {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<TextShape>,
    pub(crate) reading: Spanned<String>,
    pub(crate) model: Spanned<String>,
    pub(crate) good_at: Spanned<TextShape>,
    pub(crate) about: Spanned<TextShape>,
    pub(crate) partners: Spanned<NoteShape>,
    pub(crate) plans: Spanned<NoteShape>,
    #[serde(default)]
    pub(crate) demos: Vec<DemoShape>,
    #[serde(default)]
    pub(crate) facts: Vec<FactShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoShape {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<TextShape>,
    pub(crate) shows: Spanned<TextShape>,
    pub(crate) icon: Spanned<String>,
    pub(crate) inputs: Spanned<Vec<Input>>,
    pub(crate) prompts: Spanned<Vec<Spanned<TextShape>>>,
    pub(crate) system_prompt: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurveyFile {
    pub(crate) ratings: Spanned<Vec<Spanned<TextShape>>>,
    pub(crate) tags: Vec<ChoiceShape>,
    #[serde(default)]
    pub(crate) questions: Vec<QuestionShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionShape {
    pub(crate) id: Spanned<String>,
    pub(crate) text: Spanned<TextShape>,
    pub(crate) choices: Vec<ChoiceShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceShape {
    pub(crate) id: Spanned<String>,
    pub(crate) text: Spanned<TextShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModerationFile {
    #[serde(default)]
    pub(crate) rule: Vec<RuleShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleShape {
    pub(crate) phrases: Spanned<Vec<Spanned<String>>>,
    pub(crate) applies_to: Spanned<Vec<TargetShape>>,
    pub(crate) say: Option<Spanned<TextShape>>,
}

/// What a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TargetShape {
    Question,
    Answer,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrivacyFile {
    pub(crate) summary: Spanned<TextShape>,
    pub(crate) unset: UnsetShape,
    #[serde(default)]
    pub(crate) sections: Vec<SectionShape>,
}

/// What stands for a name or an address that nobody has configured.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnsetShape {
    pub(crate) controller: Spanned<TextShape>,
    pub(crate) contact: Spanned<TextShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionShape {
    pub(crate) title: Spanned<TextShape>,
    pub(crate) text: Spanned<TextShape>,
}
