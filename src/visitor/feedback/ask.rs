//! The questions: five faces, tags, closed questions, free text last.

use kiosk_core::form::FormGap;
use kiosk_wire::event::{Choice, Question, Text};
use kiosk_wire::feedback::MAX_COMMENT_CHARS;
use leptos::prelude::*;

use crate::dom::{Element, IconName, button, el, face, icon};
use crate::stores::form::{FormProblem, FormStore};
use crate::visitor::parts::failure_alert;
use crate::visitor::{Worded, Words, event};

fn form() -> FormStore {
    expect_context()
}

pub fn ask() -> Element {
    let survey = event().get().survey.clone();
    let questions = survey.questions.into_iter().map(closed_question);
    el("div")
        .class("ask")
        .child(faces(&survey.ratings))
        .child(tags(survey.tags))
        .children(questions)
        .child(comment())
}

/// The choice that the form needs: it takes the focus when it keeps the form from going.
fn faces(ratings: &[Text]) -> Element {
    let form = form();
    let faces: Vec<Element> = (1_u8..)
        .zip(ratings)
        .map(|(rating, word)| {
            button("face", &format!("rating-{rating}"))
                .flag("aria-pressed", move || {
                    form.with(|form| form.rating == Some(rating))
                })
                .with(face(rating))
                .localized(word)
                .tap(move || form.change(|form| form.rating = Some(rating)))
        })
        .collect();
    let first = faces.first().cloned();
    let is_needed = move || form.problem() == Some(FormProblem::Gap(FormGap::Rating));
    let faces = el("div")
        .class("faces")
        .attr("role", "group")
        .words_attr("aria-label", |words| words.feedback_rating)
        .children(faces)
        .follow(move || {
            if let Some(first) = first.as_ref().filter(|_| is_needed()) {
                first.focus();
            }
        });
    el("section").class("q").child(faces).live(move || {
        is_needed().then(|| failure_alert(el("span").words(|words| words.need_rating)))
    })
}

/// Small letters beside a question.
fn hint(words: Words) -> Element {
    el("small").words(words)
}

fn tags(tags: Vec<Choice>) -> Element {
    let form = form();
    let chips = tags.into_iter().map(|tag| {
        let picked = tag.id.clone();
        chip("feedback-tag", &tag.text, move || {
            form.with(|form| form.tags.contains(&tag.id))
        })
        .tap(move || form.change(|form| form.toggle_tag(&picked)))
    });
    el("section")
        .class("q")
        .child(
            el("h4")
                .words(|words| words.feedback_tags)
                .text(" ")
                .child(hint(|words| words.feedback_many)),
        )
        .child(
            el("div")
                .class("chips")
                .attr("role", "group")
                .words_attr("aria-label", |words| words.feedback_tags)
                .children(chips),
        )
}

fn closed_question(question: Question) -> Element {
    let form = form();
    let Question { id, text, choices } = question;
    let testid = format!("question-{id}");
    let chips = choices.into_iter().map(|choice| {
        let (asked, chosen) = (id.clone(), choice.id.clone());
        let (question, picked) = (id.clone(), choice.id);
        chip("", &choice.text, move || {
            form.with(|form| form.answers.get(&asked) == Some(&chosen))
        })
        .tap(move || form.change(|form| form.toggle_answer(&question, &picked)))
    });
    el("section")
        .class("q")
        .testid(&testid)
        .child(
            el("h4")
                .localized(&text)
                .text(" ")
                .child(hint(|words| words.feedback_optional)),
        )
        .child(
            el("div")
                .class("chips even")
                .attr("role", "group")
                .localized_attr("aria-label", &text)
                .children(chips),
        )
}

fn chip(testid: &str, text: &Text, is_on: impl Fn() -> bool + 'static) -> Element {
    // The mark is always there and seen only when pressed: nothing moves beside it.
    button("chip", testid)
        .flag("aria-pressed", is_on)
        .with(icon(IconName::Check))
        .localized(text)
}

fn comment() -> Element {
    let form = form();
    let area = el("textarea")
        .class("area")
        .testid("feedback-comment")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("maxlength", &MAX_COMMENT_CHARS.to_string())
        .words_attr("placeholder", |words| words.feedback_comment_hint)
        .words_attr("aria-label", |words| words.feedback_comment);
    let typed = area.clone();
    let area = area.on("input", move |_| {
        form.change(|form| form.comment = typed.value());
    });
    el("section")
        .class("q")
        .child(
            el("h4")
                .words(|words| words.feedback_comment)
                .text(" ")
                .child(hint(|words| words.feedback_optional)),
        )
        .child(area)
}
