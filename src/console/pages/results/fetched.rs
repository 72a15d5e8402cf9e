//! Something of the server that is asked for again whenever its path changes.
//!
//! Owns: the last answer. Must not own: what is shown meanwhile. Invariant: an answer to an
//! earlier path is never taken, for asking anew ends the earlier request.

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use serde::de::DeserializeOwned;

use crate::console::api::ApiError;
use crate::console::state::api;

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
        let path = Memo::new(move |_| path());
        Effect::new(move || {
            fetched.turn.track();
            let path = path.get();
            spawn_local_scoped_with_cancellation(async move {
                let answer = api.get(path).await;
                fetched.answer.set(Some(answer));
            });
        });
        fetched
    }

    /// Asks again.
    pub fn again(self) {
        self.turn.update(|turn| *turn = turn.wrapping_add(1));
    }
}
