//! The questions: five faces, tags, closed questions, free text last.

use kiosk_wire::event::{Choice, Question, Text};
use kiosk_wire::feedback::MAX_COMMENT_CHARS;
use leptos::prelude::*;

use crate::components::icon::{Face, Icon, IconName};
use crate::components::show::Show;
use crate::components::tap::tap;
use crate::stores::form::FormStore;
use crate::visitor::{event, localized, sentence};

#[component]
pub fn Ask() -> impl IntoView {
    let survey = event().get().survey.clone();
    let questions: Vec<_> = survey
        .questions
        .into_iter()
        .map(|question| view! { <ClosedQuestion question /> }.into_any())
        .collect();
    view! {
        <div class="ask">
            <Faces words=survey.ratings />
            <Tags tags=survey.tags />
            {questions}
            <Comment />
        </div>
    }
}

#[component]
fn Faces(words: Vec<Text>) -> impl IntoView {
    let form = expect_context::<FormStore>();
    let label = sentence(|words| words.feedback_rating);
    let faces: Vec<_> = (1_u8..)
        .zip(words)
        .map(|(rating, word)| {
            view! {
                <button
                    class="face"
                    data-testid=format!("rating-{rating}")
                    aria-pressed=move || form.with(|form| form.rating == Some(rating)).to_string()
                    on:click=tap(move || form.change(|form| form.rating = Some(rating)))
                >
                    <Face rating />
                    {localized(word)}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="q">
            <div class="faces" role="group" aria-label=move || label.get()>
                {faces}
            </div>
        </section>
    }
}

#[component]
fn Tags(tags: Vec<Choice>) -> impl IntoView {
    let form = expect_context::<FormStore>();
    let chips: Vec<_> = tags
        .into_iter()
        .map(|tag| {
            let (id, picked) = (tag.id.clone(), tag.id);
            let is_on = Signal::derive(move || form.with(|form| form.tags.contains(&id)));
            let on_pick = Callback::new(move |()| form.change(|form| form.toggle_tag(&picked)));
            view! { <Chip testid="feedback-tag" text=tag.text is_on on_pick /> }.into_any()
        })
        .collect();
    view! {
        <section class="q">
            <h4>
                {sentence(|words| words.feedback_tags)} " "
                <small>{sentence(|words| words.feedback_many)}</small>
            </h4>
            <div class="chips">{chips}</div>
        </section>
    }
}

#[component]
fn ClosedQuestion(question: Question) -> impl IntoView {
    let form = expect_context::<FormStore>();
    let Question { id, text, choices } = question;
    let testid = format!("question-{id}");
    let chips: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let (question, picked) = (id.clone(), choice.id);
            let (asked, chosen) = (question.clone(), picked.clone());
            let is_on =
                Signal::derive(move || form.with(|form| form.answers.get(&asked) == Some(&chosen)));
            let on_pick = Callback::new(move |()| {
                form.change(|form| form.toggle_answer(&question, &picked));
            });
            view! { <Chip text=choice.text is_on on_pick /> }.into_any()
        })
        .collect();
    view! {
        <section class="q" data-testid=testid>
            <h4>
                {localized(text)} " "
                <small>{sentence(|words| words.feedback_optional)}</small>
            </h4>
            <div class="chips even">{chips}</div>
        </section>
    }
}

#[component]
fn Chip(
    #[prop(optional)] testid: Option<&'static str>,
    text: Text,
    is_on: Signal<bool>,
    on_pick: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="chip"
            data-testid=testid
            aria-pressed=move || is_on.get().to_string()
            on:click=tap(move || on_pick.run(()))
        >
            <Show when=move || is_on.get()>
                <Icon name=IconName::Check />
            </Show>
            {localized(text)}
        </button>
    }
}

#[component]
fn Comment() -> impl IntoView {
    let form = expect_context::<FormStore>();
    let hint = sentence(|words| words.feedback_comment_hint);
    let label = sentence(|words| words.feedback_comment);
    view! {
        <section class="q">
            <h4>{label} " " <small>{sentence(|words| words.feedback_optional)}</small></h4>
            <textarea
                class="area"
                data-testid="feedback-comment"
                autocomplete="off"
                spellcheck="false"
                maxlength=MAX_COMMENT_CHARS.to_string()
                placeholder=move || hint.get()
                aria-label=move || label.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    form.change(|form| form.comment = text);
                }
            ></textarea>
        </section>
    }
}
