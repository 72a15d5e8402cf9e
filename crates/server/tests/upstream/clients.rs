//! Clients of OpenAI's interface that know nothing of booths, as their users write them: what they are
//! answered, and which of their own errors they raise.
//!
//! `cargo xtask test` installs them; `BOOTH_CLIENTS` is the folder with `python/bin/python` and
//! `node/node_modules`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use kiosk_server::storage::{AuditRecord, Opening};
use kiosk_wire::event::Text;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::booth::{Booth, TABLET, skt};
use crate::fake::{Act, Fake, end, text, words};

const PATIENT: Duration = Duration::from_mins(2);
const SECTIONS: &str =
    "[upstream]\nallow_private = true\nretries = 0\n[limits]\nrequests_per_minute = 10000\n";

/// What the provider does, by what it is asked.
fn act(question: &str) -> Act {
    match question {
        "hello" => words(&["안녕", "하세요"]),
        "slow" => {
            let pieces = (0..200).map(|_| text("가")).chain([end(10)]).collect();
            Act::Paced(pieces, Duration::from_millis(100))
        }
        "limited" => Act::Status(429, Some(1), "{}"),
        "unavailable" => Act::Status(503, Some(1), "{}"),
        "refused" => Act::Status(400, None, "{}"),
        "cut" => Act::Cut(vec![text("안녕")]),
        other => panic!("nobody asks {other}"),
    }
}

fn clients() -> PathBuf {
    let folder = std::env::var_os("BOOTH_CLIENTS").map(PathBuf::from);
    folder.expect(
        "BOOTH_CLIENTS says where clients are installed; `cargo xtask test --only native` sets it",
    )
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients")
}

fn python(script: &str) -> Command {
    let mut command = Command::new(clients().join("python/bin/python"));
    command.arg(scripts().join(script));
    command
}

/// Modules are looked for beside the script, so it lies there for as long as it runs.
fn node(script: &str) -> Command {
    let place = clients().join("node").join(script);
    std::fs::copy(scripts().join(script), &place).unwrap();
    let mut command = Command::new("node");
    command.arg(place);
    command
}

/// Runs a client; answers what it has to tell. What it began and left must not go on at the provider.
async fn told(mut client: Command) -> Value {
    let fake = Fake::answering(act).await;
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", SECTIONS)).await;
    let reason = Text {
        ko: "점검 중이에요.".to_owned(),
        en: "Under repair.".to_owned(),
    };
    let closing = AuditRecord {
        at: jiff::Timestamp::UNIX_EPOCH,
        who: "tests".to_owned(),
        action: "team.close".to_owned(),
        target: "upstage".to_owned(),
    };
    let closed = booth.state.storage.set_opening(
        "upstage",
        Opening::Closed {
            reason: Some(reason),
        },
        closing,
    );
    closed.await.unwrap();
    client
        .env("BOOTH_BASE_URL", booth.url("/v1"))
        .env("BOOTH_KEY", TABLET)
        // Their own errands have no place here.
        .env("LANGSMITH_TRACING", "false")
        .env("NO_PROXY", "127.0.0.1")
        .kill_on_drop(true);
    let done = tokio::time::timeout(PATIENT, client.output())
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    fake.until_open(0).await;
    serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// What either of OpenAI's own has to tell.
fn of_openai() -> Value {
    json!({
        "models": ["naver-cloud"],
        "whole": "안녕하세요",
        "finish": "stop",
        "streamed": "안녕하세요",
        "usage": true,
        "wrong_key": "AuthenticationError unauthorized",
        "unknown_team": "BadRequestError unknown_team",
        "closed": "PermissionDeniedError team_closed",
        "limited": "RateLimitError upstream_rate_limited",
        "unavailable": "InternalServerError upstream_unavailable",
        "refused": "InternalServerError upstream_invalid",
        "cut": "APIError upstream_unavailable",
    })
}

#[tokio::test]
async fn openai_for_python() {
    assert_eq!(told(python("openai_client.py")).await, of_openai());
}

#[tokio::test]
async fn openai_for_javascript() {
    assert_eq!(told(node("openai_client.mjs")).await, of_openai());
}

#[tokio::test]
async fn langchain_for_python() {
    assert_eq!(
        told(python("langchain_client.py")).await,
        json!({
            "whole": "안녕하세요",
            "streamed": "안녕하세요",
            "wrong_key": "AuthenticationError unauthorized",
            "unknown_team": "InvalidRequestError unknown_team",
            "closed": "PermissionDeniedError team_closed",
            "limited": "RateLimitError upstream_rate_limited",
            "unavailable": "APIError upstream_unavailable",
            "refused": "APIError upstream_invalid",
            "cut": "APIError upstream_unavailable",
        })
    );
}

#[tokio::test]
async fn langchain_for_javascript() {
    assert_eq!(
        told(node("langchain_client.mjs")).await,
        json!({
            "whole": "안녕하세요",
            "streamed": "안녕하세요",
            "wrong_key": "401 unauthorized",
            "unknown_team": "400 unknown_team",
            "closed": "403 team_closed",
            "limited": "429 upstream_rate_limited",
            "unavailable": "503 upstream_unavailable",
            "refused": "502 upstream_invalid",
            "cut": "upstream_unavailable",
        })
    );
}

#[tokio::test]
async fn the_ai_sdk() {
    assert_eq!(
        told(node("ai_sdk_client.mjs")).await,
        json!({
            "whole": "안녕하세요",
            "finish": "stop",
            "streamed": "안녕하세요",
            "wrong_key": "AI_APICallError 401 unauthorized",
            "unknown_team": "AI_APICallError 400 unknown_team",
            "closed": "AI_APICallError 403 team_closed",
            "limited": "AI_APICallError 429 upstream_rate_limited",
            "unavailable": "AI_APICallError 503 upstream_unavailable",
            "refused": "AI_APICallError 502 upstream_invalid",
            "cut": true,
        })
    );
}

#[tokio::test]
async fn the_llm_command_line() {
    assert_eq!(
        told(python("llm_client.py")).await,
        json!({
            "whole": "안녕하세요",
            "streamed": "안녕하세요",
            "wrong_key": "1 Error",
            "unknown_team": "1 Error",
        })
    );
}
