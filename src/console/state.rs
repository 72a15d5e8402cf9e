//! What all pages of the console share: language, colours, the event, and the page around the app.
//!
//! Owns: the settings of this browser and the event's content. Must not own: what one page shows.
//! Invariant: a sentence is read through [`Console::words`], so that it changes with the language.

use std::sync::Arc;

use kiosk_core::light::hue;
use kiosk_core::local_time;
use kiosk_wire::event::{Event, Language};
use kiosk_wire::paths;
use leptos::prelude::*;

use super::api::Api;
use super::ports::Ports;
use super::session::Role;
use super::words::{ConsoleMessages, Words, console_messages};
use crate::i18n::fill;

const LANGUAGE_KEY: &str = "language";
const THEME_KEY: &str = "theme";

/// Colours of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Light,
    Dark,
}

impl Theme {
    /// Its name in `data-theme` and among the settings.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A handle to what all pages share.
#[derive(Clone, Copy)]
pub struct Console {
    ports: Ports,
    language: RwSignal<Language>,
    theme: RwSignal<Theme>,
    title: RwSignal<Words>,
    event: RwSignal<Option<Arc<Event>>>,
}

/// What all pages share.
#[must_use]
pub fn console() -> Console {
    expect_context()
}

/// The server.
#[must_use]
pub fn api() -> Api {
    expect_context()
}

/// A sentence in the chosen language, for places that take a signal.
#[must_use]
pub fn sentence(choose: Words) -> Signal<&'static str> {
    let console = console();
    Signal::derive(move || choose(console.words()))
}

impl Console {
    /// The settings of this browser, kept in step with the page around the app.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        let kept = |key| ports.get().preferences.get(key);
        let language = match kept(LANGUAGE_KEY).as_deref() {
            Some("en") => Language::En,
            _ => Language::Ko,
        };
        let theme = match kept(THEME_KEY).as_deref() {
            Some("dark") => Theme::Dark,
            _ => Theme::Light,
        };
        let console = Self {
            ports,
            language: RwSignal::new(language),
            theme: RwSignal::new(theme),
            title: RwSignal::new(|words| words.app_title),
            event: RwSignal::new(None),
        };
        Effect::new(move || {
            let words = console.words();
            let title = console.title.get();
            let page = ports.get().page.clone();
            page.set_language(console.language().code(), title(words));
            page.set_recovery(words.recovery_title, words.recovery_text);
        });
        Effect::new(move || {
            let page = ports.get().page.clone();
            page.set_appearance(console.theme().code(), "normal", false);
        });
        console
    }

    /// Loads the event, again and again until it is here.
    pub async fn load_event(self, api: Api) {
        let timer = self.ports.get().timer.clone();
        loop {
            if let Ok(event) = api.get::<Event>(paths::EVENT).await {
                self.event.set(Some(Arc::new(event)));
                return;
            }
            timer.sleep(std::time::Duration::from_secs(2)).await;
        }
    }

    #[must_use]
    pub fn ports(self) -> Ports {
        self.ports
    }

    /// Tracked.
    #[must_use]
    pub fn language(self) -> Language {
        self.language.get()
    }

    /// Tracked.
    #[must_use]
    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    #[must_use]
    pub fn theme_untracked(self) -> Theme {
        self.theme.get_untracked()
    }

    /// The sentences of the chosen language; tracked.
    #[must_use]
    pub fn words(self) -> &'static ConsoleMessages {
        console_messages(self.language.get())
    }

    /// The sentences of the chosen language, for whoever is not on screen.
    #[must_use]
    pub fn words_untracked(self) -> &'static ConsoleMessages {
        console_messages(self.language.get_untracked())
    }

    /// The event, once it is loaded; tracked.
    #[must_use]
    pub fn event(self) -> Option<Arc<Event>> {
        self.event.get()
    }

    /// A team's name in the chosen language; an unknown team's id. Tracked.
    #[must_use]
    pub fn team_name(self, id: &str) -> String {
        let language = self.language.get();
        let named = |event: &Arc<Event>| Some(event.team(id)?.name.get(language).to_owned());
        self.event
            .with(|event| event.as_ref().and_then(named))
            .unwrap_or_else(|| id.to_owned())
    }

    /// A role's code in words; a team's people with the team's name. Tracked.
    #[must_use]
    pub fn role_name(self, code: &str) -> String {
        let words = self.words();
        match Role::from_code(code) {
            Role::Staff => words.role_staff.to_owned(),
            Role::Lead => words.role_lead.to_owned(),
            Role::Organiser => words.role_organiser.to_owned(),
            Role::Team(team) => fill(words.role_team, &[("team", &self.team_name(&team))]),
        }
    }

    /// Where on the circle of hues a team's light stands; tracked.
    #[must_use]
    pub fn team_hue(self, id: &str) -> u32 {
        self.event
            .with(|event| event.as_ref().map_or(0, |event| hue(event, id)))
    }

    /// A time of the server or of a tablet, told in the event's zone; tracked.
    #[must_use]
    pub fn date_time(self, rfc3339: &str) -> String {
        self.local(rfc3339, self.words().date_time)
    }

    /// Its time of day, told in the event's zone; tracked.
    #[must_use]
    pub fn time_of_day(self, rfc3339: &str) -> String {
        self.local(rfc3339, self.words().time_of_day)
    }

    /// A time that cannot be read is shown as it was written.
    fn local(self, rfc3339: &str, pattern: &str) -> String {
        let zone = self.event.with(|event| {
            let event = event.as_ref()?;
            Some(event.time_zone.clone())
        });
        let Some(at) = local_time::parse_millis(rfc3339) else {
            return rfc3339.to_owned();
        };
        let zones = self.ports.get().zones.clone();
        let offset = zone.and_then(|zone| zones.offset_secs(&zone, at));
        local_time::write(at, offset.unwrap_or(0), pattern)
    }

    pub fn choose_language(self, language: Language) {
        self.language.set(language);
        self.keep(LANGUAGE_KEY, language.code());
    }

    pub fn choose_theme(self, theme: Theme) {
        self.theme.set(theme);
        self.keep(THEME_KEY, theme.code());
    }

    /// What the browser's tab says.
    pub fn set_title(self, choose: Words) {
        self.title.set(choose);
    }

    fn keep(self, key: &str, value: &str) {
        self.ports.get().preferences.set(key, Some(value));
    }
}
