//! The feedback form and the hash that tells its versions apart.

use std::collections::BTreeSet;

use kiosk_wire::canonical::sha256_hex;
use kiosk_wire::event::{Choice, Question, Survey, Text};
use serde_json::json;
use toml::Spanned;

use crate::check::File;
use crate::error::{ContentError, Problem};
use crate::shape::{ChoiceShape, QuestionShape, SurveyFile, TextShape};

/// The contract's ratings run from 1 to 5.
const RATINGS: usize = 5;
const MAX_QUESTIONS: usize = 3;
const MIN_CHOICES: usize = 2;
const VERSION_DIGITS: usize = 16;

pub(crate) fn survey(file: File<'_>) -> Result<Survey, ContentError> {
    let written: SurveyFile = file.parse()?;
    let ratings = ratings(file, written.ratings)?;
    let tags = choices(file, "tag", written.tags)?;
    let questions = questions(file, written.questions)?;
    let form = json!({"ratings": ratings, "tags": tags, "questions": questions});
    let version = sha256_hex(&form).chars().take(VERSION_DIGITS).collect();
    Ok(Survey {
        version,
        ratings,
        tags,
        questions,
    })
}

fn ratings(
    file: File<'_>,
    written: Spanned<Vec<Spanned<TextShape>>>,
) -> Result<Vec<Text>, ContentError> {
    let span = written.span();
    let written = written.into_inner();
    if written.len() != RATINGS {
        let found = written.len();
        return Err(file.error(
            &span,
            Problem::RatingCount {
                wanted: RATINGS,
                found,
            },
        ));
    }
    written.into_iter().map(|word| file.text(word)).collect()
}

fn questions(file: File<'_>, written: Vec<QuestionShape>) -> Result<Vec<Question>, ContentError> {
    let found = written.len();
    if let Some(extra) = written.get(MAX_QUESTIONS) {
        let most = MAX_QUESTIONS;
        return Err(file.error(&extra.id.span(), Problem::ManyQuestions { most, found }));
    }
    let mut taken = BTreeSet::new();
    let mut question = |question: QuestionShape| {
        let span = question.id.span();
        if question.choices.len() < MIN_CHOICES {
            return Err(file.error(&span, Problem::FewChoices));
        }
        Ok(Question {
            id: file.new_key("question", question.id, &mut taken)?,
            text: file.text(question.text)?,
            choices: choices(file, "choice", question.choices)?,
        })
    };
    written.into_iter().map(&mut question).collect()
}

fn choices(
    file: File<'_>,
    kind: &'static str,
    written: Vec<ChoiceShape>,
) -> Result<Vec<Choice>, ContentError> {
    let mut taken = BTreeSet::new();
    let choice = |choice: ChoiceShape| {
        Ok(Choice {
            id: file.new_key(kind, choice.id, &mut taken)?,
            text: file.text(choice.text)?,
        })
    };
    written.into_iter().map(choice).collect()
}
