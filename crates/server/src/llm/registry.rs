//! The answers that are running, by device and request id.
//!
//! Owns: who may stop which answer, and which one gives way when a device asks for one more.
//! Must not own: the answers themselves; it only raises a flag that each of them watches.
//! Invariant: an id is listed exactly as long as its [`Registration`] lives, and that is dropped only
//! after the upstream request is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

/// The id names an answer of this device that is still running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request id is in use")]
pub struct InUse;

/// Stops one answer, or tells whether it was stopped.
#[derive(Debug, Clone)]
pub struct StopHandle(watch::Sender<bool>);

impl StopHandle {
    /// Asks the answer to stop and returns once it has let go of everything.
    pub async fn stop(&self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }

    /// Whether somebody asked it to stop.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }
}

#[derive(Debug)]
struct Entry {
    request_id: String,
    handle: StopHandle,
}

/// Oldest first within a device.
type Running = Mutex<HashMap<String, Vec<Entry>>>;

/// All running answers.
#[derive(Debug)]
pub struct Registry {
    per_device: usize,
    running: Arc<Running>,
}

/// What a new answer gets.
#[derive(Debug)]
pub struct Registered {
    /// Its own place in the list.
    pub registration: Registration,
    /// Answers of the same device that have to give way first.
    pub displaced: Vec<StopHandle>,
}

/// A running answer's place in the list; dropping it ends the answer for everybody.
#[derive(Debug)]
pub struct Registration {
    device: String,
    request_id: String,
    stopped: watch::Receiver<bool>,
    handle: StopHandle,
    running: Arc<Running>,
}

impl Registry {
    /// A device may have `per_device` answers at a time, at least one.
    pub fn new(per_device: u32) -> Self {
        let per_device = usize::try_from(per_device).unwrap_or(usize::MAX).max(1);
        Self {
            per_device,
            running: Arc::default(),
        }
    }

    /// Lists a new answer. The oldest ones beyond the device's share are asked to stop at once.
    pub fn register(&self, device: &str, request_id: &str) -> Result<Registered, InUse> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = running.entry(device.to_owned()).or_default();
        if entries.iter().any(|entry| entry.request_id == request_id) {
            return Err(InUse);
        }
        let surplus = (entries.len() + 1).saturating_sub(self.per_device);
        let displaced: Vec<StopHandle> = entries
            .iter()
            .take(surplus)
            .map(|entry| entry.handle.clone())
            .collect();
        for handle in &displaced {
            handle.0.send_replace(true);
        }
        let (sender, stopped) = watch::channel(false);
        let handle = StopHandle(sender);
        entries.push(Entry {
            request_id: request_id.to_owned(),
            handle: handle.clone(),
        });
        let registration = Registration {
            device: device.to_owned(),
            request_id: request_id.to_owned(),
            stopped,
            handle,
            running: Arc::clone(&self.running),
        };
        Ok(Registered {
            registration,
            displaced,
        })
    }

    /// The handle of this device's answer with this id, if it is running.
    pub fn find(&self, device: &str, request_id: &str) -> Option<StopHandle> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = running
            .get(device)?
            .iter()
            .find(|entry| entry.request_id == request_id)?;
        Some(entry.handle.clone())
    }
}

impl Registration {
    /// Returns once somebody asks this answer to stop.
    pub async fn stopped(&mut self) {
        // The sender lives in `self`, so waiting can only end by the flag.
        self.stopped.wait_for(|stopped| *stopped).await.ok();
    }

    /// Tells later whether this answer was stopped.
    pub fn handle(&self) -> StopHandle {
        self.handle.clone()
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entries) = running.get_mut(&self.device) else {
            return;
        };
        entries.retain(|entry| entry.request_id != self.request_id);
        if entries.is_empty() {
            running.remove(&self.device);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn one_more_asks_the_oldest_to_stop() {
        let registry = Registry::new(2);
        let mut first = registry.register("tablet", "1").unwrap();
        let second = registry.register("tablet", "2").unwrap();
        assert!(second.displaced.is_empty());
        let third = registry.register("tablet", "3").unwrap();
        assert_eq!(third.displaced.len(), 1);
        first.registration.stopped().await;
        assert!(!second.registration.handle().is_stopped());
        assert!(
            registry
                .register("other", "4")
                .unwrap()
                .displaced
                .is_empty()
        );
    }

    #[test]
    fn an_id_is_free_again_after_its_answer_and_for_other_devices() {
        let registry = Registry::new(5);
        let first = registry.register("tablet", "1").unwrap();
        assert_eq!(registry.register("tablet", "1").err(), Some(InUse));
        assert!(registry.register("other", "1").is_ok());
        drop(first);
        assert!(registry.register("tablet", "1").is_ok());
    }

    #[test]
    fn only_running_answers_of_the_same_device_are_found() {
        let registry = Registry::new(1);
        let first = registry.register("tablet", "1").unwrap();
        assert!(registry.find("other", "1").is_none());
        assert!(registry.find("tablet", "2").is_none());
        assert!(registry.find("tablet", "1").is_some());
        drop(first);
        assert!(registry.find("tablet", "1").is_none());
        assert!(registry.running.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_returns_only_when_the_answer_has_let_go() {
        let registry = Registry::new(1);
        let mut registered = registry.register("tablet", "1").unwrap();
        let handle = registry.find("tablet", "1").unwrap();
        let answer = tokio::spawn(async move {
            registered.registration.stopped().await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        });
        let asked = tokio::time::Instant::now();
        handle.stop().await;
        assert_eq!(asked.elapsed(), Duration::from_millis(300));
        answer.await.unwrap();
    }
}
