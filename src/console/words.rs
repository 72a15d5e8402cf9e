//! Every visible sentence of the console, generated from `locales/console.*.toml` at build time.

use kiosk_wire::event::Language;

include!(concat!(env!("OUT_DIR"), "/console_messages.rs"));

/// Picks one sentence.
pub type Words = fn(&ConsoleMessages) -> &'static str;

/// The sentences of a language.
#[must_use]
pub fn console_messages(language: Language) -> &'static ConsoleMessages {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}
