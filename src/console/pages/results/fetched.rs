//! Something of the server that is asked for again whenever its path changes, and when the server
//! was away or could not do it.
//!
//! Owns: the last answer. Must not own: what is shown meanwhile. Invariant: an answer to an
//! earlier path is never taken, for asking anew ends the earlier request.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use serde::de::DeserializeOwned;

use crate::console::api::ApiError;
use crate::console::state::{api, console};

/// The last answer; `None` before the first.
pub struct Fetched<T: Send + Sync + 'static> {
    pub answer: RwSignal<Option<Result<T, ApiError>>>,
    turn: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Fetched<T> {}

impl<T: DeserializeOwned + Send + Sync + 'static> Fetched<T> {
    /// Asks now, and whenever the path changes.
    #[must_use]
    pub fn from(path: impl Fn() -> String + Send + Sync + 'static) -> Self {
        let fetched = Self {
            answer: RwSignal::new(None),
            turn: RwSignal::new(0),
        };
        let api = api();
        let ports = console().ports();
        let path = Memo::new(move |_| path());
        Effect::new(move || {
            fetched.turn.track();
            api.returns();
            let path = path.get();
            let timer = ports.get().timer.clone();
            spawn_local_scoped_with_cancellation(async move {
                while let Some(pause) = fetched.take(api.get(path.clone()).await) {
                    timer.sleep(pause).await;
                }
            });
        });
        fetched
    }

    /// Answers after how long it is worth asking again, should it have failed.
    fn take(self, answer: Result<T, ApiError>) -> Option<Duration> {
        let error = answer.as_ref().err();
        let pause = error.and_then(ApiError::passes_after);
        // The same failure again is not drawn, and read out, again.
        let is_known = self.answer.try_with_untracked(|old| {
            let old = old.as_ref().and_then(|old| old.as_ref().err());
            error.is_some() && old == error
        });
        if is_known == Some(false) {
            self.answer.set(Some(answer));
        }
        pause
    }

    /// Asks again.
    pub fn again(self) {
        // Should it fail again, it is told again.
        if self
            .answer
            .with_untracked(|answer| matches!(answer, Some(Err(_))))
        {
            self.answer.set(None);
        }
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
    }
}
