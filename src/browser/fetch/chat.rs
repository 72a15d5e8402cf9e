//! Answers as they stream in: `EventSource` can neither post nor send a token, fetch can.

use std::{cell::RefCell, rc::Rc};

use gloo_net::http::{Request, Response};
use js_sys::{Reflect, Uint8Array};
use kiosk_core::chat::Ask;
use kiosk_core::chat::stream::{AnswerReader, Failure, StreamEvent};
use kiosk_core::json;
use kiosk_core::ports::LocalFuture;
use kiosk_core::remote::ChatTransport;
use kiosk_wire::chat::{BOOTH_EVENTS_HEADER, ChatRequest, Metadata, REQUEST_ID_HEADER};
use kiosk_wire::error::{ChatErrorCode, OpenAiError};
use kiosk_wire::event::Language;
use kiosk_wire::paths;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, wasm_bindgen::JsCast};

use super::{Token, authorized, with_json};

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

/// Aborts the fetch when the future that reads it is dropped.
struct Connection {
    request_id: String,
    controller: Option<AbortController>,
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
            controller,
            running: Rc::clone(running),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        take(&self.running, &self.request_id);
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

impl ChatTransport for FetchChat {
    fn answer(
        &self,
        ask: Ask,
        language: Language,
        mut on_event: Box<dyn FnMut(StreamEvent)>,
    ) -> LocalFuture<'static, ()> {
        let token = Rc::clone(&self.token);
        let connection = Connection::open(&ask.request_id, &self.running);
        Box::pin(async move {
            let connection = connection;
            if let Err(failure) = stream(&ask, language, &token, &connection, &mut on_event).await {
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

async fn stream(
    ask: &Ask,
    language: Language,
    token: &Token,
    connection: &Connection,
    on_event: &mut dyn FnMut(StreamEvent),
) -> Result<(), Failure> {
    let signal = connection.controller.as_ref().map(AbortController::signal);
    let request = authorized(Request::post(paths::CHAT), token)
        .header(REQUEST_ID_HEADER, &ask.request_id)
        .header(BOOTH_EVENTS_HEADER, "1")
        .abort_signal(signal.as_ref());
    let request = with_json(request, serde_json::to_string(&body(ask, language)));
    let request = request.ok_or(Failure::Offline)?;
    let response = request.send().await.map_err(|_| Failure::Offline)?;
    if response.status() != 200 {
        return Err(refusal(&response).await);
    }
    let reader = response
        .body()
        .and_then(|body| {
            body.get_reader()
                .dyn_into::<ReadableStreamDefaultReader>()
                .ok()
        })
        .ok_or(Failure::Offline)?;
    let mut answer = AnswerReader::new();
    while let Some(bytes) = next(&reader).await {
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

async fn refusal(response: &Response) -> Failure {
    let error = super::read(response)
        .await
        .and_then(|reply| json::read(&reply.body));
    Failure::Refused(
        error.map_or(ChatErrorCode::UpstreamInvalid, |error: OpenAiError| {
            error.error.code
        }),
    )
}

/// The next bytes; `None` at the end or when the connection breaks.
async fn next(reader: &ReadableStreamDefaultReader) -> Option<Vec<u8>> {
    let read = JsFuture::from(reader.read()).await.ok()?;
    let value = Reflect::get(&read, &"value".into()).ok()?;
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}
