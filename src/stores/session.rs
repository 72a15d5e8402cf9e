//! Which visit it is. Changing it drops everything of the visit before, by ownership.

use kiosk_core::visit::Home;
use leptos::prelude::*;

/// One visit's place in the day; a new one mounts a new scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionKey {
    /// Counts up; two visits never share it.
    pub number: u64,
    /// Where the visit begins.
    pub start: Home,
}

#[derive(Clone, Copy)]
pub struct SessionStore {
    current: RwSignal<SessionKey>,
    home: StoredValue<Home>,
}

impl SessionStore {
    #[must_use]
    pub fn new(home: Home) -> Self {
        let first = SessionKey {
            number: 0,
            start: home.clone(),
        };
        Self {
            current: RwSignal::new(first),
            home: StoredValue::new(home),
        }
    }

    /// The visit that is on; tracked.
    #[must_use]
    pub fn current(self) -> SessionKey {
        self.current.get()
    }

    /// Where this tablet stands between visits.
    #[must_use]
    pub fn home(self) -> Home {
        self.home.get_value()
    }

    /// Drops the visit and begins the next one.
    pub fn begin(self, start: Home) {
        self.current.update(|key| {
            *key = SessionKey {
                number: key.number + 1,
                start,
            }
        });
    }
}
