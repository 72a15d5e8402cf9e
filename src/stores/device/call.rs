//! The call for staff: made by a tap, heard by the server, answered by somebody on the way.

use std::time::Duration;

use leptos::prelude::*;

use crate::stores::ports::Ports;
use crate::tasks::spawn_local;

/// How long it is said that staff are on the way.
const COMING: Duration = Duration::from_mins(1);
/// Whoever is in a hurry taps more than once: for so long after calling, in milliseconds, a tap does not
/// take the call back.
const HURRY_MS: u64 = 5_000;

/// How far a call for staff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// Nobody is called.
    None,
    /// The server has not heard of it.
    Calling,
    /// The console shows it.
    Called,
    /// Staff answered a moment ago.
    Coming,
}

#[derive(Clone, Copy)]
pub(super) struct StaffCall {
    /// RFC 3339.
    since: RwSignal<Option<String>>,
    /// The call that the server has heard of, by its time.
    told: RwSignal<Option<String>>,
    is_coming: RwSignal<bool>,
    made_ms: StoredValue<u64>,
    ports: Ports,
}

impl StaffCall {
    pub(super) fn new(ports: Ports) -> Self {
        Self {
            since: RwSignal::default(),
            told: RwSignal::default(),
            is_coming: RwSignal::default(),
            made_ms: StoredValue::default(),
            ports,
        }
    }

    /// How far it is; tracked.
    pub(super) fn state(self) -> CallState {
        let since = self.since.get();
        match since {
            Some(_) if self.told.get() == since => CallState::Called,
            Some(_) => CallState::Calling,
            None if self.is_coming.get() => CallState::Coming,
            None => CallState::None,
        }
    }

    /// Since when, RFC 3339; tracked.
    pub(super) fn since(self) -> Option<String> {
        self.since.get()
    }

    /// Since when, for whoever is not on screen.
    pub(super) fn since_untracked(self) -> Option<String> {
        self.since.get_untracked()
    }

    /// The server has heard of the call that was on then, if one was.
    pub(super) fn note_told(self, since: Option<String>) {
        self.told.set(since);
    }

    /// Calls, or takes the call back; `false` for a tap that only repeats the one before.
    pub(super) fn tap(self) -> bool {
        let now_ms = self.ports.monotonic_millis();
        if self.since.get_untracked().is_none() {
            self.made_ms.set_value(now_ms);
            self.since.set(Some(self.ports.get().clock.now_rfc3339()));
        } else if now_ms < self.made_ms.get_value() + HURRY_MS {
            return false;
        } else {
            self.since.set(None);
        }
        self.is_coming.set(false);
        true
    }

    /// The call is over.
    pub(super) fn end(self) {
        self.since.set(None);
    }

    /// Somebody is on the way: the call is over, and whoever called sees why. `false` if nobody called.
    pub(super) fn answer(self) -> bool {
        if self.since.get_untracked().is_none() {
            return false;
        }
        self.end();
        self.is_coming.set(true);
        spawn_local(async move {
            self.ports.get().timer.sleep(COMING).await;
            self.is_coming.set(false);
        });
        true
    }
}
