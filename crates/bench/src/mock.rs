//! A model's service that streams at a pace of its own: what is measured is never the model.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::error::{Result, unexpected};
use crate::http::read_request;

/// How long a stop may be waited for.
const PATIENCE: Duration = Duration::from_mins(2);

/// What the model says to every question.
pub(crate) struct Script {
    frames: Vec<Frame>,
    stops: Vec<usize>,
    /// What is said to somebody who wants no stream.
    whole: String,
}

/// One piece as it is sent.
struct Frame {
    data: String,
    /// After the one before.
    pause: Duration,
}

impl Script {
    /// Numbered words, one every `pace`; without a pace as fast as they can be sent.
    pub(crate) fn words(count: usize, pace: Duration) -> Self {
        Self::new((0..count).map(word), pace)
    }

    /// These pieces, one every `pace`.
    pub(crate) fn new(pieces: impl IntoIterator<Item = String>, pace: Duration) -> Self {
        let pieces: Vec<String> = pieces.into_iter().collect();
        let frames = pieces.iter().map(|piece| Frame {
            data: frame(piece),
            pause: pace,
        });
        Self {
            frames: frames.collect(),
            stops: Vec::new(),
            whole: whole(&pieces.concat()),
        }
    }

    /// Says these pieces at another pace, and waits before and after them until [`Mock::go_on`].
    pub(crate) fn apart(mut self, pieces: Range<usize>, pace: Duration) -> Self {
        self.stops.extend([pieces.start, pieces.end]);
        for frame in self.frames.iter_mut().take(pieces.end).skip(pieces.start) {
            frame.pause = pace;
        }
        self
    }
}

/// The `number`-th word. Its number is one of letters: a digit at a piece's end may become a phone number
/// and is held back until the next, as is a letter with which one of the event's rules begins.
pub(crate) fn word(number: usize) -> String {
    let letters: Vec<char> = "가나다라거너더러머버".chars().collect();
    let digits = number.to_string();
    let values = digits.bytes().map(|digit| usize::from(digit - b'0'));
    let number: String = values.filter_map(|value| letters.get(value)).collect();
    format!("말 {number} ")
}

fn whole(text: &str) -> String {
    let completion = json!({
        "id": "1", "object": "chat.completion", "created": 1, "model": "mock",
        "choices": [{
            "index": 0, "message": { "role": "assistant", "content": text },
            "finish_reason": "stop",
        }],
        "usage": { "prompt_tokens": 10, "completion_tokens": 32, "total_tokens": 42 },
    })
    .to_string();
    let length = completion.len();
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{completion}"
    )
}

fn frame(piece: &str) -> String {
    let chunk = json!({
        "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "mock",
        "choices": [{ "index": 0, "delta": { "content": piece }, "finish_reason": null }],
    });
    format!("data: {chunk}\n\n")
}

/// A running model. It lives as long as the program.
pub(crate) struct Mock {
    /// `http://host:port`
    pub(crate) address: String,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    reached: Notify,
    opened: Notify,
}

impl Mock {
    pub(crate) async fn start(script: Script) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let gate = Arc::new(Gate::default());
        let (script, inner) = (Arc::new(script), Arc::clone(&gate));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&inner)));
            }
        });
        Ok(Self { address, gate })
    }

    /// Waits until an answer has come to its next stop.
    pub(crate) async fn stopped(&self) -> Result<()> {
        let reached = tokio::time::timeout(PATIENCE, self.gate.reached.notified());
        reached
            .await
            .map_err(|_| unexpected("nobody asked, or the answer never came to its stop"))
    }

    /// Lets the answer that stopped go on.
    pub(crate) fn go_on(&self) {
        self.gate.opened.notify_one();
    }
}

/// Answers requests on one connection until it is closed.
async fn serve(mut stream: TcpStream, script: Arc<Script>, gate: Arc<Gate>) {
    stream.set_nodelay(true).ok();
    let mut held = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut held).await {
        let sent = if wants_stream(&request) {
            send_stream(&mut stream, &script, &gate).await
        } else {
            stream.write_all(script.whole.as_bytes()).await
        };
        if sent.is_err() {
            return;
        }
    }
}

/// Whoever writes JSON writes it without blanks, or with one.
fn wants_stream(request: &[u8]) -> bool {
    let has = |part: &[u8]| request.windows(part.len()).any(|here| here == part);
    has(b"\"stream\":true") || has(b"\"stream\": true")
}

async fn send_stream(stream: &mut TcpStream, script: &Script, gate: &Gate) -> std::io::Result<()> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let mut due = Instant::now();
    for (at, frame) in script.frames.iter().enumerate() {
        stop(script, gate, at).await;
        // What a stop has cost is not made up for.
        due = (due + frame.pause).max(Instant::now());
        if !frame.pause.is_zero() {
            sleep_until(due).await;
        }
        send_chunk(stream, &frame.data).await?;
    }
    stop(script, gate, script.frames.len()).await;
    let end = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    send_chunk(stream, end).await?;
    stream.write_all(b"0\r\n\r\n").await
}

async fn stop(script: &Script, gate: &Gate, at: usize) {
    if script.stops.contains(&at) {
        gate.reached.notify_one();
        gate.opened.notified().await;
    }
}

async fn send_chunk(stream: &mut TcpStream, data: &str) -> std::io::Result<()> {
    let chunk = format!("{:x}\r\n{data}\r\n", data.len());
    stream.write_all(chunk.as_bytes()).await
}
