//! A model's service that streams at a pace of its own: what is measured is never the model.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::error::Result;

/// Words of a streamed answer.
pub(crate) const FRAMES: usize = 16;

/// Starts it with this pause after each word; answers its address. It lives as long as the program.
pub(crate) async fn start(pace: Duration) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, pace));
        }
    });
    Ok(address)
}

/// Answers requests on one connection until it is closed.
async fn serve(mut stream: TcpStream, pace: Duration) {
    stream.set_nodelay(true).ok();
    let mut held = Vec::new();
    while read_request(&mut stream, &mut held).await.is_some() {
        if send_stream(&mut stream, pace).await.is_err() {
            return;
        }
    }
}

/// Head and body of the next request.
async fn read_request(stream: &mut TcpStream, held: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        if let Some(length) = request_length(held) {
            let rest = held.split_off(length);
            return Some(std::mem::replace(held, rest));
        }
        if stream.read_buf(held).await.ok()? == 0 {
            return None;
        }
    }
}

/// How long the request at the start of `held` is, once all of it is there.
fn request_length(held: &[u8]) -> Option<usize> {
    let start = held.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&held[..start]).to_lowercase();
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
        .unwrap_or(0);
    (held.len() >= start + body).then_some(start + body)
}

async fn send_stream(stream: &mut TcpStream, pace: Duration) -> std::io::Result<()> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    for at in 0..FRAMES {
        let data = format!(
            "data: {{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"말 {at} \"}},\"finish_reason\":null}}]}}\n\n"
        );
        send_chunk(stream, &data).await?;
        if !pace.is_zero() {
            tokio::time::sleep(pace).await;
        }
    }
    let end = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"mock\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    send_chunk(stream, end).await?;
    stream.write_all(b"0\r\n\r\n").await
}

async fn send_chunk(stream: &mut TcpStream, data: &str) -> std::io::Result<()> {
    let chunk = format!("{:x}\r\n{data}\r\n", data.len());
    stream.write_all(chunk.as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_once_its_body_is_there() {
        let head = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n";
        assert_eq!(request_length(head), None);
        assert_eq!(
            request_length(&[head.as_slice(), b"abcd"].concat()),
            Some(head.len() + 3)
        );
        assert_eq!(request_length(b"GET / HTTP/1.1\r\n\r\n"), Some(18));
    }
}
