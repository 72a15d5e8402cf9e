//! The event as content: what `GET /api/event` answers and the guide reads.

use serde::{Deserialize, Serialize};

/// The newest shape of a feedback entry this build knows.
pub const FEEDBACK_SCHEMA: u32 = 1;

/// The format of what names a team, in the interface's description: there the event's teams stand.
#[cfg(not(target_family = "wasm"))]
pub const TEAM_FORMAT: &str = "team";

/// A language of the app.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean, the default.
    #[default]
    Ko,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 code, as in JSON and in `lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

/// A text in every language of the app; neither may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in this language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Ko => &self.ko,
            Language::En => &self.en,
        }
    }
}

/// Answer of `GET /api/event`: everything a tablet shows that is not the app itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Event {
    /// Stable id, used in file names.
    pub id: String,
    /// The event's name.
    pub name: Text,
    /// IANA name of the zone local times are shown in.
    pub time_zone: String,
    /// Languages in the order they are offered.
    pub languages: Vec<Language>,
    /// What is known about the event itself.
    pub facts: Vec<Fact>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// The teams in 가나다 order of their Korean reading; never a ranking.
    pub teams: Vec<Team>,
    /// The words the guide recognises a topic by.
    pub topics: Vec<Topic>,
    /// The feedback form.
    pub survey: Survey,
    /// The privacy notice.
    pub privacy_notice: PrivacyNotice,
    /// The limits a tablet must keep.
    pub limits: Limits,
    /// Build id of the server and of the app it carries.
    pub build: String,
    /// The newest shape of an entry the server takes.
    pub feedback_schema: u32,
}

impl Event {
    /// The team with this id.
    #[must_use]
    pub fn team(&self, id: &str) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }
}

/// One team: all it brings to the screen is words and a place in line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Team {
    /// Lower-case id, also the `model` of `/v1`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The model's name, the same in every language.
    pub model: String,
    /// What the model is good at, one short line.
    pub good_at: Text,
    /// One sentence about the model for the team's page.
    pub about: Text,
    /// The partners, told in one or two sentences.
    pub partners: Note,
    /// The plans, told in one or two sentences.
    pub plans: Note,
    /// What is known, for the guide.
    pub facts: Vec<Fact>,
    /// What can be tried; the first is preselected.
    pub demos: Vec<Demo>,
}

impl Team {
    /// The demo with this id; the first one for `None`.
    #[must_use]
    pub fn demo(&self, id: Option<&str>) -> Option<&Demo> {
        match id {
            Some(id) => self.demos.iter().find(|demo| demo.id == id),
            None => self.demos.first(),
        }
    }
}

/// A sentence or two with its sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Note {
    /// What is said.
    pub text: Text,
    /// Ids of [`Source`]s, at least one.
    pub sources: Vec<String>,
}

/// One thing that is known, with where it is known from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Fact {
    /// The id of the [`Topic`] it belongs to.
    pub topic: String,
    /// The fact in whole sentences that stand alone.
    pub text: Text,
    /// Ids of [`Source`]s, at least one.
    pub sources: Vec<String>,
}

/// Where a fact is known from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Source {
    /// Id that facts refer to.
    pub id: String,
    /// How the source is named to visitors.
    pub title: Text,
    /// Its address, shown but never followed.
    pub url: String,
}

/// A subject visitors ask about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Topic {
    /// Id that facts refer to.
    pub id: String,
    /// How the subject is named when the guide offers it, as the object of "ask about …".
    pub name: Text,
    /// Korean words and stems that mean this subject.
    pub words_ko: Vec<String>,
    /// English words that mean this subject.
    pub words_en: Vec<String>,
}

/// One thing a visitor can try with a team's model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Demo {
    /// Id, unique within the team.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// What it shows, one line.
    pub shows: Text,
    /// The icon's name; unknown names show a speech bubble.
    pub icon: String,
    /// Starter prompts, four or more.
    pub prompts: Vec<Text>,
    /// What it takes besides text.
    pub inputs: Vec<Input>,
}

/// A kind of input a demo takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Input {
    /// Typed text.
    Text,
    /// A picture.
    Image,
}

/// The feedback form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Survey {
    /// Hash of the form, so that summaries never mix versions.
    pub version: String,
    /// Words for the ratings 1 to 5, in this order.
    pub ratings: Vec<Text>,
    /// Tags a visitor may pick.
    pub tags: Vec<Choice>,
    /// Closed questions, all optional, at most three.
    pub questions: Vec<Question>,
}

/// A closed question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Question {
    /// Id, the key in `answers`.
    pub id: String,
    /// The question.
    pub text: Text,
    /// What can be chosen.
    pub choices: Vec<Choice>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Choice {
    /// Id, what is stored.
    pub id: String,
    /// What is read.
    pub text: Text,
}

/// The privacy notice (PIPA article 15: purpose, items, period, the right to refuse; and recipients).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct PrivacyNotice {
    /// The short form under the consent choices.
    pub summary: Text,
    /// Who is responsible; empty while nothing is configured.
    pub controller: String,
    /// How to reach them.
    pub contact: String,
    /// How long entries are kept, in days.
    pub retention_days: u32,
    /// The notice, heading and paragraph in turn.
    pub sections: Vec<NoticeSection>,
    /// Who receives what visitors type.
    pub recipients: Vec<Recipient>,
}

/// A part of the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct NoticeSection {
    /// Its heading.
    pub title: Text,
    /// Its text.
    pub text: Text,
}

/// Somebody who receives what visitors type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Recipient {
    /// The teams whose chats go there.
    pub teams: Vec<String>,
    /// Who it is, as configured.
    pub name: String,
    /// ISO 3166 code of the country.
    pub country: String,
    /// How long it is kept there, as configured.
    pub retention: String,
    /// Whether it is used for training.
    pub trains_on_input: bool,
}

/// Limits a tablet must keep; durations in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Limits {
    /// Longest text of a visitor, in characters.
    pub max_input_chars: u32,
    /// Most turns of a conversation.
    pub max_turns: u32,
    /// Quiet time until the idle dialog.
    pub idle_secs: u32,
    /// How long the idle dialog waits.
    pub countdown_secs: u32,
    /// Most extra quiet time granted for reading an answer.
    pub reading_cap_secs: u32,
}
