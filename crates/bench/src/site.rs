//! A static site of a few files, compressed beforehand as the kiosk's are, for a peer's page.
//!
//! What is none of its files can come from a kiosk behind it, byte for byte, so that a peer's page
//! gets the same fonts and the same streams.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::error::Result;
use crate::http::read_request;

/// Files by path, each with its type.
pub(crate) type Files = BTreeMap<&'static str, (&'static str, Vec<u8>)>;

/// Brotli at its strongest, as the kiosk's files have it.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, 4_096, 11, 22).write_all(bytes)?;
    Ok(packed)
}

struct Site {
    files: BTreeMap<&'static str, (&'static str, Vec<u8>)>,
    /// `host:port`
    behind: Option<String>,
}

/// Serves them; answers the address. `behind` is a kiosk's address.
pub(crate) async fn serve(files: Files, behind: Option<&str>) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}/", listener.local_addr()?);
    let mut packed = BTreeMap::new();
    for (path, (kind, bytes)) in files {
        packed.insert(path, (kind, brotli(&bytes)?));
    }
    let site = Arc::new(Site {
        files: packed,
        behind: behind.map(|url| url.trim_start_matches("http://").to_owned()),
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_all(stream, Arc::clone(&site)));
        }
    });
    Ok(address)
}

async fn answer_all(mut stream: TcpStream, site: Arc<Site>) {
    stream.set_nodelay(true).ok();
    let mut held = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut held).await {
        let text = String::from_utf8_lossy(&request);
        let path = text.split(' ').nth(1).unwrap_or_default();
        let answered = match (site.files.get(path), &site.behind) {
            (Some((kind, body)), _) => answer(&mut stream, path, kind, body).await,
            // It says that the connection ends, and so it does.
            (None, Some(kiosk)) => {
                pass_on(&mut stream, &request, kiosk).await.ok();
                return;
            }
            (None, None) => {
                let none = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(none.as_bytes()).await
            }
        };
        if answered.is_err() {
            return;
        }
    }
}

async fn answer(
    stream: &mut TcpStream,
    path: &str,
    kind: &str,
    body: &[u8],
) -> std::io::Result<()> {
    let caching = if path == "/" {
        "no-cache"
    } else {
        "max-age=31536000, immutable"
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-encoding: br\r\n\
         cache-control: {caching}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await
}

async fn pass_on(stream: &mut TcpStream, request: &[u8], kiosk: &str) -> std::io::Result<()> {
    let mut there = TcpStream::connect(kiosk).await?;
    there.set_nodelay(true)?;
    there.write_all(&as_the_last(request)).await?;
    tokio::io::copy(&mut there, stream).await?;
    Ok(())
}

/// The request, saying that none follows on its connection.
fn as_the_last(request: &[u8]) -> Vec<u8> {
    let end = request
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .unwrap_or(request.len());
    let (head, rest) = request.split_at(end);
    let head = String::from_utf8_lossy(head);
    let lines: Vec<&str> = head
        .split("\r\n")
        .filter(|line| !line.to_lowercase().starts_with("connection:"))
        .chain(["Connection: close"])
        .collect();
    [lines.join("\r\n").as_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_is_passed_on_is_the_last() {
        let request = b"POST /a HTTP/1.1\r\nConnection: keep-alive\r\nHost: b\r\n\r\nbody\r\n\r\n";
        let last = b"POST /a HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\nbody\r\n\r\n";
        assert_eq!(as_the_last(request), last);
    }
}
