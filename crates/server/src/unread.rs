//! Bodies of requests that are answered before they were read.
//!
//! Invariant: a refusal does not cost the connection. One with an unread body is closed behind the answer,
//! and a client that is still sending, or sends its next request on it, sees it break instead.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody},
    extract::Request,
    http::header::EXPECT,
};
use futures_util::{Stream, StreamExt};
use tokio::{runtime::Handle, time::timeout};

/// What nobody wants is read and thrown away up to here, and for so long.
const MOST: usize = 16 * 1024 * 1024;
const LONGEST: Duration = Duration::from_secs(10);

/// The same request; what is left of its body when that is let go of is read to its end.
pub(crate) fn read_to_its_end(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    // Whoever waits to be asked for the body does not send it behind a refusal.
    let is_sent = !request.headers().contains_key(EXPECT);
    request.map(|body| {
        Body::from_stream(Unread {
            rest: Some(body.into_data_stream()),
            is_sent,
        })
    })
}

struct Unread {
    /// `None` at the end.
    rest: Option<BodyDataStream>,
    /// Whatever is answered: a client that waits to be asked sends it once somebody reads.
    is_sent: bool,
}

impl Stream for Unread {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.is_sent = true;
        let Some(rest) = &mut self.rest else {
            return Poll::Ready(None);
        };
        let part = rest.poll_next_unpin(context);
        if matches!(part, Poll::Ready(None | Some(Err(_)))) {
            self.rest = None;
        }
        part
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let rest = self.rest.take();
        let rest = rest.filter(|rest| self.is_sent && !rest.is_end_stream());
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
