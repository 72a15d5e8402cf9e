//! What is neither asked nor answered at this event, and what is said instead.

use kiosk_wire::event::Text;

use crate::check::File;
use crate::error::{ContentError, Problem};
use crate::shape::{ModerationFile, RuleShape, TargetShape};

/// The file of rules that is read when it is there and no other is named.
pub const DEFAULT_RULES: &str = "moderation.toml";

/// One letter alone stands in ordinary words.
const MIN_PHRASE_CHARS: usize = 2;
/// Most letters and digits of a phrase: an answer that may still become one is held back.
pub const MAX_PHRASE_CHARS: usize = 64;

/// Phrases that are not talked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// As they are written; how they are found, the server decides.
    pub phrases: Vec<String>,
    /// Whether visitors' questions are looked at.
    pub in_questions: bool,
    /// Whether models' answers are.
    pub in_answers: bool,
    /// What is said instead; `None` is the server's own sentence.
    pub say: Option<Text>,
}

pub(crate) fn rules(file: File<'_>) -> Result<Vec<Rule>, ContentError> {
    let written: ModerationFile = file.parse()?;
    let rules = written.rule.into_iter();
    rules.map(|written| rule(file, written)).collect()
}

fn rule(file: File<'_>, written: RuleShape) -> Result<Rule, ContentError> {
    let targets = written.applies_to.as_ref();
    if targets.is_empty() {
        return Err(file.error(&written.applies_to.span(), Problem::NoTarget));
    }
    let phrases = written.phrases.as_ref();
    if phrases.is_empty() {
        return Err(file.error(&written.phrases.span(), Problem::NoPhrases));
    }
    let phrase = |phrase: &toml::Spanned<String>| {
        let text = file.filled("phrases", phrase)?;
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        if (MIN_PHRASE_CHARS..=MAX_PHRASE_CHARS).contains(&letters) {
            return Ok(text);
        }
        let problem = Problem::BadPhrase {
            phrase: text,
            least: MIN_PHRASE_CHARS,
            most: MAX_PHRASE_CHARS,
        };
        Err(file.error(&phrase.span(), problem))
    };
    Ok(Rule {
        phrases: phrases.iter().map(phrase).collect::<Result<_, _>>()?,
        in_questions: targets.contains(&TargetShape::Question),
        in_answers: targets.contains(&TargetShape::Answer),
        say: written.say.map(|say| file.text(say)).transpose()?,
    })
}
