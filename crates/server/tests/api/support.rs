//! A server without a socket: the real router, a fake clock, a database in a temporary folder.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
};
use jiff::Timestamp;
use kiosk_server::{
    app::{app, around_all},
    assets::{self, Assets},
    auth::{device::token_hash, people::SESSION_LENGTH, secret, throttle::Throttle},
    bell::Bell,
    clock::{Clock, FakeClock},
    config::Config,
    llm::ChatService,
    random,
    routes::event::EventDocument,
    state::AppState,
    storage::{AuditRecord, Person, Realm, SessionRecord, Storage, sqlite},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const PIN: &str = "493817";
pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const PANEL_VERIFIER: &str = "pbkdf2-sha256$1$c2FsdA$aGFzaA";
pub(crate) const VISIT: &str = "7d444840-9dc0-4d1e-b245-5ffdce74fad2";
const HOST: &str = "127.0.0.1:8080";

pub(crate) struct Server {
    pub(crate) state: AppState,
    pub(crate) clock: Arc<FakeClock>,
    router: Router,
    folder: TempDir,
}

/// Hashing is slow on purpose; every test uses the same secrets.
fn people() -> Vec<Person> {
    static PEOPLE: OnceLock<Vec<Person>> = OnceLock::new();
    let person = |realm, name: &str, role: &str, secret: &str| Person {
        realm,
        name: name.to_owned(),
        role: role.to_owned(),
        secret_hash: secret::hash(secret).unwrap(),
    };
    PEOPLE
        .get_or_init(|| {
            vec![
                person(Realm::Staff, "first", "lead", PIN),
                person(Realm::Organiser, "first", "organiser", PASSWORD),
                person(Realm::Team, "first", "team:skt", PASSWORD),
            ]
        })
        .clone()
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let storage: Arc<dyn Storage> =
            Arc::new(sqlite::open(&folder.path().join("booth.sqlite3")).unwrap());
        storage
            .put_credentials(people(), Some(PANEL_VERIFIER.to_owned()))
            .await
            .unwrap();
        let clock = Arc::new(FakeClock::new(
            "2025-12-30T05:31:06Z".parse::<Timestamp>().unwrap(),
        ));
        Self::made(config, storage, clock, folder)
    }

    /// One more server on the database of another one.
    pub(crate) fn on(storage: Arc<dyn Storage>, clock: Arc<FakeClock>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::made(Config::default(), storage, clock, folder)
    }

    fn made(
        mut config: Config,
        storage: Arc<dyn Storage>,
        clock: Arc<FakeClock>,
        folder: TempDir,
    ) -> Self {
        folder.path().clone_into(&mut config.server.data_dir);
        let as_clock: Arc<dyn Clock> = clock.clone();
        let content = Arc::new(kiosk_content::load(&assets::built_in_event()).unwrap());
        let chat = ChatService::new(
            Arc::clone(&content),
            &config,
            Arc::clone(&storage),
            Arc::clone(&as_clock),
        )
        .unwrap();
        let event = EventDocument::new(&content, &config, chat.recipients(), "1.0.0+test").unwrap();
        let state = AppState {
            content,
            config: Arc::new(config),
            clock: as_clock,
            storage,
            summaries: Arc::default(),
            known_tokens: Arc::default(),
            chat: Arc::new(chat),
            event: Arc::new(event),
            throttle: Arc::new(Throttle::default()),
            bell: Arc::new(Bell::default()),
            hash_key: Arc::from(*b"0123456789abcdef0123456789abcdef"),
            panel_verifier: Arc::from(PANEL_VERIFIER),
            assets: Arc::new(Assets::from_files([
                ("index.html", "<!doctype html><title>app</title>"),
                ("kiosk-0123456789abcdef_bg.wasm", "\0asm"),
                ("kiosk-0123456789abcdef_bg.wasm.br", "brotli"),
                ("sw.js", "worker"),
            ])),
        };
        Self {
            router: app(state.clone()),
            state,
            clock,
            folder,
        }
    }

    /// With these endpoints instead of ours.
    pub(crate) fn serving(mut self, endpoints: Router<AppState>) -> Self {
        self.router = around_all(endpoints, self.state.clone());
        self
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("booth.sqlite3")
    }

    /// The response as soon as it begins.
    pub(crate) async fn begin(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.begin(request).await;
        let status = response.status();
        let headers = response.headers().clone();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        Answer {
            status,
            headers,
            body: body.to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(call(Method::GET, path).build()).await
    }

    /// A question of somebody who is signed in.
    pub(crate) async fn read(&self, cookie: &str, path: &str) -> Answer {
        self.send(call(Method::GET, path).cookie(cookie).build())
            .await
    }

    /// A change by somebody who is signed in, from our own page.
    pub(crate) async fn act(
        &self,
        cookie: &str,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Answer {
        let request = call(method, path).cookie(cookie).same_origin();
        self.send(request.json(body)).await
    }

    /// A heartbeat.
    pub(crate) async fn beat(&self, device: &Device, body: &Value) -> Answer {
        let request = call(Method::POST, "/api/devices/me/heartbeat").token(&device.token);
        self.send(request.json(body)).await
    }

    /// Somebody with this role who is signed in, without the slow hashing of a real sign-in.
    pub(crate) async fn signed_in_as(&self, name: &str, role: &str) -> String {
        let person = Person {
            realm: match role {
                "organiser" => Realm::Organiser,
                "staff" | "lead" => Realm::Staff,
                _ => Realm::Team,
            },
            name: name.to_owned(),
            role: role.to_owned(),
            secret_hash: "of nothing".to_owned(),
        };
        let now = self.clock.now();
        let token = random::token().unwrap();
        let session = SessionRecord {
            token_hash: token_hash(&token),
            name: name.to_owned(),
            role: role.to_owned(),
            expires_at: now + SESSION_LENGTH,
        };
        let storage = &self.state.storage;
        storage.put_credentials(vec![person], None).await.unwrap();
        let started = storage.start_session(session, now, audit_record()).await;
        assert!(started.unwrap());
        format!("booth_session={token}")
    }

    pub(crate) async fn register(&self, name: &str) -> Device {
        let answer = self
            .send(call(Method::POST, "/api/devices").json(&json!({"name": name})))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED);
        let body = answer.json();
        Device {
            id: body["device_id"].as_str().unwrap().to_owned(),
            token: body["token"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn sign_in(&self, role: &str, secret: &str) -> String {
        let answer = self
            .send(call(Method::POST, "/api/session").json(&json!({"role": role, "secret": secret})))
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.cookie()
    }

    pub(crate) async fn organiser(&self) -> String {
        self.sign_in("organiser", PASSWORD).await
    }

    pub(crate) async fn post_items(&self, device: &Device, items: &[Value]) -> Answer {
        let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": items});
        self.send(
            call(Method::POST, "/api/feedback")
                .token(&device.token)
                .json(&batch),
        )
        .await
    }

    /// The receipts' statuses.
    pub(crate) async fn statuses(&self, device: &Device, items: &[Value]) -> Vec<String> {
        let answer = self.post_items(device, items).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let statuses = answer.json()["receipts"].as_array().unwrap().clone();
        statuses
            .iter()
            .map(|r| r["status"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) async fn items(&self, cookie: &str, query: &str) -> Vec<Value> {
        let path = format!("/api/feedback{query}");
        let answer = self.read(cookie, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["items"].as_array().unwrap().clone()
    }
}

pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) token: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }

    /// Asserts a problem document with this status and code.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code);
        assert_eq!(problem["status"], status);
        assert!(
            problem["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty())
        );
    }
}

impl Answer {
    /// Asserts an error object of `/v1` with this status and code.
    #[track_caller]
    pub(crate) fn assert_openai(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        let error = &self.json()["error"];
        assert_eq!(error["code"], code);
        for text in ["message", "type"] {
            assert!(error[text].as_str().is_some_and(|text| !text.is_empty()));
        }
    }
}

/// A request in the making, from loopback unless it says otherwise.
pub(crate) struct Call {
    builder: axum::http::request::Builder,
    peer: SocketAddr,
}

pub(crate) fn call(method: Method, path: &str) -> Call {
    let builder = Request::builder().method(method).uri(path);
    Call {
        builder,
        peer: SocketAddr::from(([127, 0, 0, 1], 50_000)),
    }
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn cookie(self, cookie: &str) -> Self {
        self.header("cookie", cookie)
    }

    pub(crate) fn same_origin(self) -> Self {
        self.header("origin", &format!("http://{HOST}"))
    }

    pub(crate) fn from(mut self, peer: [u8; 4]) -> Self {
        self.peer = SocketAddr::from((peer, 50_000));
        self
    }

    pub(crate) fn build(self) -> Request<Body> {
        self.body(Body::empty())
    }

    pub(crate) fn json(self, value: &Value) -> Request<Body> {
        self.header("content-type", "application/json")
            .body(Body::from(value.to_string()))
    }

    pub(crate) fn body(self, body: Body) -> Request<Body> {
        let mut request = self.builder.body(body).unwrap();
        let host = axum::http::HeaderValue::from_static(HOST);
        request.headers_mut().entry(header::HOST).or_insert(host);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        request
    }
}

/// A line of the audit for changes that tests make behind the router's back.
pub(crate) fn audit_record() -> AuditRecord {
    AuditRecord {
        at: Timestamp::UNIX_EPOCH,
        who: "tests".to_owned(),
        action: "none".to_owned(),
        target: "none".to_owned(),
    }
}

/// A valid entry of kind `visit`; `n` makes id and sequence number.
pub(crate) fn visit(n: u64) -> Value {
    json!({
        "id": entry_id(n), "seq": n, "visit_id": VISIT, "team": "skt", "demo": "chat",
        "kind": "visit", "created_at": "2025-12-30T14:31:05.120+09:00", "language": "ko",
        "rating": 4, "thumb": null, "tags": ["fast"], "comment": null,
        "answers": {"ai_level": "beginner"}, "consent": "rating", "share_with_team": false,
        "display_consent": false, "age_14_or_over": true,
        "served": {"model": 3, "guide": 0, "models": ["A.X-K1"]}, "exchange": null,
        "conversation": null, "truncated": false, "outcome": null, "origin": "visitor",
        "survey_version": "9f2c", "app_build": "1.0.0+abc1234"
    })
}

pub(crate) fn entry_id(n: u64) -> String {
    format!("0193f0c2-0000-7000-8000-{n:012x}")
}

/// The entry with some fields replaced.
pub(crate) fn with(mut entry: Value, fields: &Value) -> Value {
    for (key, value) in fields.as_object().unwrap() {
        entry[key] = value.clone();
    }
    entry
}
