//! The visitor's app and the console: Leptos on top of the pure logic in `kiosk_core`.
//!
//! Reading order: `app` puts the visitor's app together, `visitor` holds its screens, `console` the
//! pages of staff and organisers, `stores` the state, `dom` what the visitor's screens are built with,
//! `components` what the console reuses, `browser` all else that touches the browser, `i18n` every
//! sentence.

pub mod app;
pub mod browser;
pub mod components;
pub mod console;
pub mod dom;
pub mod i18n;
mod later;
pub mod stores;
mod tasks;
pub mod visitor;
