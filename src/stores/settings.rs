//! What a visitor chose for reading: language, size, colours. It dies with the visit.

use kiosk_core::idle::MORE_TIME;
use kiosk_wire::event::Language;
use leptos::prelude::*;

use super::ports::Ports;
use crate::i18n::{FirstMessages, Messages, first_messages, messages};
use crate::tasks::effect;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextSize {
    #[default]
    Normal,
    Large,
    Largest,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Dark,
    Light,
    Contrast,
}

#[derive(Clone, Copy)]
pub struct SettingsStore {
    language: RwSignal<Language>,
    size: RwSignal<TextSize>,
    theme: RwSignal<Theme>,
    is_low: RwSignal<bool>,
    has_more_time: RwSignal<bool>,
}

impl SettingsStore {
    /// The usual settings, kept in step with the page around the app.
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        let store = Self {
            language: RwSignal::default(),
            size: RwSignal::default(),
            theme: RwSignal::default(),
            is_low: RwSignal::default(),
            has_more_time: RwSignal::default(),
        };
        effect(move || {
            let words = store.first_words();
            let page = ports.get().page.clone();
            page.set_language(store.language().code(), words.app_title);
            page.set_recovery(words.recovery_title, words.recovery_text);
        });
        effect(move || {
            let theme = match store.theme() {
                Theme::Dark => "dark",
                Theme::Light => "light",
                Theme::Contrast => "contrast",
            };
            let size = match store.size() {
                TextSize::Normal => "normal",
                TextSize::Large => "large",
                TextSize::Largest => "largest",
            };
            let is_low = store.is_low();
            ports.get().page.set_appearance(theme, size, is_low);
        });
        store
    }

    #[must_use]
    pub fn language(self) -> Language {
        self.language.get()
    }

    /// The chosen language, for whoever is not on screen.
    #[must_use]
    pub fn language_untracked(self) -> Language {
        self.language.try_get_untracked().unwrap_or_default()
    }

    #[must_use]
    pub fn size(self) -> TextSize {
        self.size.get()
    }

    #[must_use]
    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Whether every control stands in the lower half of the screen; tracked.
    #[must_use]
    pub fn is_low(self) -> bool {
        self.is_low.get()
    }

    /// Whether the visitor asked for more time; tracked.
    #[must_use]
    pub fn has_more_time(self) -> bool {
        self.has_more_time.get()
    }

    /// The same, for the clock.
    #[must_use]
    pub fn wants_more_time(self) -> bool {
        self.has_more_time.try_get_untracked().unwrap_or_default()
    }

    /// How many times as long something waits for the visitor.
    #[must_use]
    pub fn patience(self) -> u32 {
        if self.wants_more_time() { MORE_TIME } else { 1 }
    }

    /// What the first screen says in the chosen language; tracked.
    #[must_use]
    pub fn first_words(self) -> &'static FirstMessages {
        first_messages(self.language.get())
    }

    /// The sentences of the chosen language; tracked.
    #[must_use]
    pub fn words(self) -> &'static Messages {
        messages(self.language.get())
    }

    /// The sentences of the chosen language, for whoever is not on screen.
    #[must_use]
    pub fn words_untracked(self) -> &'static Messages {
        messages(self.language_untracked())
    }

    pub fn choose_language(self, language: Language) {
        self.language.set(language);
    }

    pub fn choose_size(self, size: TextSize) {
        self.size.set(size);
    }

    pub fn choose_theme(self, theme: Theme) {
        self.theme.set(theme);
    }

    /// Moves the controls into reach, or back.
    pub fn toggle_low(self) {
        self.is_low.update(|on| *on = !*on);
    }

    /// Gives more time, or as much as usual.
    pub fn toggle_more_time(self) {
        self.has_more_time.update(|on| *on = !*on);
    }
}
