//! The smallest executor: fakes are ready at once, or wait for the test itself.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Far more than any fake needs; a future that waits for the test would never end.
const MAX_POLLS: usize = 10_000;

/// Polls once: the value, or none if the future still waits.
pub fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Polls to the end.
///
/// # Panics
///
/// If the future waits for something that nobody will do.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut polls = 0;
    loop {
        if let Some(value) = poll_once(future.as_mut()) {
            return value;
        }
        polls += 1;
        assert!(
            polls < MAX_POLLS,
            "the future waits for something that nobody will do"
        );
    }
}

/// Runs futures side by side and returns their values in the order given.
pub async fn join_all<T>(futures: impl IntoIterator<Item: Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut values: Vec<Option<T>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, value) in running.iter_mut().zip(&mut values) {
            if value.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *value = Some(ready);
            }
        }
        if values.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(values.iter_mut().filter_map(Option::take).collect())
    })
    .await
}
