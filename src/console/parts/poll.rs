//! Something of the server that is asked for again and again while somebody looks.
//!
//! Owns: when to ask. Must not own: what is shown meanwhile.
//! Invariant: a failure keeps what was there, and asking goes on; what was asked for once is asked
//! for again once the server is back.

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

    /// Asks until there is an answer, and again when the server comes back.
    #[must_use]
    pub fn once(path: &'static str) -> Self {
        Self::start(path, None)
    }

    /// Asks now, and from now on in the rhythm.
    pub fn ask(self) {
        // Should it fail again, it is told again.
        self.error.set(None);
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
            if rhythm.is_none() {
                api.returns();
            }
            let ports = ports.get();
            spawn_local_scoped_with_cancellation(async move {
                let mut pause = polled.take(api.get(path).await);
                while let Some(pause_now) = rhythm.or(pause) {
                    ports.timer.sleep(pause_now).await;
                    if ports.desk.is_visible() {
                        pause = polled.take(api.get(path).await);
                    }
                }
            });
        });
        polled
    }

    /// Answers after how long it is worth asking again, should it have failed.
    fn take(self, answer: Result<T, ApiError>) -> Option<Duration> {
        match answer {
            Ok(answer) => {
                self.error.set(None);
                renew(self.answer, answer);
                None
            }
            Err(error) => {
                let pause = error.passes_after();
                renew(self.error, error);
                pause
            }
        }
    }
}

/// Takes what is news; what did not change is neither drawn nor read out again.
fn renew<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<Option<T>>, value: T) {
    let is_news = signal.try_with_untracked(|old| old.as_ref() != Some(&value));
    if is_news == Some(true) {
        signal.set(Some(value));
    }
}
