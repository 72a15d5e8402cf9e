//! The visitor's app and the console: Leptos on top of the pure logic in `kiosk_core`.
//!
//! Reading order: `app` puts the visitor's app together, `visitor` holds its screens, `console` the
//! pages of staff and organisers, `stores` the state, `components` what is reusable, `browser` all
//! that touches the browser, `i18n` every sentence.

pub mod app;
pub mod browser;
pub mod components;
pub mod console;
pub mod i18n;
pub mod stores;
pub mod visitor;
