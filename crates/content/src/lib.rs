//! Reads and checks an event folder: the event, its teams, the survey, the notice and the rules of what is
//! not talked about, as data.
//!
//! Owns: the shape of the files under `content/` and every check on them.
//! Must not own: the file system; callers hand over names and texts.
//! Invariant: what it returns can be shown, or there is an error that names file and line.
#![warn(missing_docs)]

mod check;
mod error;
mod folder;
mod moderation;
mod notice;
mod shape;
mod survey;
mod team;

use std::collections::BTreeMap;

use kiosk_wire::event::Event;

pub use error::{ContentError, Problem};
pub use folder::{load, load_with_rules};
pub use moderation::{DEFAULT_RULES, MAX_PHRASE_CHARS, Rule};
pub use notice::fill_notice;

/// An event folder that can be served.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// The public part. `limits`, `build`, and `privacy_notice.{controller, contact, retention_days,
    /// recipients}` are filled in by the server.
    pub event: Event,
    /// System prompts by team id and demo id; never sent to a tablet.
    pub system_prompts: BTreeMap<(String, String), String>,
    /// What is neither asked nor answered, in the order it is written; never sent to a tablet.
    pub rules: Vec<Rule>,
}
