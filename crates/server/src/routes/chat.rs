//! `/v1/chat/completions`: the model proxy towards tablets and every other `OpenAI` client.
//!
//! Owns: headers, body limits, when the response head goes out, keeping a quiet stream alive.
//! Must not own: who answers, or the JSON of an answer.
//! Invariant: a failure before the head is a status; after it, an event. The head is held back until
//! somebody begins to answer, so that failures have a status, but never longer than [`HOLD_HEAD`]; a
//! client that asked for the booth's events sees it as soon as it has to wait in line.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use kiosk_wire::chat::{BOOTH_EVENTS_HEADER, REQUEST_ID_HEADER};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::Language;
use kiosk_wire::paths;
use tokio::time::{Instant, timeout_at};

use super::body::{self, NoBody};
use super::place::{self, Named};
use super::{event_stream, pages};
use crate::auth::device::{DeviceId, authenticate};
use crate::llm::failure::{Failure, Reason};
use crate::llm::news::{Answer, News};
use crate::llm::render::{Form, KEEP_ALIVE, StreamWriter, WholeWriter};
use crate::llm::request::MAX_BYTES_WITH_IMAGES;
use crate::state::AppState;

/// Clients and proxies give up on a connection that shows nothing for long.
const HOLD_HEAD: Duration = Duration::from_secs(10);
/// As many bytes of events as are sent together at least, if so many wait.
const FULL: usize = 16 * 1024;
/// Well within the 15 s that are promised.
const KEEP_ALIVE_AFTER: Duration = Duration::from_secs(10);

/// `OpenAI`'s clients ask again by themselves after a 409: two requests of a device would displace each
/// other in turn.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
const NO: HeaderValue = HeaderValue::from_static("false");

/// `POST` of a question, and of its cancellation.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(paths::CHAT, post(complete))
        .route(&paths::cancel("{request_id}"), post(cancel))
}

/// The response for a failure before the first byte.
pub(super) fn refuse(failure: &Failure) -> Response {
    let status =
        StatusCode::from_u16(failure.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(failure.to_error())).into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(secs) = failure.retry_after_secs {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(secs));
    }
    if status == StatusCode::CONFLICT {
        response.headers_mut().insert(SHOULD_RETRY, NO);
    }
    response
}

async fn complete(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (request_id, echo) = match request_id(&parts.headers) {
        Ok(named) => named,
        Err(failure) => {
            state.chat.count_refusal(&failure);
            return refuse(&failure);
        }
    };
    let answered = match begin(&state, &parts.headers, body, &request_id).await {
        Ok((answer, form, true)) => streamed(answer, form).await,
        Ok((answer, form, false)) => whole(answer, form).await,
        Err(failure) => {
            state.chat.count_refusal(&failure);
            Err(failure)
        }
    };
    let mut response = answered.unwrap_or_else(|failure| {
        tracing::info!(request_id, code = ?failure.code(), "refused");
        refuse(&failure)
    });
    response
        .headers_mut()
        .insert(HeaderName::from_static(REQUEST_ID_HEADER), echo);
    response
}

/// Starts an answer: with its form, and whether it is streamed.
async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    body: Body,
    request_id: &str,
) -> Result<(Answer, Form, bool), Failure> {
    let DeviceId(device) = authenticate(state, headers)
        .await
        .map_err(|code| Failure::new(code, Language::default()))?;
    let body = body::bytes(body, MAX_BYTES_WITH_IMAGES)
        .await
        .map_err(|none| Failure::new(none, Language::default()))?;
    let question = state.chat.read(&body)?;
    state.chat.count_request(&device, question.language)?;
    state.chat.check_open(&question).await?;
    state.chat.check_words(&question)?;
    let form = Form {
        request_id: request_id.to_owned(),
        created: u64::try_from(state.clock.now().as_second()).unwrap_or(0),
        model: state.chat.model_of(&question.team).to_owned(),
        booth_events: headers
            .get(BOOTH_EVENTS_HEADER)
            .is_some_and(|value| value == "1"),
        include_usage: question.include_usage,
    };
    let stream = question.stream;
    let answer = state.chat.start(&device, request_id, question)?;
    Ok((answer, form, stream))
}

impl From<NoBody> for Reason {
    fn from(none: NoBody) -> Self {
        match none {
            NoBody::BrokeOff => Self::NotJson,
            NoBody::Larger(_) => ChatErrorCode::TooLarge.into(),
        }
    }
}

async fn cancel(State(state): State<AppState>, named: Named, headers: HeaderMap) -> Response {
    let DeviceId(device) = match authenticate(&state, &headers).await {
        Ok(device) => device,
        Err(code) => return refuse(&Failure::new(code, Language::default())),
    };
    // What is not UTF-8 names no request.
    let request_id = place::name(named).unwrap_or_default().to_ascii_lowercase();
    if state.chat.cancel(&device, &request_id).await {
        StatusCode::NO_CONTENT.into_response()
    } else {
        let sentence = "No answer of this device with that id is running.";
        pages::not_found_in_v1(ChatErrorCode::InvalidRequest, sentence)
    }
}

/// The id by which the request is named, and the header that echoes it as it came.
fn request_id(headers: &HeaderMap) -> Result<(String, HeaderValue), Failure> {
    if let Some(sent) = headers.get(REQUEST_ID_HEADER) {
        let id = sent.to_str().unwrap_or_default().to_ascii_lowercase();
        if !kiosk_wire::id::is_uuid(&id) {
            return Err(Failure::new(Reason::RequestId, Language::default()));
        }
        return Ok((id, sent.clone()));
    }
    let internal = || Failure::new(ChatErrorCode::Internal, Language::default());
    let made = crate::random::uuid_v4().map_err(|_| internal())?;
    let echo = HeaderValue::from_str(&made).map_err(|_| internal())?;
    Ok((made, echo))
}

async fn whole(mut answer: Answer, form: Form) -> Result<Response, Failure> {
    let mut writer = WholeWriter::new(form);
    while let Some(news) = answer.next().await {
        if let Some(completion) = writer.write(news) {
            let mut response = Json(completion?).into_response();
            response
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            return Ok(response);
        }
    }
    Err(Failure::new(ChatErrorCode::Internal, Language::default()))
}

async fn streamed(mut answer: Answer, form: Form) -> Result<Response, Failure> {
    let first = first_news(&mut answer, form.booth_events).await?;
    let mut writer = StreamWriter::new(form);
    let first = first.map_or_else(|| KEEP_ALIVE.to_owned(), |news| writer.write(news));
    // With the first burst at hand the head does not go out alone.
    let mut events = with_burst(first, &mut answer, &mut writer).await;
    let events = async_stream::stream! {
        let mut silent_until = Instant::now();
        loop {
            if !events.is_empty() {
                yield Ok(Bytes::from(events));
                silent_until = Instant::now() + KEEP_ALIVE_AFTER;
            }
            // News that this client does not read, as of the line, are no sign of life.
            let told = match timeout_at(silent_until, answer.next()).await {
                Ok(Some(news)) => writer.write(news),
                Ok(None) => break,
                Err(_) => KEEP_ALIVE.to_owned(),
            };
            events = with_burst(told, &mut answer, &mut writer).await;
        }
    };
    Ok(event_stream::response(events))
}

/// Adds what comes in the same burst: whoever brings more words works first.
async fn with_burst(mut events: String, answer: &mut Answer, writer: &mut StreamWriter) -> String {
    let mut before = 0;
    while before < events.len() && events.len() < FULL && !answer.is_over() {
        before = events.len();
        let_others_work().await;
        while events.len() < FULL
            && let Some(news) = answer.waiting()
        {
            events.push_str(&writer.write(news));
        }
    }
    events
}

/// Goes on behind the tasks that are ready by now; `yield_now` would ask the system for more of them. Twice:
/// a body that has nothing yet is asked once more by its connection before another task's turn.
async fn let_others_work() {
    let mut turns = 2;
    poll_fn(|context| {
        if turns == 0 {
            return Poll::Ready(());
        }
        turns -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// What the stream begins with; `None` if nothing has happened for too long to hold the head back.
async fn first_news(answer: &mut Answer, booth_events: bool) -> Result<Option<News>, Failure> {
    let until = Instant::now() + HOLD_HEAD;
    loop {
        match timeout_at(until, answer.next()).await {
            Ok(Some(News::Failed(failure))) => return Err(failure),
            Ok(Some(News::Queue(_))) if !booth_events => {}
            Ok(news) => return Ok(news),
            Err(_) => return Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::BodyDataStream;
    use futures_util::StreamExt;
    use kiosk_wire::chat::QueuePlace;
    use tokio::sync::mpsc;
    use tokio::time::{sleep, timeout};

    use super::*;
    use crate::llm::registry::Registry;

    const MOVES_EVERY: Duration = Duration::from_secs(3);

    /// Somebody waits in line for as long as anybody listens, and moves up.
    async fn wait_in_line(news: mpsc::Sender<News>) {
        for position in (0..100).rev() {
            let place = QueuePlace {
                position,
                wait_secs: 3 * position,
            };
            if news.send(News::Queue(place)).await.is_err() {
                return;
            }
            sleep(MOVES_EVERY).await;
        }
    }

    /// An answer that somebody brings the news of.
    async fn stream_of(news: mpsc::Receiver<News>) -> BodyDataStream {
        let registered = Registry::new(1).register("tablet", "1").unwrap();
        let stop = registered.registration.handle();
        let form = Form {
            request_id: "1".to_owned(),
            created: 0,
            model: "m".to_owned(),
            booth_events: false,
            include_usage: false,
        };
        let begun = streamed(Answer::new(news, stop, Language::Ko), form).await;
        begun.unwrap().into_body().into_data_stream()
    }

    #[tokio::test(start_paused = true)]
    async fn words_of_a_burst_go_out_together() {
        // Whoever brings them can do no more than one at a time.
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for word in ["하나", "둘", "셋", "넷", "다섯"] {
                sender.send(News::Text(word.to_owned())).await.unwrap();
            }
            sleep(Duration::from_millis(1)).await;
            sender.send(News::Text("끝".to_owned())).await.unwrap();
        });
        let mut body = stream_of(receiver).await;
        let mut next = async || {
            let bytes = body.next().await.unwrap().unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        let burst = next().await;
        assert!(burst.contains("하나") && burst.contains("다섯"), "{burst}");
        assert!(next().await.contains("끝"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_moves_unseen_does_not_silence_a_stream() {
        let (sender, receiver) = mpsc::channel(4);
        let line = tokio::spawn(wait_in_line(sender));
        let promised = Duration::from_secs(15);
        let mut body = timeout(promised, stream_of(receiver)).await.unwrap();
        for _ in 0..10 {
            let told = timeout(promised, body.next()).await.expect("silence");
            assert_eq!(told.unwrap().unwrap(), KEEP_ALIVE);
        }
        drop(body);
        line.await.unwrap();
    }

    #[test]
    fn only_uuids_name_requests() {
        let mut headers = HeaderMap::new();
        let (made, echo) = request_id(&headers).unwrap();
        assert!(kiosk_wire::id::is_uuid(&made) && echo == made.as_str());
        headers.insert(
            REQUEST_ID_HEADER,
            HeaderValue::from_static("0193F0C2-1234-7FFF-BFFF-FFFFFFFFFFFF"),
        );
        let (id, echo) = request_id(&headers).unwrap();
        assert_eq!(id, "0193f0c2-1234-7fff-bfff-ffffffffffff");
        assert_eq!(echo, "0193F0C2-1234-7FFF-BFFF-FFFFFFFFFFFF");
        headers.insert(REQUEST_ID_HEADER, HeaderValue::from_static("42"));
        assert_eq!(request_id(&headers).unwrap_err().reason, Reason::RequestId);
    }
}
