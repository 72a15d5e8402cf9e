//! What staff do on a tablet: the panel's code, the pre-flight list, the rescue file, the day's end.
//!
//! Owns: the words of the panel's states and the rules behind them. Must not own: cryptography, the
//! browser's facts, files; ports bring them.
//! Invariant: wrong codes only slow the panel down; a visitor's way is never changed by them.

pub mod clock;
pub mod code;
pub mod hotspot;
pub mod preflight;
pub mod rescue;

pub use code::CodeState;
pub use preflight::{Check, CheckDetail, CheckState, Preflight};
pub use rescue::{EndOfDay, RescueState};

use crate::remote::RemoteError;

/// What the whole screen is for now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// The visit.
    #[default]
    Visitor,
    /// The panel asks for its code.
    Code,
    /// The panel is open.
    Panel,
    /// Closed to visitors until staff unlock it.
    Locked,
    /// Not known to the server: asks for a pairing code.
    Setup,
}

impl Mode {
    /// The value of `data-screen`; none for a visit, whose screens have their own.
    #[must_use]
    pub fn screen(self) -> Option<&'static str> {
        match self {
            Self::Visitor => None,
            Self::Code | Self::Panel => Some("staff"),
            Self::Locked => Some("locked"),
            Self::Setup => Some("setup"),
        }
    }
}

/// Longest time without a touch after which nobody is believed to be at the staff's screens.
pub const UNTOUCHED_MILLIS: u64 = 60_000;

impl Mode {
    /// Whether staff would lose nothing if the app began anew: they have nothing open, and typed no
    /// pairing code within the last minute.
    #[must_use]
    pub fn may_begin_anew(self, untouched_ms: u64) -> bool {
        match self {
            Self::Visitor | Self::Locked => true,
            Self::Setup => untouched_ms >= UNTOUCHED_MILLIS,
            Self::Code | Self::Panel => false,
        }
    }
}

/// How pairing goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PairState {
    /// Waits for a code.
    #[default]
    Asking,
    /// The server is asked.
    Checking,
    /// Wrong, used, or older than ten minutes.
    WrongCode,
    /// Too many wrong codes came from here.
    TooMany {
        /// How long to wait.
        secs: u32,
    },
    /// No answer.
    Unreachable,
}

impl PairState {
    /// Whether a code may be sent now.
    #[must_use]
    pub fn takes_code(self) -> bool {
        match self {
            Self::Asking | Self::WrongCode | Self::Unreachable => true,
            Self::Checking | Self::TooMany { .. } => false,
        }
    }
}

impl From<RemoteError> for PairState {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::TooMany { secs } => Self::TooMany { secs },
            // A server in trouble is no reason to doubt the code.
            RemoteError::Refused { status } if status < 500 => Self::WrongCode,
            RemoteError::Refused { .. } | RemoteError::Unauthorized | RemoteError::Unreachable => {
                Self::Unreachable
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_code_is_wrong_and_a_server_in_trouble_is_out_of_reach() {
        for (error, state) in [
            (RemoteError::Refused { status: 403 }, PairState::WrongCode),
            (RemoteError::Refused { status: 400 }, PairState::WrongCode),
            (RemoteError::Refused { status: 503 }, PairState::Unreachable),
            (RemoteError::Unreachable, PairState::Unreachable),
            (
                RemoteError::TooMany { secs: 7 },
                PairState::TooMany { secs: 7 },
            ),
        ] {
            assert_eq!(PairState::from(error), state);
        }
    }

    #[test]
    fn staff_are_not_interrupted() {
        for (mode, at_once, later) in [
            (Mode::Visitor, true, true),
            (Mode::Locked, true, true),
            (Mode::Setup, false, true),
            (Mode::Code, false, false),
            (Mode::Panel, false, false),
        ] {
            assert_eq!(mode.may_begin_anew(0), at_once, "{mode:?}");
            assert_eq!(mode.may_begin_anew(UNTOUCHED_MILLIS), later, "{mode:?}");
        }
    }

    #[test]
    fn no_code_is_sent_while_one_is_checked_or_counted_down() {
        for (state, takes) in [
            (PairState::Asking, true),
            (PairState::WrongCode, true),
            (PairState::Unreachable, true),
            (PairState::Checking, false),
            (PairState::TooMany { secs: 1 }, false),
        ] {
            assert_eq!(state.takes_code(), takes, "{state:?}");
        }
    }

    #[test]
    fn only_a_visit_has_screens_of_its_own() {
        assert_eq!(Mode::Visitor.screen(), None);
        assert_eq!(Mode::Panel.screen(), Mode::Code.screen());
    }
}
