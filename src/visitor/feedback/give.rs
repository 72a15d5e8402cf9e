//! What is sent along, to whom it may be shown, and the two ways on.

use kiosk_core::form::{Form, FormGap};
use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::Team;
use kiosk_wire::feedback::Consent;
use leptos::prelude::*;

use super::notice::notice;
use crate::dom::{Element, Pick, PickKind, button, el, pick};
use crate::i18n::fill;
use crate::stores::form::{FormProblem, FormStore};
use crate::visitor::parts::failure_alert;
use crate::visitor::{Worded, Words, settings, visit};

fn form() -> FormStore {
    expect_context()
}

pub fn give(team: Option<Team>) -> Element {
    let end = el("div").class("give-end").with(problem).child(send());
    el("div")
        .class("give")
        .child(
            el("h4")
                .attr("id", "consent-title")
                .words(|words| words.consent_title),
        )
        .child(consent_choice())
        .child(sharing(team))
        .with(notice)
        .child(end)
}

fn consent_choice() -> Element {
    let form = form();
    let choice = move |consent: Consent, testid: &'static str, label: Words| {
        pick(
            PickKind::Radio("consent"),
            testid,
            el("span").words(label),
            move || form.with(|form| form.consent == consent),
            move |_| form.change(|form| form.consent = consent),
        )
        .label
    };
    el("div")
        .class("group")
        .attr("role", "radiogroup")
        .attr("aria-labelledby", "consent-title")
        .children([
            choice(Consent::Rating, "consent-rating", |words| {
                words.consent_rating
            }),
            choice(Consent::Excerpt, "consent-excerpt", |words| {
                words.consent_excerpt
            }),
            choice(Consent::Conversation, "consent-conversation", |words| {
                words.consent_conversation
            }),
        ])
}

/// A checkbox that stands for one field of the form.
fn check(
    testid: &'static str,
    words: Element,
    read: fn(&Form) -> bool,
    write: fn(&mut Form, bool),
) -> Pick {
    let form = form();
    pick(
        PickKind::Checkbox,
        testid,
        words,
        move || form.with(read),
        move |is_on| form.change(|form| write(form, is_on)),
    )
}

fn sharing(team: Option<Team>) -> Element {
    let settings = settings();
    let share = move || {
        let words = settings.words();
        team.as_ref().map_or_else(
            || words.share_with_teams.to_owned(),
            |team| {
                let name = team.name.get(settings.language());
                fill(words.share_with_team, &[("team", &name)])
            },
        )
    };
    let share = check(
        "share-with-team",
        el("span").say(share),
        |form| form.share_with_team,
        |form, is_on| form.share_with_team = is_on,
    );
    let display = check(
        "display-consent",
        el("span").words(|words| words.display_consent),
        |form| form.display_consent,
        |form, is_on| form.display_consent = is_on,
    );
    let age = el("span")
        .words(|words| words.age_14)
        .child(el("small").words(|words| words.age_14_hint));
    let age = check(
        "age-14",
        age,
        |form| form.age_14_or_over,
        |form, is_on| form.age_14_or_over = is_on,
    );
    el("div")
        .class("group")
        .children([share.label, display.label, needed(age)])
}

/// The choice that text needs: it takes the focus when it keeps the form from going.
fn needed(age: Pick) -> Element {
    let form = form();
    let is_needed = move || form.problem() == Some(FormProblem::Gap(FormGap::Age));
    let Pick { label, input } = age;
    let marked = input.clone().attr_live("aria-invalid", move || {
        is_needed().then(|| "true".to_owned())
    });
    label.follow(move || {
        if is_needed() {
            marked.focus();
        }
    })
}

/// Adds why the form is still there.
fn problem(parent: Element) -> Element {
    let (form, settings) = (form(), settings());
    parent.live(move || {
        let words = settings.words();
        let text = match form.problem()? {
            // Said beside the faces.
            FormProblem::Gap(FormGap::Rating) => return None,
            FormProblem::Gap(FormGap::Age) => words.need_age,
            FormProblem::NotSaved => words.save_failed,
        };
        Some(failure_alert(el("span").text(text)))
    })
}

fn send() -> Element {
    let (visit, form) = (visit(), form());
    let skip = button("btn tall", "feedback-skip")
        .words(|words| words.feedback_skip)
        .causes(VisitEvent::Skip);
    let submit = button("btn primary", "feedback-submit")
        .flag("aria-disabled", move || form.is_slow())
        .words(|words| words.feedback_submit)
        .tap(move || visit.submit());
    el("div").class("send").child(skip).child(submit)
}
