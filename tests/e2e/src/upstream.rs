//! A team's model on this machine: speaks the `OpenAI` protocol and says what it was told to.
//!
//! Owns a listening socket, the script and the count of requests that are open. Invariant: a
//! request counts as open until its connection has ended, whoever ended it.

mod say;
mod script;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::{Error, Result};

pub use script::{Ending, Script};

/// A running model.
pub struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

struct Shared {
    script: Mutex<Script>,
    /// Said before it, one a request.
    once: Mutex<VecDeque<Script>>,
    open: AtomicUsize,
    requests: Mutex<Vec<Value>>,
}

impl Shared {
    fn next_script(&self) -> Option<Script> {
        let once = self.once.lock().ok()?.pop_front();
        once.or_else(|| Some(self.script.lock().ok()?.clone()))
    }
}

impl Upstream {
    /// Listens on a port of its own.
    pub async fn start(script: Script) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            once: Mutex::default(),
            open: AtomicUsize::new(0),
            requests: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&serving)));
            }
        });
        Ok(Self {
            address,
            shared,
            listening,
        })
    }

    /// What goes into a team's `base_url`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Changes what is said from the next request on.
    pub fn say(&self, script: Script) {
        if let Ok(mut current) = self.shared.script.lock() {
            *current = script;
        }
    }

    /// Says this to the next request alone, after what was asked for earlier.
    pub fn say_once(&self, script: Script) {
        if let Ok(mut once) = self.shared.once.lock() {
            once.push_back(script);
        }
    }

    /// How many requests are being answered.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// The bodies of all chat requests so far.
    pub fn requests(&self) -> Vec<Value> {
        self.shared
            .requests
            .lock()
            .map(|requests| requests.clone())
            .unwrap_or_default()
    }

    /// Waits until this many requests are open.
    pub async fn wait_for_open(&self, count: usize, limit: Duration) -> Result<()> {
        wait_for("open upstream requests", count, limit, || self.open()).await
    }

    /// Waits until this many requests have come, ended or not.
    pub async fn wait_for_requests(&self, count: usize, limit: Duration) -> Result<()> {
        let come = || self.requests().len();
        wait_for("upstream requests", count, limit, come).await
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn wait_for(
    what: &str,
    count: usize,
    limit: Duration,
    look: impl Fn() -> usize,
) -> Result<()> {
    let start = Instant::now();
    while look() != count {
        if start.elapsed() > limit {
            return Err(Error::Timeout {
                what: format!("{count} {what}"),
                instead: format!("{}", look()),
            });
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    stream.set_nodelay(true).ok();
    let Ok(Some((path, body))) = read_request(&mut stream).await else {
        return;
    };
    if !path.ends_with("/chat/completions") {
        say::refuse(&mut stream, 404, "").await.ok();
        return;
    }
    let stream_wanted = body["stream"] == true;
    let question = last_question(&body);
    if let Ok(mut requests) = shared.requests.lock() {
        requests.push(body);
    }
    let Some(script) = shared.next_script() else {
        return;
    };
    let script = script.to(&question);
    shared.open.fetch_add(1, Ordering::SeqCst);
    let spoken = say::say(&mut stream, &script, stream_wanted).await;
    spoken.ok();
    shared.open.fetch_sub(1, Ordering::SeqCst);
}

/// What the visitor said last.
fn last_question(body: &Value) -> String {
    let messages = body["messages"].as_array().and_then(|all| all.last());
    let text = messages.and_then(|last| last["content"].as_str());
    text.unwrap_or_default().to_owned()
}

/// The path and the JSON body of one request; none if the connection ended before.
async fn read_request(stream: &mut TcpStream) -> Result<Option<(String, Value)>> {
    let mut received = Vec::new();
    let head_end = loop {
        if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut received).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&received[..head_end]).into_owned();
    let length = content_length(&head);
    while received.len() < head_end + length {
        if stream.read_buf(&mut received).await? == 0 {
            return Ok(None);
        }
    }
    let path = head
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let body = serde_json::from_slice(&received[head_end..head_end + length]);
    Ok(Some((path, body.unwrap_or_default())))
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn ask(upstream: &Upstream, stream: bool) -> reqwest::Response {
        reqwest::Client::new()
            .post(format!("{}/chat/completions", upstream.base_url()))
            .json(&json!({ "model": "m", "stream": stream, "messages": [] }))
            .send()
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn it_says_its_script_and_closes() {
        let script = Script::words(3, Duration::from_millis(1));
        let upstream = Upstream::start(script).await.unwrap();
        let text = ask(&upstream, true).await.text().await.unwrap();
        assert_eq!(text.matches("낱말").count(), 3);
        assert!(text.ends_with("data: [DONE]\n\n"));
        let whole: Value = ask(&upstream, false).await.json().await.unwrap();
        assert_eq!(
            whole["choices"][0]["message"]["content"],
            "낱말1 낱말2 낱말3 "
        );
        upstream
            .wait_for_open(0, Duration::from_secs(1))
            .await
            .unwrap();
        assert_eq!(upstream.requests().len(), 2);
    }

    #[tokio::test]
    async fn it_thinks_first_and_ends_as_it_was_told() {
        let script = Script::words(1, Duration::ZERO)
            .thinking(&["흠"])
            .ending(Ending::CutOff);
        let upstream = Upstream::start(script).await.unwrap();
        let mut answer = ask(&upstream, true).await;
        let mut text = String::new();
        let cut = loop {
            match answer.chunk().await {
                Ok(Some(bytes)) => text += &String::from_utf8_lossy(&bytes),
                ended => break ended.is_err(),
            }
        };
        assert!(cut, "it ended well");
        let places = ["\"reasoning_content\":\"흠\"", "낱말1"].map(|part| text.find(part));
        assert!(places[0].is_some() && places[0] < places[1], "{text}");
        assert!(!text.contains("[DONE]"), "{text}");
        upstream.say(Script::refusal(500));
        assert_eq!(ask(&upstream, true).await.status(), 500);
    }

    #[tokio::test]
    async fn it_misbehaves_as_it_was_told() {
        let upstream = Upstream::start(Script::words(1, Duration::ZERO))
            .await
            .unwrap();
        let said = |ending| {
            upstream.say_once(Script::words(1, Duration::ZERO).ending(ending));
            async { ask(&upstream, true).await }
        };
        let limited = said(Ending::Limited(7)).await;
        assert_eq!(limited.status(), 429);
        assert_eq!(limited.headers()["retry-after"], "7");
        let page = said(Ending::Page).await;
        assert_eq!(page.status(), 200);
        assert!(page.text().await.unwrap().starts_with("<!doctype html>"));
        let failed = said(Ending::Error).await.text().await.unwrap();
        assert!(
            failed.contains("낱말1") && failed.contains("\"error\""),
            "{failed}"
        );
        let unreadable = said(Ending::Unreadable).await.bytes().await.unwrap();
        assert!(std::str::from_utf8(&unreadable).is_err());
        let mut stalled = said(Ending::Stall).await;
        let first = stalled.chunk().await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&first).contains("낱말1"));
        let more = tokio::time::timeout(Duration::from_millis(50), stalled.chunk());
        assert!(more.await.is_err(), "it went on");
        drop(stalled);
        let soon = Duration::from_secs(1);
        upstream.wait_for_open(0, soon).await.unwrap();
        let whole = ask(&upstream, true).await.text().await.unwrap();
        assert!(whole.ends_with("data: [DONE]\n\n"), "{whole}");
    }

    #[tokio::test]
    async fn a_dropped_request_is_no_longer_open() {
        let script = Script::words(100, Duration::from_millis(50));
        let upstream = Upstream::start(script).await.unwrap();
        let answer = ask(&upstream, true).await;
        upstream
            .wait_for_open(1, Duration::from_secs(1))
            .await
            .unwrap();
        drop(answer);
        upstream
            .wait_for_open(0, Duration::from_secs(1))
            .await
            .unwrap();
    }
}
