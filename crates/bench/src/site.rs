//! A static site of a few files, compressed beforehand as the kiosk's are, for the peer's page.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::error::Result;

/// Files by path, each with its type.
pub(crate) type Files = BTreeMap<&'static str, (&'static str, Vec<u8>)>;

/// Brotli at its strongest, as the kiosk's files have it.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, 4_096, 11, 22).write_all(bytes)?;
    Ok(packed)
}

/// Serves them; answers the address.
pub(crate) async fn serve(files: Files) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}/", listener.local_addr()?);
    let mut packed = BTreeMap::new();
    for (path, (kind, bytes)) in files {
        packed.insert(path, (kind, brotli(&bytes)?));
    }
    let packed = Arc::new(packed);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_all(stream, Arc::clone(&packed)));
        }
    });
    Ok(address)
}

type Packed = BTreeMap<&'static str, (&'static str, Vec<u8>)>;

async fn answer_all(mut stream: TcpStream, files: Arc<Packed>) {
    stream.set_nodelay(true).ok();
    let mut held = Vec::new();
    loop {
        while let Some(end) = held.windows(4).position(|part| part == b"\r\n\r\n") {
            let request: Vec<u8> = held.drain(..end + 4).collect();
            if answer(&mut stream, &request, &files).await.is_err() {
                return;
            }
        }
        match stream.read_buf(&mut held).await {
            Ok(read) if read > 0 => {}
            _ => return,
        }
    }
}

async fn answer(stream: &mut TcpStream, request: &[u8], files: &Packed) -> std::io::Result<()> {
    let text = String::from_utf8_lossy(request);
    let path = text.split(' ').nth(1).unwrap_or_default();
    let Some((kind, body)) = files.get(path) else {
        let none = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        return stream.write_all(none.as_bytes()).await;
    };
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
