//! Wakes the streams that carry commands to tablets.
//!
//! Owns: telling them that something has changed, and that the server stops.
//! Must not own: what has changed; whoever is woken reads that from the database.
//! Invariant: whoever listens before reading misses nothing.

use tokio::sync::watch;

/// Rings for everybody who listens.
#[derive(Debug)]
pub struct Bell(watch::Sender<bool>);

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener(watch::Receiver<bool>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Bell {
    /// Something has changed: look again.
    pub fn ring(&self) {
        self.0.send_modify(|_| ());
    }

    /// The server stops: let go. Whoever listens from now on hears it too.
    pub fn close(&self) {
        self.0.send_replace(true);
    }

    /// Listens from now on.
    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

impl Listener {
    /// Waits until the bell rings after the last time this returned.
    pub async fn rung(&mut self) {
        // A bell that is gone means that the server is, which is no reason to look again at once.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the server stops.
    pub fn is_closed(&self) -> bool {
        *self.0.borrow()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_ring_before_waiting_is_heard_once() {
        let bell = Bell::default();
        let mut listener = bell.listen();
        assert_eq!(listener.rung().now_or_never(), None);
        bell.ring();
        bell.ring();
        assert_eq!(listener.rung().now_or_never(), Some(()));
        assert_eq!(listener.rung().now_or_never(), None);
        assert!(!listener.is_closed());
    }

    #[test]
    fn closing_is_heard_by_those_who_come_later() {
        let bell = Bell::default();
        let mut listener = bell.listen();
        bell.close();
        assert_eq!(listener.rung().now_or_never(), Some(()));
        assert!(listener.is_closed() && bell.listen().is_closed());
    }
}
