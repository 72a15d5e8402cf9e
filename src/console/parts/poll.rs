//! Something of the server that is asked for again and again while somebody looks.
//!
//! Owns: when to ask. Must not own: what is shown meanwhile.
//! Invariant: a failure keeps what was there, and asking goes on.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use serde::de::DeserializeOwned;

use crate::console::api::ApiError;
use crate::console::state::{api, console};

/// The last answer, and why the last call failed if it did.
pub struct Polled<T: Send + Sync + 'static> {
    pub answer: RwSignal<Option<T>>,
    pub error: RwSignal<Option<ApiError>>,
    asked: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}

impl<T: DeserializeOwned + PartialEq + Send + Sync + 'static> Polled<T> {
    /// Asks at once and then in this rhythm, for as long as the owner lives.
    #[must_use]
    pub fn every(path: &'static str, rhythm: Duration) -> Self {
        Self::start(path, Some(rhythm))
    }

    /// Asks once.
    #[must_use]
    pub fn once(path: &'static str) -> Self {
        Self::start(path, None)
    }

    /// Asks now, and from now on in the rhythm.
    pub fn ask(self) {
        self.asked.update(|asked| *asked = asked.wrapping_add(1));
    }

    fn start(path: &'static str, rhythm: Option<Duration>) -> Self {
        let polled = Self {
            answer: RwSignal::new(None),
            error: RwSignal::new(None),
            asked: RwSignal::new(0),
        };
        let api = api();
        let ports = console().ports();
        // Each run ends the task of the one before.
        Effect::new(move || {
            polled.asked.track();
            let ports = ports.get();
            spawn_local_scoped_with_cancellation(async move {
                polled.take(api.get(path).await);
                let Some(rhythm) = rhythm else {
                    return;
                };
                loop {
                    ports.timer.sleep(rhythm).await;
                    if ports.desk.is_visible() {
                        polled.take(api.get(path).await);
                    }
                }
            });
        });
        polled
    }

    fn take(self, answer: Result<T, ApiError>) {
        match answer {
            Ok(answer) => {
                self.error.set(None);
                // What did not change is not drawn again.
                let is_news = self
                    .answer
                    .try_with_untracked(|old| old.as_ref() != Some(&answer));
                if is_news == Some(true) {
                    self.answer.set(Some(answer));
                }
            }
            Err(error) => self.error.set(Some(error)),
        }
    }
}
