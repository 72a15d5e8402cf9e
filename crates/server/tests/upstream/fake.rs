//! A provider on loopback that behaves as it is told, counts who is connected and keeps what it is sent.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// What to do with one request.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Stream these pieces, then end.
    Stream(Vec<String>),
    /// Stream these pieces with this pause before each, then end.
    Paced(Vec<String>, Duration),
    /// Stream these pieces, then say nothing more.
    Stall(Vec<String>),
    /// Stream these pieces, then break the connection.
    Cut(Vec<String>),
    /// Take the request and never answer.
    Hang,
    /// Answer with this status, `Retry-After` and body.
    Status(u16, Option<u64>, &'static str),
    /// Answer 200 with this content type and body.
    Body(&'static str, String),
}

/// What to do with a question.
type ByQuestion = fn(&str) -> Act;

/// Counts one request for as long as it lives.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Fake {
    pub(crate) base_url: String,
    script: Arc<Mutex<VecDeque<Act>>>,
    otherwise: Arc<Mutex<Act>>,
    by_question: Arc<OnceLock<ByQuestion>>,
    requests: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
    open: Arc<AtomicUsize>,
}

impl Fake {
    /// Listens on a free port; every request is answered like this until told otherwise.
    pub(crate) async fn start(otherwise: Act) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self {
            base_url: format!("http://{}/v1", listener.local_addr().unwrap()),
            script: Arc::default(),
            otherwise: Arc::new(Mutex::new(otherwise)),
            by_question: Arc::default(),
            requests: Arc::default(),
            open: Arc::default(),
        };
        let app = Router::new()
            .route("/v1/chat/completions", axum::routing::post(answer))
            .route("/v1/moderations", axum::routing::post(answer))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        fake
    }

    /// The same, but every request is answered by its last message, or by the text that is to be judged.
    pub(crate) async fn answering(by_question: ByQuestion) -> Self {
        let fake = Self::start(Act::Hang).await;
        fake.by_question.set(by_question).ok();
        fake
    }

    /// The next requests are answered like this, one each.
    pub(crate) fn next(&self, acts: impl IntoIterator<Item = Act>) {
        self.script.lock().unwrap().extend(acts);
    }

    pub(crate) fn requests(&self) -> Vec<(HeaderMap, Value)> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Waits until as many requests are open, and tells how long that took.
    pub(crate) async fn until_open(&self, count: usize) -> Duration {
        let started = Instant::now();
        while self.open() != count {
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "{} requests are open",
                self.open()
            );
            sleep(Duration::from_millis(5)).await;
        }
        started.elapsed()
    }
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 10_000_000).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let by_question = fake.by_question.get().map(|act| {
        let question = body["messages"]
            .as_array()
            .and_then(|messages| messages.last());
        let question = question.map_or(&body["input"], |message| &message["content"]);
        act(question.as_str().unwrap_or_default())
    });
    fake.requests.lock().unwrap().push((parts.headers, body));
    fake.open.fetch_add(1, Ordering::SeqCst);
    let open = Open(Arc::clone(&fake.open));
    let scripted = fake.script.lock().unwrap().pop_front();
    let act = scripted.or(by_question);
    let act = act.unwrap_or_else(|| fake.otherwise.lock().unwrap().clone());
    match act {
        Act::Stream(pieces) => stream(open, pieces, Duration::ZERO, End::Done),
        Act::Paced(pieces, pace) => stream(open, pieces, pace, End::Done),
        Act::Stall(pieces) => stream(open, pieces, Duration::ZERO, End::Silence),
        Act::Cut(pieces) => stream(open, pieces, Duration::ZERO, End::Break),
        Act::Hang => pending().await,
        Act::Status(status, retry_after, body) => {
            let response = Response::builder().status(StatusCode::from_u16(status).unwrap());
            let response = match retry_after {
                Some(secs) => response.header("retry-after", secs),
                None => response,
            };
            response.body(Body::from(body)).unwrap()
        }
        Act::Body(kind, body) => Response::builder()
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap(),
    }
}

enum End {
    Done,
    Silence,
    Break,
}

fn stream(open: Open, pieces: Vec<String>, pace: Duration, end: End) -> Response {
    let bytes = async_stream::stream! {
        let _open = open;
        for piece in pieces {
            sleep(pace).await;
            yield Ok::<_, std::io::Error>(Bytes::from(piece));
        }
        match end {
            End::Done => {}
            End::Silence => {
                let never: Infallible = pending().await;
                match never {}
            }
            End::Break => {
                // What was written must be on its way before the connection breaks.
                sleep(Duration::from_millis(50)).await;
                yield Err(std::io::Error::other("broken on purpose"));
            }
        }
    };
    Response::builder()
        .header("content-type", "text/event-stream")
        .body(Body::from_stream(bytes))
        .unwrap()
}

/// One event with a chunk of text.
pub(crate) fn text(text: &str) -> String {
    event(&json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

/// One event with a chunk of thinking.
pub(crate) fn reasoning(text: &str) -> String {
    event(&json!({"choices": [{"index": 0, "delta": {"reasoning": text}}]}))
}

/// The last events of a well-behaved provider, which counts `tokens`.
pub(crate) fn end(tokens: u64) -> String {
    let finish = event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}));
    let usage =
        json!({"prompt_tokens": 1, "completion_tokens": tokens - 1, "total_tokens": tokens});
    finish + &event(&json!({"choices": [], "usage": usage})) + "data: [DONE]\n\n"
}

/// A whole, well-behaved answer.
pub(crate) fn words(words: &[&str]) -> Act {
    Act::Stream(
        words
            .iter()
            .map(|word| text(word))
            .chain([end(10)])
            .collect(),
    )
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}
