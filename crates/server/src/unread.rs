//! Bodies of requests that are answered before they were read.
//!
//! Invariant: a refusal does not cost the connection. One with an unread body is closed behind the answer,
//! and a client that is still sending, or sends its next request on it, sees it break instead.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use futures_util::{Stream, StreamExt};
use tokio::{runtime::Handle, time::timeout};

/// What nobody wants is read and thrown away up to here, and for so long.
const MOST: usize = 16 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(30);

/// The same body; what is left of it when it is let go of is read to its end.
pub(crate) fn read_to_its_end(body: Body) -> Body {
    if body.is_end_stream() {
        return body;
    }
    Body::from_stream(Unread(Some(body.into_data_stream())))
}

/// `None` at the end.
struct Unread(Option<BodyDataStream>);

impl Stream for Unread {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(stream) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let part = stream.poll_next_unpin(context);
        if matches!(part, Poll::Ready(None | Some(Err(_)))) {
            self.0 = None;
        }
        part
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let rest = self.0.take().filter(|rest| !rest.is_end_stream());
        // Beside the answer, which need not wait for it.
        if let (Some(rest), Ok(runtime)) = (rest, Handle::try_current()) {
            runtime.spawn(timeout(LONGEST, throw_away(rest)));
        }
    }
}

async fn throw_away(mut rest: BodyDataStream) {
    let mut read = 0;
    while read < MOST
        && let Some(Ok(part)) = rest.next().await
    {
        read += part.len();
    }
}
