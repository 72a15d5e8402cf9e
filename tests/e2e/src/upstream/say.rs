//! How a script is said over a connection, whole or in pieces, well or badly.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::script::{Ending, Script};

/// What a gateway shows whose service is down.
const PAGE: &str = "<!doctype html><title>502</title><h1>Bad Gateway</h1>";
/// A service's own words about its failure, which are not for visitors.
const WORDS: &str = "CUDA out of memory on worker-7";
/// Half a syllable and broken JSON.
const UNREADABLE: &[u8] = b"data: {\"choices\":[{\"delta\":{\"content\":\"\xea\xb0\xff\xfe\n\n";
/// How long silence lasts until it is looked whether somebody still listens.
const LONG: Duration = Duration::from_secs(1);

/// Says a script, or what its ending wants instead of it.
pub(super) async fn say(
    stream: &mut TcpStream,
    script: &Script,
    stream_wanted: bool,
) -> std::io::Result<()> {
    match script.ending {
        Ending::Status(status) => refuse(stream, status, "").await,
        Ending::Limited(secs) => refuse(stream, 429, &format!("Retry-After: {secs}\r\n")).await,
        Ending::Page => whole(stream, "text/html", PAGE).await,
        _ if stream_wanted => speak(stream, script).await,
        _ => answer(stream, script).await,
    }
}

/// Gives no answer but a status.
pub(super) async fn refuse(
    stream: &mut TcpStream,
    status: u16,
    headers: &str,
) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await
}

async fn whole(stream: &mut TcpStream, kind: &str, body: &str) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await
}

async fn speak(stream: &mut TcpStream, script: &Script) -> std::io::Result<()> {
    // A length that is never reached makes the end a cut.
    let length = match script.ending {
        Ending::CutOff => "Content-Length: 1000000\r\n",
        _ => "",
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{length}Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let thoughts = script
        .thoughts
        .iter()
        .map(|text| ("reasoning_content", text));
    let tokens = script.tokens.iter().map(|text| ("content", text));
    for (kind, text) in thoughts.chain(tokens) {
        if closed_within(stream, script.pace).await {
            return Ok(());
        }
        send(stream, &chunk(json!({ kind: text }), Value::Null)).await?;
    }
    match script.ending {
        Ending::Whole => {
            send(stream, &chunk(json!({}), json!("stop"))).await?;
            stream.write_all(b"data: [DONE]\n\n").await?;
        }
        Ending::Error => {
            let error = json!({ "message": WORDS, "type": "server_error", "code": 500 });
            send(stream, &json!({ "error": error })).await?;
        }
        Ending::Unreadable => stream.write_all(UNREADABLE).await?,
        Ending::Stall => while !closed_within(stream, LONG).await {},
        Ending::CutOff | Ending::Page | Ending::Status(_) | Ending::Limited(_) => {}
    }
    stream.shutdown().await
}

async fn send(stream: &mut TcpStream, chunk: &Value) -> std::io::Result<()> {
    stream
        .write_all(format!("data: {chunk}\n\n").as_bytes())
        .await
}

fn chunk(delta: Value, finish_reason: Value) -> Value {
    let mut chunk = json!({
        "id": "chatcmpl-scripted",
        "object": "chat.completion.chunk",
        "created": 1_767_000_000,
        "model": "scripted-model",
        "choices": [{ "index": 0 }],
    });
    chunk["choices"][0]["delta"] = delta;
    chunk["choices"][0]["finish_reason"] = finish_reason;
    chunk
}

async fn answer(stream: &mut TcpStream, script: &Script) -> std::io::Result<()> {
    let body = json!({
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1_767_000_000,
        "model": "scripted-model",
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": script.text() },
            "finish_reason": "stop",
        }],
    })
    .to_string();
    whole(stream, "application/json", &body).await
}

/// Lets time pass; true as soon as the other side has gone.
async fn closed_within(stream: &mut TcpStream, pace: Duration) -> bool {
    let mut byte = [0];
    match tokio::time::timeout(pace, stream.read(&mut byte)).await {
        Ok(Ok(0) | Err(_)) => true,
        Ok(Ok(_)) | Err(_) => false,
    }
}
