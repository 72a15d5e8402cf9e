//! The question for the panel's code.

use kiosk_core::staff::CodeState;
use kiosk_core::staff::code::{Throttle, Verifier};
use leptos::prelude::*;

use crate::stores::{device::PANEL_VERIFIER, ports::Ports};

/// Key of preferences: wrong codes count over reloads.
const THROTTLE: &str = "panel_throttle";

#[derive(Clone, Copy)]
pub(super) struct Gate {
    state: RwSignal<CodeState>,
    ports: Ports,
}

impl Gate {
    pub(super) fn new(ports: Ports) -> Self {
        Self {
            state: RwSignal::default(),
            ports,
        }
    }

    /// Tracked.
    pub(super) fn state(self) -> CodeState {
        self.state.get()
    }

    /// Somebody comes to the gate.
    pub(super) fn open(self) {
        self.state.set(CodeState::Ready);
        self.look();
    }

    /// Time has passed.
    pub(super) fn look(self) {
        let before = self.state.get_untracked();
        if before == CodeState::Checking {
            return;
        }
        let now = self.ports.get().clock.now_millis();
        let before_now = self.throttle();
        let mut throttle = before_now;
        let secs = throttle.secs_left(now);
        if throttle != before_now {
            self.keep(throttle);
        }
        let state = if self.verifier().is_none() || !self.has_keys() {
            CodeState::Unavailable
        } else if secs > 0 {
            CodeState::Slow { secs }
        } else if before == CodeState::Wrong {
            CodeState::Wrong
        } else {
            CodeState::Ready
        };
        if state != before {
            self.state.set(state);
        }
    }

    /// Whether this is the code. None is taken while another is checked, or for a while after too
    /// many wrong ones.
    pub(super) async fn check(self, code: String) -> bool {
        self.look();
        let is_ready = matches!(
            self.state.get_untracked(),
            CodeState::Ready | CodeState::Wrong
        );
        let Some(verifier) = self.verifier().filter(|_| is_ready && !code.is_empty()) else {
            return false;
        };
        self.state.set(CodeState::Checking);
        let set = self.ports.later().await;
        let derived = set.keys.derive(code, verifier.clone()).await;
        let is_right = derived.as_ref() == Some(&verifier.hash);
        if derived.is_some() {
            self.note(is_right);
        }
        let is_wrong = derived.is_some() && !is_right;
        self.state.set(if is_wrong {
            CodeState::Wrong
        } else {
            CodeState::Ready
        });
        self.look();
        is_right
    }

    fn has_keys(self) -> bool {
        let set = self.ports.arrived();
        set.is_some_and(|set| set.keys.is_available())
    }

    fn note(self, is_right: bool) {
        let mut throttle = self.throttle();
        if is_right {
            throttle.note_right();
        } else {
            throttle.note_wrong(self.ports.get().clock.now_millis());
        }
        self.keep(throttle);
    }

    fn keep(self, throttle: Throttle) {
        let preferences = &self.ports.get().preferences;
        preferences.set(THROTTLE, Some(&throttle.to_text()));
    }

    fn throttle(self) -> Throttle {
        let kept = self.ports.get().preferences.get(THROTTLE);
        Throttle::parse(&kept.unwrap_or_default())
    }

    fn verifier(self) -> Option<Verifier> {
        Verifier::parse(&self.ports.get().preferences.get(PANEL_VERIFIER)?)
    }
}
