//! HTTP by fetch: the server's endpoints, feedback delivery, and answers as they stream in.

pub mod chat;
pub mod plain;
mod stream;

use std::{cell::RefCell, rc::Rc, time::Duration};

use gloo_net::http::{Request, RequestBuilder, Response};
use kiosk_core::json::{self, FromJson};
use kiosk_core::outbox::read_answer;
use kiosk_core::ports::{FeedbackTransport, LocalFuture, TransportError};
use kiosk_core::remote::{EventSource, EventText, KioskServer, OnBytes, RemoteError, read_refusal};
use kiosk_wire::device::{Heartbeat, HeartbeatAnswer, RegisterDevice, RegisteredDevice};
use kiosk_wire::feedback::{Batch, Receipts};
use kiosk_wire::paths;
use web_sys::{AbortController, AbortSignal, RequestRedirect};

pub use chat::FetchChat;
use stream::{AbortOnDrop, ByteStream};

/// The token all adapters send.
pub type Token = Rc<RefCell<Option<String>>>;

/// How long an answer may take to come in whole. A browser would wait for ever.
const LONGEST_MILLIS: u32 = 20_000;

/// The kiosk server over fetch.
pub struct FetchServer {
    token: Token,
}

impl FetchServer {
    #[must_use]
    pub fn new(token: Token) -> Self {
        Self { token }
    }

    async fn post<T: FromJson>(
        &self,
        path: &str,
        body: serde_json::Result<String>,
    ) -> Result<T, RemoteError> {
        understand(
            send(with_json(
                timely(authorized(Request::post(path), &self.token)),
                body,
            ))
            .await,
        )
    }
}

fn authorized(request: RequestBuilder, token: &Token) -> RequestBuilder {
    match &*token.borrow() {
        Some(token) => request.header("authorization", &format!("Bearer {token}")),
        None => request,
    }
}

fn timely(request: RequestBuilder) -> RequestBuilder {
    let end = AbortSignal::timeout_with_u32(LONGEST_MILLIS);
    request.abort_signal(Some(&end))
}

// Every shape of body and answer shares the code below: what differs is text by then.

fn with_json(request: RequestBuilder, body: serde_json::Result<String>) -> Option<Request> {
    request
        .header("content-type", "application/json")
        .body(body.ok()?)
        .ok()
}

/// What came back, whatever it means.
struct Reply {
    status: u16,
    retry_after: Option<String>,
    body: String,
}

/// Sends; `None` if there is no connection, or it broke.
async fn send(request: Option<Request>) -> Option<Reply> {
    read(&request?.send().await.ok()?).await
}

async fn read(response: &Response) -> Option<Reply> {
    Some(Reply {
        status: response.status(),
        retry_after: response.headers().get("retry-after"),
        body: response.text().await.ok()?,
    })
}

fn understand<T: FromJson>(reply: Option<Reply>) -> Result<T, RemoteError> {
    let reply = reply.ok_or(RemoteError::Unreachable)?;
    match reply.status {
        200 | 201 => json::read(&reply.body).ok_or(RemoteError::Unreachable),
        status => {
            let retry_after = reply.retry_after.and_then(|secs| secs.trim().parse().ok());
            Err(read_refusal(status, retry_after, &reply.body))
        }
    }
}

/// The event over fetch; it needs no token.
pub struct FetchEvents;

impl EventSource for FetchEvents {
    fn event(&self) -> LocalFuture<'_, Result<EventText, RemoteError>> {
        Box::pin(async {
            let request = timely(Request::get(paths::EVENT)).build().ok();
            let reply = send(request).await.ok_or(RemoteError::Unreachable)?;
            match reply.status {
                200 => EventText::read(reply.body).ok_or(RemoteError::Unreachable),
                status => Err(read_refusal(status, None, &reply.body)),
            }
        })
    }
}

impl KioskServer for FetchServer {
    fn set_token(&self, token: Option<String>) {
        self.token.replace(token);
    }

    fn register(
        &self,
        device: RegisterDevice,
    ) -> LocalFuture<'_, Result<RegisteredDevice, RemoteError>> {
        let body = serde_json::to_string(&device);
        Box::pin(self.post(paths::DEVICES, body))
    }

    fn heartbeat(
        &self,
        heartbeat: Heartbeat,
    ) -> LocalFuture<'_, Result<HeartbeatAnswer, RemoteError>> {
        let body = serde_json::to_string(&heartbeat);
        Box::pin(self.post(paths::HEARTBEAT, body))
    }

    fn commands(&self, on_bytes: OnBytes) -> LocalFuture<'static, RemoteError> {
        let request = authorized(Request::get(paths::COMMANDS), &self.token);
        Box::pin(follow(request, on_bytes))
    }
}

/// Hands a stream's bytes over until it ends.
async fn follow(request: RequestBuilder, mut on_bytes: OnBytes) -> RemoteError {
    let fetch = AbortOnDrop(AbortController::new().ok());
    let request = request.abort_signal(fetch.signal().as_ref()).build();
    let Ok(request) = request else {
        return RemoteError::Unreachable;
    };
    let Ok(response) = request.send().await else {
        return RemoteError::Unreachable;
    };
    if response.status() != 200 {
        let refused = understand::<String>(read(&response).await);
        return refused.err().unwrap_or(RemoteError::Unreachable);
    }
    if let Some(body) = ByteStream::of(&response) {
        while let Some(bytes) = body.next().await {
            on_bytes(&bytes);
        }
    }
    RemoteError::Unreachable
}

impl FeedbackTransport for FetchServer {
    fn send(&self, batch: &Batch) -> LocalFuture<'_, Result<Receipts, TransportError>> {
        // Redirects are not followed: a captive portal would swallow the entries.
        let request = authorized(Request::post(paths::FEEDBACK), &self.token)
            .redirect(RequestRedirect::Manual);
        let request = with_json(request, serde_json::to_string(batch));
        Box::pin(async move {
            let reply = send(request).await.ok_or(TransportError::Unreachable)?;
            let retry_after = reply
                .retry_after
                .and_then(|secs| secs.trim().parse().ok())
                .map(Duration::from_secs);
            read_answer(reply.status, retry_after, reply.body.as_bytes())
        })
    }
}
