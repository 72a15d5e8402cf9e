//! The header: where one is, the ways to other pages, language, colours, and the way out.

use kiosk_wire::event::Language;
use kiosk_wire::paths;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

use crate::components::icon::{Icon, IconName};
use crate::components::show::live;
use crate::components::tap::tap;
use crate::console::parts::glyph::{Glyph, GlyphName};
use crate::console::parts::notices::notices;
use crate::console::session::{Least, Session};
use crate::console::state::{Theme, api, console, sentence};
use crate::console::words::Words;
use crate::i18n::fill;

/// The pages in the order of the navigation.
const PAGES: [(&str, Least, GlyphName, Words); 5] = [
    ("/console/fleet", Least::Staff, GlyphName::Tablet, |words| {
        words.nav_fleet
    }),
    (
        "/console/teams",
        Least::Lead,
        GlyphName::LayoutGrid,
        |words| words.nav_teams,
    ),
    (
        "/console/results",
        Least::Organiser,
        GlyphName::ChartColumn,
        |words| words.nav_results,
    ),
    (
        "/console/people",
        Least::Organiser,
        GlyphName::UsersRound,
        |words| words.nav_people,
    ),
    (
        "/console/audit",
        Least::Organiser,
        GlyphName::History,
        |words| words.nav_audit,
    ),
];

/// What stands at the top of every page.
#[component]
pub fn Header() -> impl IntoView {
    let console = console();
    view! {
        <header class="bar-top">
            <p class="brand">
                <Lights />
                <span>{move || console.words().brand}</span>
            </p>
            <Navigation />
            <div class="tools">
                <LanguageSwitch />
                <ThemeSwitch />
                <SignOut />
            </div>
        </header>
    }
}

/// One light for each team of the event.
#[component]
fn Lights() -> impl IntoView {
    let console = console();
    let light = move |id: String| {
        let hue = console.team_hue(&id).to_string();
        view! { <i data-team=id style=("--hue", hue)></i> }.into_any()
    };
    let ids = move || {
        let event = console.event()?;
        Some(
            event
                .teams
                .iter()
                .map(|team| light(team.id.clone()))
                .collect::<Vec<_>>(),
        )
    };
    view! { <span class="lights" aria-hidden="true">{ids}</span> }
}

/// The pages this role may see.
#[component]
fn Navigation() -> impl IntoView {
    let session: Session = expect_context();
    let label = sentence(|words| words.nav_label);
    let pages = Memo::new(move |_| {
        PAGES
            .map(|(_, least, ..)| session.may(least))
            .into_iter()
            .filter(|may| *may)
            .count()
    });
    live(move || {
        let count = pages.get();
        (count > 0).then(|| {
            let links: Vec<_> = PAGES
                .into_iter()
                .take(count)
                .map(|(address, _, glyph, words)| link(address, glyph, words))
                .collect();
            view! { <nav aria-label=move || label.get()>{links}</nav> }.into_any()
        })
    })
}

fn link(address: &'static str, glyph: GlyphName, words: Words) -> AnyView {
    let words = sentence(words);
    view! {
        <A href=address>
            <Glyph name=glyph />
            <span>{move || words.get()}</span>
        </A>
    }
    .into_any()
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let console = console();
    let label = sentence(|words| words.language_label);
    let choice = move |language: Language, name: &'static str, testid: &'static str| {
        view! {
            <button
                data-testid=testid
                lang=language.code()
                aria-pressed=move || (console.language() == language).to_string()
                on:click=tap(move || console.choose_language(language))
            >
                {name}
            </button>
        }
        .into_any()
    };
    let words = console.words_untracked();
    view! {
        <div class="seg" role="group" aria-label=move || label.get()>
            {choice(Language::Ko, words.language_ko, "language-ko")}
            {choice(Language::En, words.language_en, "language-en")}
        </div>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let console = console();
    let is_dark = move || console.theme() == Theme::Dark;
    let label = move || {
        let words = console.words();
        if is_dark() {
            words.theme_to_light
        } else {
            words.theme_to_dark
        }
    };
    let flip = move || {
        let theme = if console.theme_untracked() == Theme::Dark {
            Theme::Light
        } else {
            Theme::Dark
        };
        console.choose_theme(theme);
    };
    view! {
        <button class="btn plain square" aria-label=label title=label on:click=tap(flip)>
            {live(move || {
                if is_dark() {
                    view! { <Glyph name=GlyphName::Sun /> }.into_any()
                } else {
                    view! { <Icon name=IconName::Moon /> }.into_any()
                }
            })}
        </button>
    }
}

/// Who is signed in, and the way out.
#[component]
fn SignOut() -> impl IntoView {
    let session: Session = expect_context();
    let (api, console, notices) = (api(), console(), notices());
    let leave = move || {
        spawn_local(async move {
            match api.delete(paths::SESSION).await {
                Ok(()) => session.end(),
                Err(error) => notices.failed(console.words_untracked(), &error),
            }
        });
    };
    live(move || {
        let who = session.who()?;
        let role = console.role_name(&who.role);
        let words = fill(
            console.words().signed_in_as,
            &[("name", &who.name), ("role", &role)],
        );
        let view = view! {
            <button class="btn" data-testid="sign-out" on:click=tap(leave)>
                <span class="who">{words}</span>
                <Glyph name=GlyphName::LogOut />
                <span>{console.words().sign_out}</span>
            </button>
        };
        Some(view.into_any())
    })
}
