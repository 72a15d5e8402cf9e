//! What can be wrong with an event folder, in sentences for the person who edits it.

use thiserror::Error;

/// The first thing that is wrong with an event folder.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {problem}")]
pub struct ContentError {
    /// The file's path inside the folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do about it.
    pub problem: Problem,
}

/// What is wrong and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// The reader of TOML refuses it: its syntax, a wrong type, an unknown or a missing key.
    #[error("{0}")]
    Unreadable(String),
    /// A file every event needs is not there.
    #[error("this file is missing, add it to the event folder")]
    MissingFile,
    /// A file nobody reads.
    #[error(
        "no event folder has such a file, remove it or name it event.toml, sources.toml, topics.toml, \
         survey.toml, privacy.toml, moderation.toml or teams/NAME.toml"
    )]
    UnknownFile,
    /// The configuration names a file of rules that is not there.
    #[error(
        "[moderation] rules names this file and the event folder has none with that name, add it or \
         correct the name"
    )]
    MissingRules,
    /// No file under `teams/`.
    #[error("the event has no team, add a file such as teams/NAME.toml")]
    NoTeam,
    /// A text lacks one of its languages.
    #[error("the text in `{0}` is missing or empty, write it in `ko` and in `en`")]
    MissingTranslation(&'static str),
    /// A text that has no languages is empty.
    #[error("`{0}` is empty, write something or remove what needs it")]
    Empty(&'static str),
    /// An id with other characters.
    #[error("`{0}` cannot be an id, use the letters a to z, digits and `-` only")]
    BadId(String),
    /// An id of the survey with other characters.
    #[error(
        "`{0}` cannot be an id of the survey, use the letters a to z, digits, `-` and `_` only"
    )]
    BadKey(String),
    /// An id that is taken.
    #[error("the {kind} id `{id}` is used twice, give each {kind} its own")]
    DuplicateId {
        /// What the id is of.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// A fact or a note that nobody can look up.
    #[error("this has no source, name at least one id of sources.toml in `sources`")]
    NoSource,
    /// A source that is not listed.
    #[error("unknown source `{0}`, add it to sources.toml or correct the id")]
    UnknownSource(String),
    /// A topic that is not listed.
    #[error("unknown topic `{0}`, add it to topics.toml or correct the id")]
    UnknownTopic(String),
    /// A topic nobody can ask about.
    #[error("the topic has no words in `{0}`, list what visitors may type")]
    NoWords(&'static str),
    /// A team without anything to try.
    #[error("the team has no demo, add a [[demos]] table with prompts")]
    NoDemo,
    /// Too few starter prompts.
    #[error("a demo needs at least {least} starter prompts and this one has {found}, add more")]
    FewPrompts {
        /// How many are needed.
        least: usize,
        /// How many there are.
        found: usize,
    },
    /// A demo that takes nothing.
    #[error("the demo takes no input, list \"text\" or \"image\" in `inputs`")]
    NoInput,
    /// A reading that would not sort.
    #[error(
        "the reading `{0}` must be written in Hangul syllables only, it decides the order of the teams"
    )]
    BadReading(String),
    /// No language, or one twice.
    #[error("list each language of the event once in `languages`")]
    BadLanguages,
    /// Not one word for each rating.
    #[error("`ratings` needs {wanted} texts, from the lowest to the highest, and has {found}")]
    RatingCount {
        /// How many are needed.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// A form that is too long.
    #[error("the survey has {found} questions and may have {most}, remove some")]
    ManyQuestions {
        /// How many are allowed.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// A question that cannot be answered.
    #[error("the question needs at least two choices, add them in `choices`")]
    FewChoices,
    /// Braces around something the notice does not know.
    #[error("`{{{0}}}` is not known here, use {{controller}}, {{contact}} or {{days}}")]
    BadPlaceholder(String),
    /// A notice without sections.
    #[error("the notice has no sections, add [[sections]] tables")]
    NoSection,
    /// A rule that nothing can break.
    #[error("the rule has no phrases, list at least one in `phrases`")]
    NoPhrases,
    /// A phrase that would be found in ordinary words, or nowhere.
    #[error("`{phrase}` cannot be looked for, a phrase needs {least} to {most} letters or digits")]
    BadPhrase {
        /// The phrase.
        phrase: String,
        /// How many letters it needs.
        least: usize,
        /// How many it may have.
        most: usize,
    },
    /// A rule for nothing.
    #[error("the rule applies to nothing, list \"question\", \"answer\" or both in `applies_to`")]
    NoTarget,
}
