//! Which visit it is. Changing it drops everything of the visit before, by ownership.

use kiosk_core::visit::{Home, VisitEvent};
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
    /// The visit that is mounted, with its number.
    visit: StoredValue<Option<(u64, Callback<VisitEvent>)>>,
    /// The visit that somebody has begun, by its number.
    started: StoredValue<Option<u64>>,
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
            visit: StoredValue::new(None),
            started: StoredValue::new(None),
        }
    }

    /// The visit that is on; tracked.
    #[must_use]
    pub fn current(self) -> SessionKey {
        self.current.get()
    }

    /// The number of the visit that is on, for whoever is not on screen.
    #[must_use]
    pub fn number(self) -> u64 {
        self.current.with_untracked(|key| key.number)
    }

    /// Somebody has begun the visit that is on.
    pub fn note_started(self) {
        self.started.set_value(Some(self.number()));
    }

    /// Whether somebody has begun the visit that is on.
    #[must_use]
    pub fn is_started(self) -> bool {
        self.started.get_value() == Some(self.number())
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

    /// Where the first visit begins, told before it does.
    pub fn settle(self, home: Home) {
        self.home.set_value(home.clone());
        self.current.update(|key| key.start = home);
    }

    /// From now on the tablet stands there between visits.
    pub fn move_home(self, home: Home) {
        let before = self.home.get_value();
        self.home.set_value(home.clone());
        if self.visit().is_some() {
            self.tell(VisitEvent::AssignHome(home));
        } else {
            // A visit that was begun and is not mounted yet: it begins at the new place.
            self.current.update(|key| {
                if key.start == before {
                    key.start = home;
                }
            });
        }
    }

    /// Begins anew for something new that waits; `false` if somebody is there.
    pub fn renew(self) -> bool {
        let before = self.number();
        self.tell(VisitEvent::Renew);
        self.number() != before
    }

    /// The visit that is on, for [`Self::tell`].
    pub fn attend(self, visit: Callback<VisitEvent>) {
        self.visit.set_value(Some((self.number(), visit)));
    }

    /// Tells the visit that is on, if there is one, what comes from outside of it.
    pub fn tell(self, event: VisitEvent) {
        if let Some(visit) = self.visit() {
            // The visit may have been dropped; then nobody is left to be told.
            visit.try_run(event);
        }
    }

    fn visit(self) -> Option<Callback<VisitEvent>> {
        let (number, visit) = self.visit.get_value()?;
        (number == self.number()).then_some(visit)
    }
}
