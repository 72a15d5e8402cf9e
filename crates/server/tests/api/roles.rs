//! Every role against every endpoint of the contract, as one table.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};

use crate::support::{Device, PIN, Server, VISIT, audit_record, call};
use kiosk_server::{auth::device::token_hash, storage::NewDevice};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Tablet,
    Staff,
    Lead,
    Organiser,
    TeamSkt,
    TeamUpstage,
}

const EVERYBODY: [Who; 7] = [
    Who::Nobody,
    Who::Tablet,
    Who::Staff,
    Who::Lead,
    Who::Organiser,
    Who::TeamSkt,
    Who::TeamUpstage,
];

/// Who may.
#[derive(Debug, Clone, Copy)]
enum May {
    Anyone,
    Tablets,
    SignedIn,
    Staff,
    Leads,
    Organisers,
    OrganisersAndSkt,
}

/// What is to come of it.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Allowed,
    Unauthorized,
    Forbidden,
}

impl May {
    fn outcome(self, who: Who) -> Outcome {
        let people = |allowed: &[Who]| match who {
            Who::Nobody | Who::Tablet => Outcome::Unauthorized,
            _ if allowed.contains(&who) => Outcome::Allowed,
            _ => Outcome::Forbidden,
        };
        match self {
            Self::Anyone => Outcome::Allowed,
            Self::Tablets if who == Who::Tablet => Outcome::Allowed,
            // A cookie is no token, whosever it is.
            Self::Tablets => Outcome::Unauthorized,
            Self::SignedIn => people(&EVERYBODY),
            Self::Staff => people(&[Who::Staff, Who::Lead, Who::Organiser]),
            Self::Leads => people(&[Who::Lead, Who::Organiser]),
            Self::Organisers => people(&[Who::Organiser]),
            Self::OrganisersAndSkt => people(&[Who::Organiser, Who::TeamSkt]),
        }
    }
}

struct Endpoint {
    method: Method,
    /// `{device}` and `{person}` are made anew for each request.
    path: &'static str,
    body: Value,
    may: May,
}

fn table() -> Vec<Endpoint> {
    let get = |path, may| (Method::GET, path, json!(null), may);
    let post = |path, body, may| (Method::POST, path, body, may);
    let delete = |path, may| (Method::DELETE, path, json!(null), may);
    let sign_in = json!({"role": "staff", "secret": PIN});
    let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": []});
    let question = json!({"model": "skt", "messages": [{"role": "user", "content": "안녕?"}]});
    let rescue = json!({
        "format": "booth-kiosk-rescue", "version": 1, "name": "tablet", "last_seq": 0,
        "device_id": "0a1b2c3d-0000-4000-8000-000000000000", "items": [], "parked": [],
        "saved_at": "2025-12-30T14:31:06+09:00"
    });
    let rows = vec![
        get("/healthz", May::Anyone),
        get("/readyz", May::Anyone),
        // From this machine; tests of its own say who else.
        get("/metrics", May::Anyone),
        get("/openapi.json", May::Anyone),
        get("/api/ping", May::Anyone),
        get("/api/event", May::Anyone),
        post("/api/devices", json!({"name": "tablet"}), May::Anyone),
        post("/api/session", sign_in, May::Anyone),
        get("/api/session", May::SignedIn),
        delete("/api/session", May::Anyone),
        post("/api/devices/me/heartbeat", json!({}), May::Tablets),
        get("/api/devices/me/commands", May::Tablets),
        post("/api/feedback", batch, May::Tablets),
        get("/v1/models", May::Tablets),
        get("/v1/models/skt", May::Tablets),
        post("/v1/chat/completions", question, May::Tablets),
        post(
            "/v1/chat/completions/0a1b2c3d-0000-4000-8000-000000000000/cancel",
            json!(null),
            May::Tablets,
        ),
        get("/api/devices", May::Staff),
        post(
            "/api/devices/{device}/commands",
            json!({"kind": "reset"}),
            May::Staff,
        ),
        post(
            "/api/devices/all/commands",
            json!({"kind": "unlock"}),
            May::Staff,
        ),
        post("/api/pairing-codes", json!(null), May::Staff),
        delete("/api/devices/{device}", May::Staff),
        get("/api/teams", May::Staff),
        post(
            "/api/teams/nc-ai/state",
            json!({"state": "closed"}),
            May::Leads,
        ),
        get("/api/people", May::Organisers),
        post(
            "/api/people",
            json!({"name": "new", "role": "staff"}),
            May::Organisers,
        ),
        delete("/api/people/{person}", May::Organisers),
        get("/api/feedback", May::Organisers),
        get("/api/feedback/export?format=csv", May::Organisers),
        get("/api/feedback/export?format=xlsx", May::Organisers),
        get("/api/feedback/export?format=jsonl", May::Organisers),
        get("/api/feedback/dictionary", May::Organisers),
        get("/api/feedback/summary", May::Organisers),
        get("/api/feedback/reconciliation", May::Organisers),
        get("/api/feedback/retention", May::Organisers),
        post("/api/feedback/import", rescue, May::Organisers),
        delete("/api/feedback/K7QF2-MDX4P?remember=true", May::Organisers),
        get("/api/feedback/pack", May::Organisers),
        get("/api/feedback/pack?team=skt", May::OrganisersAndSkt),
        get("/api/audit", May::Organisers),
    ];
    rows.into_iter()
        .map(|(method, path, body, may)| Endpoint {
            method,
            path,
            body,
            may,
        })
        .collect()
}

/// A booth with a tablet, where anybody can be signed in.
struct Booth {
    server: Server,
    tablet: Device,
}

impl Booth {
    async fn start() -> Self {
        let server = Server::start().await;
        let tablet = server.register("tablet").await;
        Self { server, tablet }
    }

    async fn cookie(&self, who: Who) -> Option<String> {
        let (name, role) = match who {
            Who::Nobody | Who::Tablet => return None,
            Who::Staff => ("minji", "staff"),
            Who::Lead => ("jisu", "lead"),
            Who::Organiser => ("hana", "organiser"),
            Who::TeamSkt => ("duri", "team:skt"),
            Who::TeamUpstage => ("sena", "team:upstage"),
        };
        Some(self.server.signed_in_as(name, role).await)
    }

    /// The path with somebody and some tablet that are there to be removed.
    async fn path(&self, template: &str) -> String {
        const DEVICE: &str = "0a1b2c3d-0000-4000-8000-0000000000ff";
        let storage = &self.server.state.storage;
        if template.contains("{device}") {
            let device = NewDevice {
                id: DEVICE.to_owned(),
                name: "to be told".to_owned(),
                token_hash: token_hash(DEVICE),
            };
            let now = self.server.state.clock.now();
            storage
                .register_device(device, now, audit_record())
                .await
                .unwrap();
        }
        if template.contains("{person}") {
            self.server.signed_in_as("dora", "staff").await;
        }
        template
            .replace("{device}", DEVICE)
            .replace("{person}", "dora")
    }

    async fn request(&self, endpoint: &Endpoint, who: Who, origin: Option<&str>) -> Request<Body> {
        let path = self.path(endpoint.path).await;
        let mut request = call(endpoint.method.clone(), &path);
        if let Some(cookie) = self.cookie(who).await {
            request = request.cookie(&cookie);
        }
        if who == Who::Tablet {
            request = request.token(&self.tablet.token);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        if endpoint.body.is_null() {
            request.build()
        } else {
            request.json(&endpoint.body)
        }
    }
}

/// What an answer amounts to; an answer that nobody may expect is told as text.
async fn outcome(response: axum::response::Response) -> Result<Outcome, String> {
    let status = response.status();
    if status.is_success() {
        // Streams of commands have no end.
        return Ok(Outcome::Allowed);
    }
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    let text = String::from_utf8(bytes.unwrap().to_vec()).unwrap();
    let told: Value = serde_json::from_str(&text).unwrap_or_default();
    let code = [&told["code"], &told["error"]["code"]].map(|code| code.as_str().unwrap_or(""));
    match status {
        StatusCode::UNAUTHORIZED if code.contains(&"unauthorized") => Ok(Outcome::Unauthorized),
        StatusCode::FORBIDDEN if code.contains(&"forbidden") => Ok(Outcome::Forbidden),
        // The cancelled answer does not run, which only its own endpoint can say.
        StatusCode::NOT_FOUND if text.contains("No answer of this device") => Ok(Outcome::Allowed),
        _ => Err(format!("{status} {text}")),
    }
}

#[tokio::test]
async fn every_role_may_what_the_contract_says_and_nothing_else() {
    let booth = Booth::start().await;
    let own = "http://127.0.0.1:8080";
    let mut wrong = Vec::new();
    for endpoint in table() {
        for who in EVERYBODY {
            let request = booth.request(&endpoint, who, Some(own)).await;
            let outcome = outcome(booth.server.begin(request).await).await;
            let expected = endpoint.may.outcome(who);
            if outcome.as_ref() != Ok(&expected) {
                let (method, path) = (&endpoint.method, endpoint.path);
                wrong.push(format!(
                    "{method} {path} as {who:?}: {outcome:?}, not {expected:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What stands for a name in a path of the table.
const NAMES: [(&str, &str); 8] = [
    ("/all/", "/{id}/"),
    ("/{device}/", "/{id}/"),
    ("/nc-ai/", "/{id}/"),
    ("/models/skt", "/models/{id}"),
    ("{device}", "{id}"),
    ("{person}", "{name}"),
    ("K7QF2-MDX4P", "{receipt}"),
    ("0a1b2c3d-0000-4000-8000-000000000000", "{request_id}"),
];

#[tokio::test]
async fn the_description_tells_of_every_endpoint_and_no_other() {
    let server = Server::start().await;
    let answer = server
        .begin(call(Method::GET, "/openapi.json").build())
        .await;
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
    let document: Value = serde_json::from_slice(&bytes.unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let described = paths.flat_map(|(path, calls)| {
        let methods = calls.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    let mut described: Vec<String> = described.collect();
    let mut known: Vec<String> = table()
        .iter()
        .map(|endpoint| {
            let path = endpoint.path.split('?').next().unwrap().to_owned();
            let path = NAMES
                .iter()
                .fold(path, |path, (of, name)| path.replace(of, name));
            format!("{} {path}", endpoint.method)
        })
        .filter(|call| call.contains(" /api") || call.contains(" /v1"))
        .collect();
    for list in [&mut described, &mut known] {
        list.sort();
        list.dedup();
    }
    assert_eq!(described, known);
}

#[tokio::test]
async fn no_page_from_elsewhere_changes_anything() {
    let booth = Booth::start().await;
    let mut wrong = Vec::new();
    let with_cookie = table().into_iter().filter(|endpoint| {
        endpoint.method != Method::GET
            && !matches!(endpoint.may, May::Tablets)
            // Sign-in is JSON, which a foreign form cannot send; a tablet's is no cookie's.
            && !(endpoint.method == Method::POST && matches!(endpoint.may, May::Anyone))
    });
    for endpoint in with_cookie {
        for origin in [
            Some("https://evil.example"),
            Some("http://localhost:9000"),
            Some("null"),
            None,
        ] {
            let request = booth.request(&endpoint, Who::Organiser, origin).await;
            let outcome = outcome(booth.server.begin(request).await).await;
            if outcome != Ok(Outcome::Forbidden) {
                let (method, path) = (&endpoint.method, endpoint.path);
                wrong.push(format!("{method} {path} from {origin:?}: {outcome:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Roles hold beyond reading a page once: the rows of another team are not there to be asked for.
#[tokio::test]
async fn a_team_is_told_nothing_but_who_it_is() {
    let booth = Booth::start().await;
    let cookie = booth.cookie(Who::TeamSkt).await.unwrap();
    let who = booth.server.read(&cookie, "/api/session").await.json();
    assert_eq!(who["role"], "team:skt");
    let receipt = kiosk_wire::receipt::receipt(VISIT).unwrap();
    for path in [
        "/api/feedback/pack",
        "/api/feedback/pack?team=upstage",
        "/api/feedback?team=skt",
        "/api/feedback/export?format=csv&team=skt",
        "/api/feedback/summary?team=skt",
    ] {
        let answer = booth.server.read(&cookie, path).await;
        answer.assert_problem(403, "forbidden");
    }
    let erase = format!("/api/feedback/{receipt}");
    booth
        .server
        .act(&cookie, Method::DELETE, &erase, &json!(null))
        .await
        .assert_problem(403, "forbidden");
}
