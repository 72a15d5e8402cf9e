//! When something new takes over: a build of the app, or a changed event.
//!
//! Owns: how often it is looked for, and in which order it is taken. Must not own: whether somebody is
//! at the tablet ([`crate::visit`] and [`crate::staff`] know), or how a build is put away.
//! Invariant: nothing is loaded again unless a build has taken over, so that no failure makes a loop.

/// How often new things are looked for while the server is in reach; a server that comes back may
/// have been replaced, so then at once.
const LOOK_MILLIS: u64 = 600_000;

/// What waits to take over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct News {
    /// A build of the app is on the tablet, whole.
    pub build: bool,
    /// The server tells of another event than the one that is shown.
    pub event: bool,
}

/// What is to be done once nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Let the waiting build answer the next load.
    TakeBuild,
    /// Load the app again: a new build has taken over.
    Reload,
    /// Show the changed event.
    ShowEvent,
}

/// What is known of new things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewal {
    looked_ms: Option<u64>,
    was_online: bool,
    is_taken: bool,
}

impl Renewal {
    /// Whether to look for new things now; asked again and again, with the time of a clock that only
    /// moves forward. The first look is made without a server, too: a build may wait since yesterday.
    pub fn is_look_due(&mut self, now_ms: u64, is_online: bool) -> bool {
        let was_online = std::mem::replace(&mut self.was_online, is_online);
        let is_back = is_online && !was_online;
        let is_due = match self.looked_ms {
            None => true,
            Some(_) if is_back => true,
            Some(looked_ms) => is_online && now_ms.saturating_sub(looked_ms) >= LOOK_MILLIS,
        };
        if is_due {
            self.looked_ms = Some(now_ms);
        }
        is_due
    }

    /// The next step, if there is one.
    #[must_use]
    pub fn step(&self, news: News) -> Option<Step> {
        if self.is_taken {
            Some(Step::Reload)
        } else if news.build {
            Some(Step::TakeBuild)
        } else {
            news.event.then_some(Step::ShowEvent)
        }
    }

    /// The waiting build answers loads from now on.
    pub fn note_taken(&mut self) {
        self.is_taken = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_things_are_looked_for_at_first_then_now_and_then() {
        let mut renewal = Renewal::default();
        assert!(renewal.is_look_due(0, true));
        assert!(!renewal.is_look_due(LOOK_MILLIS - 1, true));
        assert!(renewal.is_look_due(LOOK_MILLIS, true));
        assert!(!renewal.is_look_due(LOOK_MILLIS + 1, true));
    }

    #[test]
    fn a_server_that_comes_back_is_asked_at_once_and_one_that_is_away_never() {
        let mut renewal = Renewal::default();
        assert!(renewal.is_look_due(0, false));
        assert!(!renewal.is_look_due(2 * LOOK_MILLIS, false));
        assert!(renewal.is_look_due(2 * LOOK_MILLIS + 1, true));
        assert!(!renewal.is_look_due(2 * LOOK_MILLIS + 2, true));
        assert!(!renewal.is_look_due(2 * LOOK_MILLIS + 3, false));
        assert!(renewal.is_look_due(2 * LOOK_MILLIS + 4, true));
    }

    #[test]
    fn a_build_comes_before_an_event_and_is_loaded_once_it_has_taken_over() {
        let mut renewal = Renewal::default();
        let news = |build, event| News { build, event };
        assert_eq!(renewal.step(news(false, false)), None);
        assert_eq!(renewal.step(news(false, true)), Some(Step::ShowEvent));
        assert_eq!(renewal.step(news(true, true)), Some(Step::TakeBuild));
        // It did not take over: nothing is loaded again.
        assert_eq!(renewal.step(news(true, true)), Some(Step::TakeBuild));
        renewal.note_taken();
        assert_eq!(renewal.step(news(false, true)), Some(Step::Reload));
    }
}
