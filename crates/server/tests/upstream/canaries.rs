//! Keys that would be recognised anywhere they turn up.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiosk_server::storage::Realm;
use serde_json::{Value, json};
use tracing::Level;

use crate::booth::{Booth, TABLET, question, skt};
use crate::fake::{Act, Fake, end, text, words};

/// The value of `SKT_KEY`, and one that `booth.toml` holds.
const KEYS: [&str; 2] = ["key-of-skt", "canary-of-a-header"];
/// A table with both, and nobody who stands in.
const WITH_KEYS: &str =
    "fallbacks = []\napi_key_env = \"SKT_KEY\"\nextra_headers = { x-key = \"canary-of-a-header\" }";
/// What a service may make of what it was sent.
const ECHO: &str = "{\"error\":{\"message\":\"own words: Bearer key-of-skt, canary-of-a-header, key-of-********\",\"input\":\"제 이름은 홍길동, 010-1234-5678\"}}";

/// Everything that is logged meanwhile.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub(crate) fn keep(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// Waits until this was logged so often.
    pub(crate) async fn until(&self, words: &str, count: usize) -> String {
        for _ in 0..200 {
            if self.text().matches(words).count() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let text = self.text();
        assert!(text.matches(words).count() >= count, "{words:?}: {text}");
        text
    }
}

#[tokio::test]
async fn what_a_service_says_of_a_refusal_is_in_the_log_without_what_it_was_sent() {
    let log = Log::default();
    let _kept = log.keep();
    let fake = Fake::start(Act::Status(400, None, ECHO)).await;
    let booth = Booth::start(&skt(&fake.base_url, WITH_KEYS, "")).await;
    let mut body = question(false);
    body["messages"][0]["content"] = json!("제 이름은 홍길동, 010-1234-5678");
    let told = booth.send(TABLET, &body).await.text().await.unwrap();
    assert!(!told.contains("own words"), "{told}");
    let logged = log.until("a service refused", 1).await;
    assert!(logged.contains("own words"), "{logged}");
    for secret in ["홍길동", "1234-5678", "key-of-skt", "canary-of"] {
        assert!(!logged.contains(secret), "{secret}: {logged}");
    }
}

/// An echo beside words of an answer.
fn beside() -> String {
    let mut both: Value = serde_json::from_str(ECHO).unwrap();
    both["choices"] = json!([{"index": 0, "delta": {"content": "가나다라마바사"}}]);
    format!("data: {both}\n\n")
}

#[tokio::test]
async fn what_a_service_reports_inside_its_answer_is_in_the_log_without_what_it_was_sent() {
    let error = || format!("data: {ECHO}\n\n");
    for act in [
        Act::Stream(vec![error()]),
        Act::Stream(vec![text("가"), error()]),
        Act::Stream(vec![text("가"), beside()]),
        Act::Stream(vec![format!("event: error\n{}", error())]),
        Act::Body("application/json", ECHO.to_owned()),
    ] {
        let log = Log::default();
        let _kept = log.keep();
        let fake = Fake::start(act.clone()).await;
        let upstream = "[upstream]\nallow_private = true\nretries = 0\n";
        let booth = Booth::start(&skt(&fake.base_url, WITH_KEYS, upstream)).await;
        let mut body = question(true);
        body["messages"][0]["content"] = json!("제 이름은 홍길동, 010-1234-5678");
        let told = booth.send(TABLET, &body).await.text().await.unwrap();
        assert!(!told.contains("own words"), "{told}");
        let logged = log.until("a service failed inside its answer", 1).await;
        assert!(logged.contains("own words"), "{act:?}: {logged}");
        for secret in ["홍길동", "1234-5678", "key-of-skt", "canary-of", "가나다라"] {
            assert!(!logged.contains(secret), "{act:?}, {secret}: {logged}");
        }
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_in_the_log() {
    let log = Log::default();
    let _kept = log.keep();
    let page = "<html>own words: Bearer key-of-skt</html>".to_owned();
    let fake = Fake::start(Act::Body("text/html", page)).await;
    let booth = Booth::start(&skt(&fake.base_url, WITH_KEYS, "")).await;
    assert_eq!(booth.status(TABLET, &question(false)).await, 502);
    let logged = log.until("a service refused", 1).await;
    assert!(
        logged.contains("own words") && !logged.contains("key-of-skt"),
        "{logged}"
    );
}

/// What each call of the description and each page answers, whoever asks.
async fn everything_told(booth: &Booth) -> Vec<String> {
    let mut seen = Vec::new();
    let document: Value = booth
        .get("/openapi.json")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let calls = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(move |method| (method.to_uppercase(), path.clone()))
    });
    let pages = [
        "/",
        "/console",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/api/feedback/export?format=jsonl",
        "/api/feedback/export?format=csv",
        "/nothing",
    ];
    let pages = pages.map(|page| ("GET".to_owned(), page.to_owned()));
    let calls: Vec<(String, String)> = calls
        .chain(pages)
        .filter(|(method, path)| (method.as_str(), path.as_str()) != ("DELETE", "/api/session"))
        .collect();
    let lead = booth.signed_in_as(Realm::Staff, "lead").await;
    let organiser = booth.signed_in_as(Realm::Organiser, "organiser").await;
    let tablet = format!("Bearer {TABLET}");
    for (name, value) in [
        ("authorization", &tablet),
        ("cookie", &lead),
        ("cookie", &organiser),
    ] {
        let mut heard = 0;
        for (method, path) in &calls {
            let path = path.replace("{id}", "skt").replace("{name}", "nobody");
            let asked = booth.request(method.parse().unwrap(), &path);
            let asked = asked
                .header(name, value)
                .header("origin", booth.url("").trim_end_matches('/'));
            let asked = if method == "POST" {
                asked.json(&json!({}))
            } else {
                asked
            };
            let response = asked.send().await.unwrap();
            heard += usize::from(response.status().is_success());
            seen.push(format!("{method} {path}: {:?}", response.headers()));
            // Streams of commands have no end.
            let body = tokio::time::timeout(Duration::from_millis(500), response.bytes()).await;
            if let Ok(body) = body {
                seen.push(String::from_utf8_lossy(&body.unwrap()).into_owned());
            }
        }
        assert!(heard >= 10, "{name} was refused nearly everything: {heard}");
    }
    seen
}

/// What lies on the disk.
fn everything_kept(folder: &Path) -> Vec<String> {
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            seen.extend(everything_kept(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            seen.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    assert!(!seen.is_empty());
    seen
}

#[tokio::test]
async fn keys_turn_up_nowhere() {
    let log = Log::default();
    let _kept = log.keep();
    let fake = Fake::start(words(&["네"])).await;
    let upstream = "[upstream]\nallow_private = true\nretries = 0\nfirst_token_timeout_secs = 1\nbetween_tokens_timeout_secs = 1\n[limits]\nrequests_per_minute = 1000\n";
    let booth = Booth::start(&skt(&fake.base_url, WITH_KEYS, upstream)).await;
    let mut seen = Vec::new();
    let statuses = [302, 400, 401, 403, 404, 429, 500, 503];
    let error = format!("data: {ECHO}\n\n");
    let acts = statuses
        .map(|status| Act::Status(status, Some(1), ECHO))
        .into_iter()
        .chain([
            Act::Body("text/html", ECHO.to_owned()),
            Act::Body("application/json", ECHO.to_owned()),
            Act::Stream(vec![error.clone()]),
            Act::Stream(vec![text("가"), error]),
            Act::Stall(vec![text("가")]),
            Act::Cut(vec![text("가")]),
            Act::Hang,
            Act::Stream(vec![text("가"), end(10)]),
        ]);
    for act in acts {
        for stream in [false, true] {
            fake.next([act.clone()]);
            let request = booth
                .ask(TABLET, &question(stream))
                .header("Booth-Events", "1");
            let response = request.send().await.unwrap();
            seen.push(format!("{:?}", response.headers()));
            seen.push(response.text().await.unwrap());
        }
    }
    seen.extend(everything_told(&booth).await);
    seen.extend(everything_kept(&booth.data()));
    seen.push(format!("{:?}", booth.state.config));
    // All were sent the keys, and all that refused are logged.
    assert!(fake.requests().iter().all(|(headers, _)| {
        headers["authorization"] == "Bearer key-of-skt" && headers["x-key"] == "canary-of-a-header"
    }));
    log.until("a service refused", 2 * (statuses.len() + 1))
        .await;
    seen.push(log.until("a service failed inside its answer", 6).await);
    for text in seen {
        for key in KEYS {
            assert!(!text.contains(key), "{key}: {text}");
        }
    }
}
