//! Answers as they stream in: `EventSource` can neither post nor send a token, fetch can.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use gloo_net::http::{Request, Response};
use kiosk_core::chat::Ask;
use kiosk_core::chat::stream::{AnswerReader, Failure, StreamEvent, refused};
use kiosk_core::json;
use kiosk_core::ports::{LocalFuture, Timer};
use kiosk_core::race::{First, first};
use kiosk_core::remote::{ChatTransport, OnEvent};
use kiosk_wire::chat::{BOOTH_EVENTS_HEADER, ChatRequest, Metadata, REQUEST_ID_HEADER};
use kiosk_wire::event::Language;
use kiosk_wire::paths;
use web_sys::AbortController;

use super::stream::{AbortOnDrop, ByteStream};
use crate::browser::clock::BrowserTimer;

use super::{Token, authorized, with_json};

/// How often, and after which pauses, a token is looked for: five seconds in all.
const TOKEN_LOOKS: u32 = 50;
const TOKEN_PAUSE: Duration = Duration::from_millis(100);
/// The server says something at least every 15 s, and a browser would wait for it for ever.
const SILENCE: Duration = Duration::from_secs(20);

/// Answers that are being written, by request id.
type Running = Rc<RefCell<Vec<(String, AbortController)>>>;

fn take(running: &Running, request_id: &str) -> Option<AbortController> {
    let mut running = running.borrow_mut();
    let at = running.iter().position(|(id, _)| id == request_id)?;
    Some(running.swap_remove(at).1)
}

pub struct FetchChat {
    token: Token,
    running: Running,
}

impl FetchChat {
    #[must_use]
    pub fn new(token: Token) -> Self {
        Self {
            token,
            running: Running::default(),
        }
    }
}

/// Not among the running ones any more when the future that reads it is dropped.
struct Connection {
    request_id: String,
    fetch: AbortOnDrop,
    running: Running,
}

impl Connection {
    fn open(request_id: &str, running: &Running) -> Self {
        let controller = AbortController::new().ok();
        if let Some(controller) = &controller {
            running
                .borrow_mut()
                .push((request_id.to_owned(), controller.clone()));
        }
        Self {
            request_id: request_id.to_owned(),
            fetch: AbortOnDrop(controller),
            running: Rc::clone(running),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        take(&self.running, &self.request_id);
    }
}

impl ChatTransport for FetchChat {
    fn answer(
        &self,
        ask: Ask,
        language: Language,
        mut on_event: OnEvent,
    ) -> LocalFuture<'static, ()> {
        let token = Rc::clone(&self.token);
        let connection = Connection::open(&ask.request_id, &self.running);
        Box::pin(async move {
            let connection = connection;
            wait_for_token(&token).await;
            let is_heard = Cell::new(false);
            let answered = async {
                let response = fetch(&ask, language, &token, &connection).await?;
                if response.status() != 200 {
                    let refused = refusal(&response).await?;
                    refused.into_iter().for_each(&mut on_event);
                    return Ok(());
                }
                read_stream(response, &is_heard, &mut on_event).await
            };
            let ended = match first(Box::pin(answered), Box::pin(silence(&is_heard))).await {
                First::Left(ended) => ended,
                First::Right(()) => Err(Failure::Offline),
            };
            if let Err(failure) = ended {
                on_event(StreamEvent::Failed(failure));
            }
        })
    }

    fn cancel(&self, request_id: String) -> LocalFuture<'static, ()> {
        let token = Rc::clone(&self.token);
        let controller = take(&self.running, &request_id);
        Box::pin(async move {
            let request = authorized(Request::post(&paths::cancel(&request_id)), &token).build();
            if let Ok(request) = request {
                // If the server cannot hear it, the closed connection tells it all the same.
                request.send().await.ok();
            }
            if let Some(controller) = controller {
                controller.abort();
            }
        })
    }
}

/// A visitor may be quicker than the registration of a tablet that was just opened.
async fn wait_for_token(token: &Token) {
    for _ in 0..TOKEN_LOOKS {
        if token.borrow().is_some() {
            return;
        }
        BrowserTimer.sleep(TOKEN_PAUSE).await;
    }
}

/// Resolves when nothing was heard for so long that nothing will be.
async fn silence(is_heard: &Cell<bool>) {
    loop {
        BrowserTimer.sleep(SILENCE).await;
        if !is_heard.replace(false) {
            return;
        }
    }
}

async fn fetch(
    ask: &Ask,
    language: Language,
    token: &Token,
    connection: &Connection,
) -> Result<Response, Failure> {
    let signal = connection.fetch.signal();
    let request = authorized(Request::post(paths::CHAT), token)
        .header(REQUEST_ID_HEADER, &ask.request_id)
        .header(BOOTH_EVENTS_HEADER, "1")
        .abort_signal(signal.as_ref());
    let request = with_json(request, serde_json::to_string(&body(ask, language)));
    let request = request.ok_or(Failure::Offline)?;
    request.send().await.map_err(|_| Failure::Offline)
}

async fn read_stream(
    response: Response,
    is_heard: &Cell<bool>,
    on_event: &mut dyn FnMut(StreamEvent),
) -> Result<(), Failure> {
    let body = ByteStream::of(&response).ok_or(Failure::Offline)?;
    let mut answer = AnswerReader::new();
    while let Some(bytes) = body.next().await {
        is_heard.set(true);
        answer.push(&bytes).into_iter().for_each(&mut *on_event);
    }
    answer.close().into_iter().for_each(on_event);
    Ok(())
}

fn body(ask: &Ask, language: Language) -> ChatRequest {
    ChatRequest {
        model: ask.key.team.clone(),
        messages: ask.messages.clone(),
        stream: true,
        stream_options: None,
        metadata: Some(Metadata {
            demo: Some(ask.key.demo.clone()),
            language: Some(language),
        }),
        max_tokens: None,
    }
}

/// Whatever has no words of ours is not our server: a captive portal, or a proxy that lost it.
async fn refusal(response: &Response) -> Result<Vec<StreamEvent>, Failure> {
    let error = super::read(response)
        .await
        .and_then(|reply| json::read(&reply.body));
    error.map(refused).ok_or(Failure::Offline)
}
