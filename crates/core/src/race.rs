//! Waiting for whichever comes first.

use std::{future::poll_fn, task::Poll};

use crate::ports::LocalFuture;

/// Which of two futures was first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First<A, B> {
    /// The one named first; also if both were ready.
    Left(A),
    /// The other one.
    Right(B),
}

/// Resolves with the first of the two; the other one is dropped.
pub async fn first<A, B>(
    mut left: LocalFuture<'_, A>,
    mut right: LocalFuture<'_, B>,
) -> First<A, B> {
    poll_fn(|context| match left.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(First::Left(value)),
        Poll::Pending => right.as_mut().poll(context).map(First::Right),
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::testing::block_on;

    #[test]
    fn the_first_one_counts() {
        let won = block_on(first(Box::pin(pending::<()>()), Box::pin(ready(2))));
        assert_eq!(won, First::Right(2));
        let won = block_on(first(Box::pin(ready(1)), Box::pin(ready(2))));
        assert_eq!(won, First::Left(1));
    }
}
