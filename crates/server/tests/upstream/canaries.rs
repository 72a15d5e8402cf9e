//! Keys that would be recognised anywhere they turn up.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tracing::Level;

use crate::booth::{Booth, TABLET, question, skt};
use crate::fake::{Act, Fake, end, text, words};

/// The value of `SKT_KEY`, and one that `booth.toml` holds.
const KEYS: [&str; 2] = ["key-of-skt", "canary-of-a-header"];
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
    let keys = "fallbacks = []\napi_key_env = \"SKT_KEY\"\nextra_headers = { x-key = \"canary-of-a-header\" }";
    let booth = Booth::start(&skt(&fake.base_url, keys, "")).await;
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

#[tokio::test]
async fn keys_turn_up_nowhere() {
    let log = Log::default();
    let _kept = log.keep();
    let fake = Fake::start(words(&["네"])).await;
    let keys = "fallbacks = []\napi_key_env = \"SKT_KEY\"\nextra_headers = { x-key = \"canary-of-a-header\" }";
    let upstream = "[upstream]\nallow_private = true\nretries = 0\nfirst_token_timeout_secs = 1\nbetween_tokens_timeout_secs = 1\n[limits]\nrequests_per_minute = 1000\n";
    let booth = Booth::start(&skt(&fake.base_url, keys, upstream)).await;
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
    for path in [
        "/",
        "/console",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/v1/models",
        "/api/event",
        "/api/teams",
        "/api/devices",
        "/api/feedback",
        "/api/audit",
    ] {
        let response = booth.get(path).bearer_auth(TABLET).send().await.unwrap();
        seen.push(format!("{path}: {:?}", response.headers()));
        seen.push(response.text().await.unwrap());
    }
    seen.push(format!("{:?}", booth.state.config));
    // All were sent the keys, and all that refused are logged.
    assert!(fake.requests().iter().all(|(headers, _)| {
        headers["authorization"] == "Bearer key-of-skt" && headers["x-key"] == "canary-of-a-header"
    }));
    seen.push(log.until("a service refused", 2 * statuses.len()).await);
    for text in seen {
        for key in KEYS {
            assert!(!text.contains(key), "{key}: {text}");
        }
    }
}
