//! One connection of the browser: one request, its way to the server and the answer's way back.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::http::Message;
use super::{Asked, Fault, SERVER_AWAY, Shared, lock};

const RECORDER: &str = include_str!("recorder.js");
const RECORDER_PATH: &str = "/__recorder.js";
const RECORDER_TAG: &str = "<script src=\"/__recorder.js\"></script>";
const ERRORS_PATH: &str = "/__errors";
/// How soon a request that hangs notices that the fault is over.
const HANG_STEP: Duration = Duration::from_millis(20);

pub(super) async fn serve(mut client: TcpStream, shared: Arc<Shared>) {
    client.set_nodelay(true).ok();
    let mut cuts = shared.cuts.subscribe();
    tokio::select! {
        _ = cuts.changed() => {}
        served = exchange(&mut client, &shared) => { served.ok(); }
    }
}

async fn exchange(client: &mut TcpStream, shared: &Shared) -> io::Result<()> {
    let Some(mut request) = Message::read(client).await? else {
        return Ok(());
    };
    request.read_body(client).await?;
    let target = request.word(1).to_owned();
    let path = target.split('?').next().unwrap_or_default();
    match path {
        RECORDER_PATH => return client.write_all(&recorder()).await,
        ERRORS_PATH => {
            shared.add_error(&String::from_utf8_lossy(&request.body));
            let taken = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            return client.write_all(taken).await;
        }
        _ => {}
    }
    let asked = Asked {
        method: request.word(0).to_owned(),
        target: target.clone(),
    };
    let name = format!("{} {path}", asked.method);
    lock(&shared.asked).push(asked);
    if shared.is_down.load(Ordering::SeqCst) {
        return Ok(());
    }
    if let Some(fault) = shared.fault_of(path) {
        while fault != Fault::Refuse && shared.fault_of(path).is_some() {
            tokio::time::sleep(HANG_STEP).await;
        }
        if fault != Fault::Late {
            return Ok(());
        }
    }
    let change = match shared.appended_to(path) {
        Some(text) => Change::Append(text),
        None if is_page(path) => Change::Record,
        None => Change::Nothing,
    };
    prepare(&mut request, &change);
    let (mut from_client, mut to_client) = client.split();
    let answering = async {
        let Some((head, server)) = ask(shared, &request, &name).await else {
            return Ok(());
        };
        answer(head, server, &mut to_client, &change).await
    };
    tokio::select! {
        answered = answering => answered,
        // The browser gave up: so must the server see it.
        () = end_of(&mut from_client) => Ok(()),
    }
}

/// What is done to a text on its way back.
enum Change {
    Nothing,
    /// A page gets the recorder.
    Record,
    Append(String),
}

/// One request a connection, and what is changed as readable text of known end.
fn prepare(request: &mut Message, change: &Change) {
    request.remove("keep-alive");
    request.set("Connection", "close");
    if !matches!(change, Change::Nothing) {
        request.remove("accept-encoding");
        request.remove("if-none-match");
        request.first_line = request.first_line.replace("HTTP/1.1", "HTTP/1.0");
    }
}

/// The head of the server's answer and the rest of its connection.
async fn ask(shared: &Shared, request: &Message, name: &str) -> Option<(Message, TcpStream)> {
    let asked = async {
        let mut server = TcpStream::connect(&shared.upstream).await?;
        server.set_nodelay(true)?;
        server.write_all(&request.to_bytes()).await?;
        let head = Message::read(&mut server).await?;
        io::Result::Ok(head.map(|head| (head, server)))
    };
    let answer = asked.await.ok().flatten();
    match &answer {
        None => lock(&shared.failures).push(format!("{name}: {SERVER_AWAY}")),
        Some((head, _)) => {
            let status: u16 = head.word(1).parse().unwrap_or_default();
            if status >= 400 && !is_late_cancel(name, status) {
                lock(&shared.failures).push(format!("{name} was answered {status}"));
            }
        }
    }
    answer
}

/// An answer that ends just before its cancellation arrives is "already over" by the contract.
fn is_late_cancel(name: &str, status: u16) -> bool {
    status == 404 && name.ends_with("/cancel")
}

async fn answer(
    mut head: Message,
    mut server: TcpStream,
    client: &mut (impl tokio::io::AsyncWrite + Unpin),
    change: &Change,
) -> io::Result<()> {
    head.remove("keep-alive");
    head.set("Connection", "close");
    head.first_line = head.first_line.replace("HTTP/1.0", "HTTP/1.1");
    let is_html = head
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    let is_changed = match change {
        Change::Nothing => false,
        Change::Record => is_html,
        Change::Append(_) => true,
    };
    if is_changed {
        server.read_to_end(&mut head.body).await?;
        match change {
            Change::Append(text) => head.body.extend_from_slice(text.as_bytes()),
            Change::Nothing | Change::Record => head.body = with_recorder(&head.body),
        }
        head.remove("etag");
        head.set("Content-Length", head.body.len().to_string());
        return client.write_all(&head.to_bytes()).await;
    }
    client.write_all(&head.to_bytes()).await?;
    let mut part = vec![0; 64 * 1024];
    loop {
        let count = server.read(&mut part).await?;
        if count == 0 {
            return client.shutdown().await;
        }
        client.write_all(&part[..count]).await?;
    }
}

/// Paths that are answered with a page have no file's name.
fn is_page(path: &str) -> bool {
    let is_interface = ["/api/", "/v1/"].iter().any(|root| path.starts_with(root));
    let extension = Path::new(path).extension();
    !is_interface && extension.is_none_or(|extension| extension == "html")
}

fn with_recorder(page: &[u8]) -> Vec<u8> {
    let page = String::from_utf8_lossy(page);
    let at = page.find("<head>").map_or(0, |at| at + "<head>".len());
    let (before, after) = page.split_at(at);
    [before, RECORDER_TAG, after].concat().into_bytes()
}

fn recorder() -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nCache-Control: no-store\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{RECORDER}",
        RECORDER.len()
    )
    .into_bytes()
}

async fn end_of(stream: &mut (impl AsyncRead + Unpin)) {
    let mut rest = [0; 256];
    while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_are_changed() {
        for page in [
            "/",
            "/console",
            "/console/fleet",
            "/index.html",
            "/any/page",
        ] {
            assert!(is_page(page), "{page}");
        }
        for other in ["/boot.js", "/api/event", "/v1/models", "/fonts/a.woff2"] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn the_recorder_runs_first() {
        let page = with_recorder(b"<html><head><meta charset=utf-8></head></html>");
        let page = String::from_utf8(page).unwrap();
        assert!(page.starts_with("<html><head><script src=\"/__recorder.js\"></script><meta"));
        assert!(with_recorder(b"<p>a</p>").starts_with(RECORDER_TAG.as_bytes()));
    }
}
