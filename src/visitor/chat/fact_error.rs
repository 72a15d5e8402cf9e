//! Reports that an answer says something wrong: what kind of thing, and the consent to send it along.

use kiosk_core::form::{FactCategory, FactReport, ReportGap};
use leptos::prelude::*;

use super::exchange::Turn;
use crate::dom::{Element, IconName, ModalLook, PickKind, button, el, icon, pick};
use crate::visitor::parts::{failure_alert, titled_dialog};
use crate::visitor::{Worded, Words, visit};

/// How far the report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    /// Something is missing.
    Missing(ReportGap),
    Saving,
    NotSaved,
    Saved,
}

pub fn report_dialog(turn: &Turn, close: impl Fn() + Copy + 'static) -> Element {
    let stage = RwSignal::new(Stage::Asking);
    let turn = turn.clone();
    let look = ModalLook {
        testid: "fact-error",
        ..ModalLook::default()
    };
    titled_dialog(look, |words| words.report_title, "fact-error-cancel", close).either(
        move || stage.get() == Stage::Saved,
        saved,
        move || questions(&turn, stage),
    )
}

fn saved() -> Element {
    el("p")
        .class("note")
        .attr("data-tone", "success")
        .attr("role", "status")
        .with(icon(IconName::CircleCheck))
        .child(el("span").words(|words| words.report_saved))
}

fn questions(turn: &Turn, stage: RwSignal<Stage>) -> Element {
    let report = RwSignal::new(FactReport::default());
    let category = move |category: FactCategory, testid: &'static str, words: Words| {
        pick(
            PickKind::Radio("fact-error"),
            testid,
            el("span").words(words),
            move || report.with(|report| report.category == Some(category)),
            move |_| report.update(|report| report.category = Some(category)),
        )
    };
    let basic = category(FactCategory::Basic, "fact-error-basic", |words| {
        words.report_basic
    });
    let categories = el("div")
        .class("group")
        .attr("role", "radiogroup")
        .words_attr("aria-label", |words| words.report_hint)
        .children([
            basic.label,
            category(FactCategory::Science, "fact-error-science", |words| {
                words.report_science
            })
            .label,
            category(FactCategory::Law, "fact-error-law", |words| {
                words.report_law
            })
            .label,
            category(FactCategory::Statistics, "fact-error-statistics", |words| {
                words.report_statistics
            })
            .label,
        ]);
    let consent = pick(
        PickKind::Checkbox,
        "fact-error-consent",
        el("span").words(|words| words.report_consent),
        move || report.with(|report| report.may_send),
        move |is_on| report.update(|report| report.may_send = is_on),
    );
    let age = pick(
        PickKind::Checkbox,
        "fact-error-age-14",
        el("span").words(|words| words.age_14),
        move || report.with(|report| report.age_14_or_over),
        move |is_on| report.update(|report| report.age_14_or_over = is_on),
    );
    let (needed_consent, needed_age) = (consent.input.clone(), age.input.clone());
    el("div")
        .class("report")
        .child(el("p").class("muted").words(|words| words.report_hint))
        .child(categories)
        .child(
            el("div")
                .class("group")
                .children([consent.label, age.label]),
        )
        .live(move || problem(stage.get()))
        .follow(move || match stage.get() {
            Stage::Missing(ReportGap::Category) => basic.input.focus(),
            Stage::Missing(ReportGap::Consent) => needed_consent.focus(),
            Stage::Missing(ReportGap::Age) => needed_age.focus(),
            _ => {}
        })
        .child(submit(turn, stage, report))
}

fn problem(stage: Stage) -> Option<Element> {
    let words: Words = match stage {
        Stage::Missing(ReportGap::Category) => |words| words.report_need_category,
        Stage::Missing(ReportGap::Consent) => |words| words.report_need_consent,
        Stage::Missing(ReportGap::Age) => |words| words.report_need_age,
        Stage::Missing(ReportGap::Answer) | Stage::NotSaved => |words| words.save_failed,
        Stage::Asking | Stage::Saving | Stage::Saved => return None,
    };
    Some(failure_alert(el("span").words(words)))
}

fn submit(turn: &Turn, stage: RwSignal<Stage>, report: RwSignal<FactReport>) -> Element {
    let visit = visit();
    let turn = turn.clone();
    button("btn primary", "fact-error-submit")
        .flag("aria-disabled", move || stage.get() == Stage::Saving)
        .words(|words| words.report_submit)
        .tap(move || {
            // A second press does nothing.
            if stage.get_untracked() == Stage::Saving {
                return;
            }
            stage.set(Stage::Saving);
            let report = report.get_untracked();
            visit.report(&turn.key, turn.number, report, move |outcome| {
                stage.set(match outcome {
                    Ok(true) => Stage::Saved,
                    Ok(false) => Stage::NotSaved,
                    Err(gap) => Stage::Missing(gap),
                });
            });
        })
}
