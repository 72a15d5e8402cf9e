//! HTTP by fetch: the server's endpoints, feedback delivery, and answers as they stream in.

pub mod chat;

use std::{cell::RefCell, rc::Rc, time::Duration};

use gloo_net::http::{Request, RequestBuilder, Response};
use kiosk_core::outbox::read_answer;
use kiosk_core::ports::{FeedbackTransport, LocalFuture, TransportError};
use kiosk_core::remote::{KioskServer, RemoteError};
use kiosk_wire::device::{Heartbeat, HeartbeatAnswer, RegisterDevice, RegisteredDevice};
use kiosk_wire::event::Event;
use kiosk_wire::feedback::{Batch, Receipts};
use kiosk_wire::paths;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::RequestRedirect;

pub use chat::FetchChat;

/// The token all adapters send.
pub type Token = Rc<RefCell<Option<String>>>;

/// The kiosk server over fetch.
pub struct FetchServer {
    token: Token,
}

impl FetchServer {
    #[must_use]
    pub fn new(token: Token) -> Self {
        Self { token }
    }
}

fn authorized(request: RequestBuilder, token: &Token) -> RequestBuilder {
    match &*token.borrow() {
        Some(token) => request.header("authorization", &format!("Bearer {token}")),
        None => request,
    }
}

async fn post<T: DeserializeOwned>(
    path: &str,
    token: &Token,
    body: &impl Serialize,
) -> Result<T, RemoteError> {
    let request = authorized(Request::post(path), token)
        .json(body)
        .map_err(|_| RemoteError::Unreachable)?;
    read(request.send().await.map_err(|_| RemoteError::Unreachable)?).await
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, RemoteError> {
    match response.status() {
        200 | 201 => response.json().await.map_err(|_| RemoteError::Unreachable),
        401 => Err(RemoteError::Unauthorized),
        status => Err(RemoteError::Refused { status }),
    }
}

impl KioskServer for FetchServer {
    fn set_token(&self, token: Option<String>) {
        self.token.replace(token);
    }

    fn event(&self) -> LocalFuture<'_, Result<Event, RemoteError>> {
        Box::pin(async {
            let response = Request::get(paths::EVENT).send().await;
            read(response.map_err(|_| RemoteError::Unreachable)?).await
        })
    }

    fn register(
        &self,
        device: RegisterDevice,
    ) -> LocalFuture<'_, Result<RegisteredDevice, RemoteError>> {
        Box::pin(async move { post(paths::DEVICES, &self.token, &device).await })
    }

    fn heartbeat(
        &self,
        heartbeat: Heartbeat,
    ) -> LocalFuture<'_, Result<HeartbeatAnswer, RemoteError>> {
        Box::pin(async move { post(paths::HEARTBEAT, &self.token, &heartbeat).await })
    }
}

impl FeedbackTransport for FetchServer {
    fn send(&self, batch: &Batch) -> LocalFuture<'_, Result<Receipts, TransportError>> {
        // Redirects are not followed: a captive portal would swallow the entries.
        let request = authorized(Request::post(paths::FEEDBACK), &self.token)
            .redirect(RequestRedirect::Manual)
            .json(batch);
        Box::pin(async move {
            let request = request.map_err(|_| TransportError::Unreachable)?;
            let response = request.send().await.map_err(|_| TransportError::Unreachable)?;
            let retry_after = response
                .headers()
                .get("retry-after")
                .and_then(|secs| secs.trim().parse().ok())
                .map(Duration::from_secs);
            let body = response.binary().await.map_err(|_| TransportError::Unreachable)?;
            read_answer(response.status(), retry_after, &body)
        })
    }
}
