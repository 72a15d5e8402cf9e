//! Pure client logic: everything a tablet decides, without a browser.
//!
//! Owns: the flow of a visit, the conversations, the form, the outbox, the idle clock, Markdown, when
//! something new takes over.
//! Must not own: Leptos, the DOM, the network, a clock or randomness; `ports` says what it needs.
//! Invariant: every state machine here runs and is tested natively.
#![warn(missing_docs)]

pub mod chat;
pub mod command;
pub mod form;
pub mod idle;
pub mod json;
pub mod language;
pub mod light;
pub mod local_time;
pub mod markdown;
pub mod outbox;
pub mod ports;
pub mod race;
pub mod remote;
pub mod renewal;
pub mod staff;
pub mod testing;
pub mod typing;
pub mod visit;
