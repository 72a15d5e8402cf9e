//! The real server on a free port, with a configuration and tablets of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;
use kiosk_server::app::app;
use kiosk_server::auth::device::token_hash;
use kiosk_server::config::CommandLine;
use kiosk_server::startup;
use kiosk_server::state::AppState;
use kiosk_server::storage::{
    AuditRecord, NewDevice, Person, Realm, SessionRecord, Storage, sqlite,
};
use kiosk_wire::event_stream::EventStreamDecoder;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

pub(crate) const TABLET: &str = "token-of-the-first-tablet";
pub(crate) const OTHER_TABLET: &str = "token-of-the-other-tablet";

pub(crate) struct Booth {
    pub(crate) state: AppState,
    address: SocketAddr,
    client: Client,
    folder: tempfile::TempDir,
}

impl Booth {
    /// Starts with this `booth.toml`.
    pub(crate) async fn start(config: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("booth.toml");
        std::fs::write(&file, config).unwrap();
        let command_line = CommandLine {
            config: Some(file),
            listen: Some("127.0.0.1:0".parse().unwrap()),
            data_dir: Some(data.path().join("data")),
            event_dir: None,
        };
        keep_credentials(&data.path().join("data")).await;
        let environment = BTreeMap::from([("SKT_KEY".to_owned(), "key-of-skt".to_owned())]);
        let started = startup::start(&command_line, &environment).await.unwrap();
        let state = started.state;
        for (number, token) in [(1, TABLET), (2, OTHER_TABLET)] {
            let device = NewDevice {
                id: format!("00000000-0000-4000-8000-00000000000{number}"),
                name: format!("tablet {number}"),
                token_hash: token_hash(token),
            };
            state
                .storage
                .register_device(device, state.clock.now(), registration())
                .await
                .unwrap();
        }
        started.listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(started.listener).unwrap();
        let address = listener.local_addr().unwrap();
        let service = app(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self {
            state,
            address,
            client: Client::builder().no_proxy().build().unwrap(),
            folder: data,
        }
    }

    /// A booth where SKT's model is at `base_url` and nothing stands in for it.
    pub(crate) async fn without_fallback(base_url: &str) -> Self {
        Self::start(&skt(base_url, "fallbacks = []", "")).await
    }

    /// Where everything is kept.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The cookie of somebody with this role.
    pub(crate) async fn signed_in_as(&self, realm: Realm, role: &str) -> String {
        let token = format!("session-of-{role}");
        let storage = &self.state.storage;
        let somebody = person(realm, "somebody", role);
        storage.put_credentials(vec![somebody], None).await.unwrap();
        let now = self.state.clock.now();
        let session = SessionRecord {
            token_hash: token_hash(&token),
            name: "somebody".to_owned(),
            role: role.to_owned(),
            expires_at: now + SignedDuration::from_hours(1),
        };
        let started = storage.start_session(session, now, registration()).await;
        assert!(started.unwrap());
        format!("booth_session={token}")
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    pub(crate) fn ask(&self, token: &str, body: &Value) -> RequestBuilder {
        self.post("/v1/chat/completions")
            .bearer_auth(token)
            .json(body)
    }

    pub(crate) async fn send(&self, token: &str, body: &Value) -> Response {
        self.ask(token, body).send().await.unwrap()
    }

    pub(crate) async fn status(&self, token: &str, body: &Value) -> StatusCode {
        self.send(token, body).await.status()
    }

    pub(crate) async fn answer(&self, token: &str, body: &Value) -> Value {
        self.send(token, body).await.json().await.unwrap()
    }

    /// Sends a question and reads the whole stream.
    pub(crate) async fn stream(&self, request: RequestBuilder) -> Stream {
        Stream::new(request.send().await.unwrap())
    }

    /// Asks the usual question; answers every chunk, and whether `[DONE]` was the last.
    pub(crate) async fn whole_stream(&self) -> (Vec<Value>, bool) {
        let asked = self.ask(TABLET, &question(true));
        self.stream(asked).await.rest().await
    }

    /// Asks the usual question; answers the texts of the first chunks, so many.
    pub(crate) async fn first_texts(&self, count: usize) -> Vec<Value> {
        let mut stream = self.stream(self.ask(TABLET, &question(true))).await;
        let mut told = Vec::new();
        for _ in 0..count {
            told.push(stream.next_json().await["choices"][0]["delta"]["content"].clone());
        }
        told
    }

    pub(crate) async fn cancel(&self, token: &str, request_id: &str) -> u16 {
        let path = format!("/v1/chat/completions/{request_id}/cancel");
        self.post(&path)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }
}

fn registration() -> AuditRecord {
    AuditRecord {
        at: jiff::Timestamp::UNIX_EPOCH,
        who: "tests".to_owned(),
        action: "device.pair".to_owned(),
        target: "tablet".to_owned(),
    }
}

fn person(realm: Realm, name: &str, role: &str) -> Person {
    Person {
        realm,
        name: name.to_owned(),
        role: role.to_owned(),
        secret_hash: "of nothing".to_owned(),
    }
}

/// Nobody signs in here by a secret, and hashing first-run secrets is slow on purpose.
async fn keep_credentials(data: &Path) {
    std::fs::create_dir(data).unwrap();
    let storage = sqlite::open(&data.join("booth.sqlite3")).unwrap();
    let people = vec![
        person(Realm::Staff, "first", "lead"),
        person(Realm::Organiser, "first", "organiser"),
    ];
    let verifier = "pbkdf2-sha256$1$c2FsdA$aGFzaA".to_owned();
    storage
        .put_credentials(people, Some(verifier))
        .await
        .unwrap();
    storage.close().await;
}

/// `booth.toml` with SKT's table, further keys of it, and further sections.
pub(crate) fn skt(base_url: &str, keys: &str, sections: &str) -> String {
    let upstream = if sections.contains("[upstream]") {
        ""
    } else {
        "[upstream]\nallow_private = true\n"
    };
    format!(
        "{upstream}{sections}\n[teams.skt]\nbase_url = \"{base_url}\"\nmodel = \"A.X-real\"\nrecipient = \"Tests\"\n{keys}\n"
    )
}

/// A question to SKT.
pub(crate) fn question(stream: bool) -> Value {
    json!({"model": "skt", "stream": stream, "messages": [{"role": "user", "content": "안녕?"}]})
}

/// An event stream being read.
pub(crate) struct Stream {
    response: Response,
    decoder: EventStreamDecoder,
    ready: std::collections::VecDeque<String>,
    pub(crate) comments: usize,
}

impl Stream {
    pub(crate) fn new(response: Response) -> Self {
        Self {
            response,
            decoder: EventStreamDecoder::new(),
            ready: std::collections::VecDeque::new(),
            comments: 0,
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The next `data:`; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<String> {
        while self.ready.is_empty() {
            let bytes = timeout(Duration::from_secs(20), self.response.chunk())
                .await
                .unwrap()
                .unwrap()?;
            self.comments += usize::from(bytes.starts_with(b":"));
            self.ready.extend(
                self.decoder
                    .push(&bytes)
                    .unwrap()
                    .into_iter()
                    .map(|event| event.data),
            );
        }
        self.ready.pop_front()
    }

    pub(crate) async fn next_json(&mut self) -> Value {
        serde_json::from_str(&self.next().await.unwrap()).unwrap()
    }

    /// Everything to the end: the chunks, and whether `[DONE]` was the last.
    pub(crate) async fn rest(mut self) -> (Vec<Value>, bool) {
        let mut data = Vec::new();
        while let Some(next) = self.next().await {
            data.push(next);
        }
        let done = data.last().is_some_and(|last| last == "[DONE]");
        let chunks = data.iter().filter(|data| *data != "[DONE]");
        (
            chunks
                .map(|chunk| serde_json::from_str(chunk).unwrap())
                .collect(),
            done,
        )
    }
}

/// The text of all chunks.
pub(crate) fn text_of(chunks: &[Value]) -> String {
    chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
        .collect()
}
