//! How the rest of the app wakes the delivery.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// Why there may be something to do, the more urgent the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wake {
    /// An entry was saved; a wait for the server goes on all the same.
    Saved,
    /// The server is in reach again; a wait for it is over.
    Online,
    /// This tablet was registered; sending may go on after a 401.
    Registered,
}

/// A bell with one listener. A ring while nobody listens is kept, so none is missed.
#[derive(Debug, Clone, Default)]
pub struct Bell {
    inner: Rc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rung: Cell<Option<Wake>>,
    listener: RefCell<Option<Waker>>,
}

impl Bell {
    /// Rings; the most urgent ring since the last one heard counts.
    pub fn ring(&self, wake: Wake) {
        self.inner.rung.set(self.inner.rung.get().max(Some(wake)));
        if let Some(waker) = self.inner.listener.take() {
            waker.wake();
        }
    }

    /// Resolves with a ring that is at least this urgent; lesser ones are kept for later.
    pub async fn heard(&self, at_least: Wake) -> Wake {
        poll_fn(|context| match self.inner.rung.get() {
            Some(wake) if wake >= at_least => {
                self.inner.rung.set(None);
                Poll::Ready(wake)
            }
            _ => {
                self.inner.listener.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::poll_once;

    #[test]
    fn a_ring_before_listening_is_heard() {
        let bell = Bell::default();
        bell.ring(Wake::Saved);
        assert_eq!(poll_once(bell.heard(Wake::Saved)), Some(Wake::Saved));
        assert_eq!(poll_once(bell.heard(Wake::Saved)), None);
    }

    #[test]
    fn the_most_urgent_ring_counts_and_lesser_ones_are_kept() {
        let bell = Bell::default();
        bell.ring(Wake::Saved);
        assert_eq!(poll_once(bell.heard(Wake::Online)), None);
        bell.ring(Wake::Online);
        bell.ring(Wake::Saved);
        assert_eq!(poll_once(bell.heard(Wake::Saved)), Some(Wake::Online));
        bell.ring(Wake::Saved);
        assert_eq!(poll_once(bell.heard(Wake::Registered)), None);
        assert_eq!(poll_once(bell.heard(Wake::Saved)), Some(Wake::Saved));
    }
}
