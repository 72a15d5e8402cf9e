//! What is sent along, to whom it may be shown, the notice, and the two ways on.

use kiosk_core::form::FormGap;
use kiosk_core::visit::VisitEvent;
use kiosk_wire::event::{PrivacyNotice, Recipient, Team};
use kiosk_wire::feedback::Consent;
use leptos::{html, prelude::*};

use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::pick::{Pick, PickKind};
use crate::components::show::{Show, live};
use crate::components::tap::tap;
use crate::i18n::{Messages, fill};
use crate::stores::form::{FormProblem, FormStore};
use crate::stores::visit::VisitStore;
use crate::visitor::{causes, event, localized, sentence, settings};

#[component]
pub fn Give(team: Option<Team>) -> impl IntoView {
    view! {
        <div class="give">
            <h4 id="consent-title">{sentence(|words| words.consent_title)}</h4>
            <ConsentChoice />
            <Sharing team />
            <Notice />
            <div class="give-end">
                <Problem />
                <Send />
            </div>
        </div>
    }
}

fn words(choose: fn(&Messages) -> &'static str) -> Signal<String> {
    let settings = settings();
    Signal::derive(move || choose(settings.words()).to_owned())
}

#[component]
fn ConsentChoice() -> impl IntoView {
    let form = expect_context::<FormStore>();
    let pick =
        move |consent: Consent, testid: &'static str, label: fn(&Messages) -> &'static str| {
            view! {
                <Pick
                    kind=PickKind::Radio("consent")
                    testid
                    label=words(label)
                    is_on=Signal::derive(move || form.with(|form| form.consent == consent))
                    on_pick=Callback::new(move |_| form.change(|form| form.consent = consent))
                />
            }
        };
    view! {
        <div class="group" role="radiogroup" aria-labelledby="consent-title">
            {pick(Consent::Rating, "consent-rating", |words| words.consent_rating)}
            {pick(Consent::Excerpt, "consent-excerpt", |words| words.consent_excerpt)}
            {pick(Consent::Conversation, "consent-conversation", |words| words.consent_conversation)}
        </div>
    }
}

#[component]
fn Sharing(team: Option<Team>) -> impl IntoView {
    let form = expect_context::<FormStore>();
    let settings = settings();
    let share = Signal::derive(move || {
        let words = settings.words();
        team.as_ref().map_or_else(
            || words.share_with_teams.to_owned(),
            |team| {
                fill(
                    words.share_with_team,
                    &[("team", &team.name.get(settings.language()))],
                )
            },
        )
    });
    let age = NodeRef::<html::Input>::new();
    let needs_age = move || form.problem() == Some(FormProblem::Gap(FormGap::Age));
    Effect::new(move || {
        if let Some(input) = needs_age().then(|| age.get()).flatten() {
            // Fails only for an element that is gone; then so is the form.
            input.focus().ok();
        }
    });
    view! {
        <div class="group">
            <Pick
                kind=PickKind::Checkbox
                testid="share-with-team"
                label=share
                is_on=Signal::derive(move || form.with(|form| form.share_with_team))
                on_pick=Callback::new(move |is_on| form.change(|form| form.share_with_team = is_on))
            />
            <Pick
                kind=PickKind::Checkbox
                testid="display-consent"
                label=words(|words| words.display_consent)
                is_on=Signal::derive(move || form.with(|form| form.display_consent))
                on_pick=Callback::new(move |is_on| form.change(|form| form.display_consent = is_on))
            />
            <Pick
                kind=PickKind::Checkbox
                testid="age-14"
                node=age
                label=words(|words| words.age_14)
                hint=sentence(|words| words.age_14_hint)
                is_invalid=Signal::derive(needs_age)
                is_on=Signal::derive(move || form.with(|form| form.age_14_or_over))
                on_pick=Callback::new(move |is_on| form.change(|form| form.age_14_or_over = is_on))
            />
        </div>
    }
}

#[component]
fn Problem() -> impl IntoView {
    let form = expect_context::<FormStore>();
    let settings = settings();
    live(move || {
        let words = settings.words();
        let text = match form.problem()? {
            FormProblem::Gap(FormGap::Rating) => words.need_rating,
            FormProblem::Gap(FormGap::Age) => words.need_age,
            FormProblem::NotSaved => words.save_failed,
        };
        Some(
            view! {
                <p class="note" data-tone="danger" role="alert">
                    <Icon name=IconName::TriangleAlert />
                    <span>{text}</span>
                </p>
            }
            .into_any(),
        )
    })
}

#[component]
fn Send() -> impl IntoView {
    let visit = expect_context::<VisitStore>();
    let form = expect_context::<FormStore>();
    view! {
        <div class="send">
            <button
                class="btn tall"
                data-testid="feedback-skip"
                on:click=causes(VisitEvent::Skip)
            >
                {sentence(|words| words.feedback_skip)}
            </button>
            <button
                class="btn primary"
                data-testid="feedback-submit"
                aria-disabled=move || form.is_saving().to_string()
                on:click=tap(move || visit.submit())
            >
                {sentence(|words| words.feedback_submit)}
            </button>
        </div>
    }
}

#[component]
fn Notice() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let summary = event().get().privacy_notice.summary.clone();
    let close = Callback::new(move |()| is_open.set(false));
    view! {
        <button class="link" data-testid="privacy-notice" on:click=tap(move || is_open.set(true))>
            <span>
                {localized(summary)} " "
                <u>{sentence(|words| words.notice_more)}</u>
            </span>
        </button>
        <Show when=move || is_open.get()>
            <WholeNotice on_close=close />
        </Show>
    }
}

#[component]
fn WholeNotice(on_close: Callback<()>) -> impl IntoView {
    let settings = settings();
    let event = event().get();
    let PrivacyNotice {
        sections,
        recipients,
        ..
    } = event.privacy_notice.clone();
    let sections: Vec<_> = sections
        .into_iter()
        .map(|section| {
            view! {
                <h4>{localized(section.title)}</h4>
                <p>{localized(section.text)}</p>
            }
            .into_any()
        })
        .collect();
    let receivers = move || {
        let words = settings.words();
        if recipients.is_empty() {
            return vec![words.notice_no_recipients.to_owned()];
        }
        let names = |recipient: &Recipient| {
            let teams = event
                .teams
                .iter()
                .filter(|team| recipient.teams.contains(&team.id));
            teams
                .map(|team| team.name.get(settings.language()))
                .collect::<Vec<_>>()
                .join(", ")
        };
        recipients
            .iter()
            .map(|recipient| recipient_line(words, &names(recipient), recipient))
            .collect()
    };
    let title = sentence(|words| words.notice_title);
    view! {
        <Dialog label=title class="dialog notice" on_dismiss=on_close>
            <div class="row">
                <h3>{title}</h3>
                <span class="grow"></span>
                <button class="btn quiet" on:click=tap(move || on_close.run(()))>
                    {sentence(|words| words.close)}
                </button>
            </div>
            <div class="notice-text" tabindex="0">
                {sections}
                <h4>{sentence(|words| words.notice_recipients)}</h4>
                {move || {
                    receivers().into_iter().map(|line| view! { <p>{line}</p> }.into_any()).collect::<Vec<_>>()
                }}
            </div>
        </Dialog>
    }
}

fn recipient_line(words: &Messages, teams: &str, recipient: &Recipient) -> String {
    let training = if recipient.trains_on_input {
        words.notice_trains
    } else {
        words.notice_trains_not
    };
    fill(
        words.notice_recipient,
        &[
            ("teams", &teams),
            ("name", &recipient.name),
            ("country", &recipient.country),
            ("retention", &recipient.retention),
            ("training", &training),
        ],
    )
}
