//! Who did what: the lines organisers read under `GET /api/audit`.
//!
//! Owns: the actions that are told, and how whoever did them is named.
//! Must not own: the actions themselves, or where the lines are kept.
//! Invariant: a line is committed with its action or before it, so that nothing is done untold; it
//! never holds a secret or a visitor's text.

use jiff::Timestamp;

use crate::{
    error::ApiFailure,
    state::AppState,
    storage::{AuditRecord, SessionRecord},
};

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A tablet registered.
    DevicePair,
    /// A tablet's token was taken away.
    DeviceRevoke,
    /// A tablet, or all, were told to begin anew.
    DeviceReset,
    /// A team was opened or closed.
    TeamState,
    /// Feedback was downloaded.
    FeedbackExport,
    /// A rescue file was taken in.
    FeedbackImport,
    /// A visit's entries were erased.
    FeedbackErase,
    /// Entries were erased because their time was over.
    FeedbackExpire,
    /// Somebody signed in.
    SessionStart,
    /// Somebody was given access.
    PeopleMake,
    /// Somebody lost it.
    PeopleRemove,
}

impl Action {
    /// As it is kept and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::DevicePair => "device.pair",
            Self::DeviceRevoke => "device.revoke",
            Self::DeviceReset => "device.reset",
            Self::TeamState => "team.state",
            Self::FeedbackExport => "feedback.export",
            Self::FeedbackImport => "feedback.import",
            Self::FeedbackErase => "feedback.erase",
            Self::FeedbackExpire => "feedback.expire",
            Self::SessionStart => "session.start",
            Self::PeopleMake => "people.make",
            Self::PeopleRemove => "people.remove",
        }
    }
}

/// Tells that somebody who is signed in is about to do this to `target`. Where the line cannot be
/// kept, the action must not happen.
pub async fn note(
    state: &AppState,
    session: &SessionRecord,
    action: Action,
    target: &str,
) -> Result<(), ApiFailure> {
    let record = record(state, session, action, target);
    Ok(state.storage.add_audit(record).await?)
}

/// The line of somebody who is signed in, for a method of the storage that keeps both together.
pub fn record(
    state: &AppState,
    session: &SessionRecord,
    action: Action,
    target: &str,
) -> AuditRecord {
    let who = format!("{} ({})", session.name, session.role);
    line(state, who, action, target)
}

/// The line of a tablet that registers.
pub fn pairing(state: &AppState, device: &str) -> AuditRecord {
    line(
        state,
        format!("device {device}"),
        Action::DevicePair,
        device,
    )
}

/// The line of entries whose time is over.
pub fn expiry(state: &AppState, entries: u64, before: Timestamp) -> AuditRecord {
    let target = format!("{entries} entries before {before}");
    line(state, "server".to_owned(), Action::FeedbackExpire, &target)
}

fn line(state: &AppState, who: String, action: Action, target: &str) -> AuditRecord {
    AuditRecord {
        at: state.clock.now(),
        who,
        action: action.code().to_owned(),
        target: target.to_owned(),
    }
}
