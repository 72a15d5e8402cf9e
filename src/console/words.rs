//! Every visible sentence of the console, generated from `locales/console.*.toml` at build time.

use kiosk_wire::event::Language;

include!(concat!(env!("OUT_DIR"), "/console_messages.rs"));

/// The sentences of a language.
#[must_use]
pub fn console_messages(language: Language) -> &'static ConsoleMessages {
    match language {
        Language::Ko => &KO,
        Language::En => &EN,
    }
}
