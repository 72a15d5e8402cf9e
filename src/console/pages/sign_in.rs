//! Sign-in, in the place of the page that was asked for.
//!
//! Owns: the form. Must not own: who may do what. Invariant: the secret leaves this form only to
//! the server, and the field is empty after every try.

use std::time::Duration;

use kiosk_wire::console::{SignIn, SignInRole, WhoAmI};
use kiosk_wire::paths;
use leptos::{ev, prelude::*, task::spawn_local_scoped_with_cancellation};

use crate::components::icon::{Icon, IconName};
use crate::components::show::{Show, live};
use crate::console::api::ApiError;
use crate::console::parts::failure::failure_words;
use crate::console::parts::field::TextField;
use crate::console::session::Session;
use crate::console::state::{api, console, sentence};
use crate::console::words::Words;
use crate::i18n::fill;

const SECOND: Duration = Duration::from_secs(1);

/// Why the last try brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Wrong,
    /// So many seconds to wait, told once; the button counts them down.
    Wait(u64),
    Other(ApiError),
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::SignedOut => Self::Wrong,
            ApiError::Slow(secs) => Self::Wait(secs),
            other => Self::Other(other),
        }
    }
}

#[derive(Clone, Copy)]
struct Form {
    role: RwSignal<SignInRole>,
    name: RwSignal<String>,
    secret: RwSignal<String>,
    refusal: RwSignal<Option<Refusal>>,
    left_secs: RwSignal<u64>,
    is_busy: RwSignal<bool>,
}

/// Who are you?
#[component]
pub fn SignInPage() -> impl IntoView {
    let console = console();
    console.set_title(|words| words.page_sign_in);
    let session: Session = expect_context();
    let form = Form {
        role: RwSignal::new(SignInRole::Staff),
        name: RwSignal::default(),
        secret: RwSignal::default(),
        refusal: RwSignal::new(None),
        left_secs: RwSignal::new(0),
        is_busy: RwSignal::new(false),
    };
    let is_held = move || form.is_busy.get() || form.left_secs.get() > 0;
    let label = move || {
        let words = console.words();
        match form.left_secs.get() {
            0 => words.sign_in.to_owned(),
            secs => fill(words.sign_in_after, &[("secs", &secs)]),
        }
    };
    let on_submit = submit(form);
    view! {
        <form class="box pad sign-in" novalidate on:submit=on_submit>
            <h1>{move || console.words().sign_in_title}</h1>
            <Show when=Signal::derive(move || session.has_lapsed())>
                <p class="note" data-tone="info" role="status">
                    <Icon name=IconName::Info />
                    <span>{move || console.words().failure_signed_out}</span>
                </p>
            </Show>
            <RoleChoice role=form.role />
            <TextField
                label=|words| words.sign_in_name
                hint=|words| words.sign_in_name_hint
                value=form.name
                testid="sign-in-name"
                autocomplete="username"
                max_chars=64
            />
            <TextField
                label=|words| words.sign_in_secret
                value=form.secret
                testid="sign-in-secret"
                kind="password"
                autocomplete="current-password"
                max_chars=256
                is_required=true
            />
            <div role="alert">{live(move || form.refusal.get().map(refusal_view))}</div>
            <button
                class="btn main"
                type="submit"
                data-testid="sign-in"
                aria-disabled=move || is_held().to_string()
            >
                {label}
            </button>
        </form>
    }
}

fn refusal_view(refusal: Refusal) -> AnyView {
    let words = console().words();
    let text = match refusal {
        Refusal::Wrong => words.sign_in_wrong.to_owned(),
        Refusal::Wait(secs) => fill(words.sign_in_wait, &[("secs", &secs)]),
        Refusal::Other(error) => failure_words(words, &error),
    };
    view! {
        <p class="note" data-tone="danger">
            <Icon name=IconName::TriangleAlert />
            <span>{text}</span>
        </p>
    }
    .into_any()
}

/// What the form does when it is sent.
fn submit(form: Form) -> Box<dyn FnMut(ev::SubmitEvent)> {
    let api = api();
    let session: Session = expect_context();
    let timer = console().ports().get().timer.clone();
    let owner = Owner::current().unwrap_or_default();
    Box::new(move |event| {
        event.prevent_default();
        if form.is_busy.get_untracked() || form.left_secs.get_untracked() > 0 {
            return;
        }
        let name = form.name.get_untracked().trim().to_owned();
        let body = SignIn {
            role: form.role.get_untracked(),
            name: (!name.is_empty()).then_some(name),
            secret: form.secret.get_untracked(),
        };
        form.is_busy.set(true);
        let timer = timer.clone();
        let sign_in = async move {
            let answer = api.post::<_, WhoAmI>(paths::SESSION, &body).await;
            form.is_busy.set(false);
            form.secret.set(String::new());
            match answer {
                Ok(who) => session.begin(who),
                Err(ApiError::Slow(secs)) => {
                    form.refusal.set(Some(Refusal::Wait(secs)));
                    for left in (1..=secs).rev() {
                        form.left_secs.set(left);
                        timer.sleep(SECOND).await;
                    }
                    form.left_secs.set(0);
                    form.refusal.set(None);
                }
                Err(error) => form.refusal.set(Some(error.into())),
            }
        };
        owner.with(|| spawn_local_scoped_with_cancellation(sign_in));
    })
}

/// Which secret it is.
#[component]
fn RoleChoice(role: RwSignal<SignInRole>) -> impl IntoView {
    let label = sentence(|words| words.sign_in_role);
    let roles: [(SignInRole, &str, Words); 3] = [
        (SignInRole::Staff, "staff", |words| words.sign_in_role_staff),
        (SignInRole::Organiser, "organiser", |words| {
            words.sign_in_role_organiser
        }),
        (SignInRole::Team, "team", |words| words.sign_in_role_team),
    ];
    let choice = move |(value, code, words)| {
        let words = sentence(words);
        view! {
            <label data-role=code>
                <input
                    type="radio"
                    name="role"
                    value=code
                    prop:checked=move || role.get() == value
                    on:change=move |_| role.set(value)
                />
                <span>{move || words.get()}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="segments" data-testid="sign-in-role">
            <legend>{move || label.get()}</legend>
            <div>{roles.map(choice).into_iter().collect::<Vec<_>>()}</div>
        </fieldset>
    }
}
