//! The visitor's app: Leptos on top of the pure logic in `kiosk_core`.
//!
//! Reading order: `app` puts everything together, `visitor` holds the screens, `stores` the state,
//! `components` what is reusable, `browser` all that touches the browser, `i18n` every sentence.

pub mod app;
pub mod browser;
pub mod components;
pub mod i18n;
pub mod stores;
pub mod visitor;
