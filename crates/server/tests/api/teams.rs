//! Opening and closing teams: who is answered, and what visitors read meanwhile.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use futures_util::StreamExt;
use kiosk_server::storage::sqlite;
use serde_json::{Value, json};

use crate::support::{Answer, Device, Server, call};

const TEAMS: [&str; 5] = ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"];

async fn set(server: &Server, team: &str, body: &Value) -> Answer {
    let cookie = server.signed_in_as("minji", "lead").await;
    let path = format!("/api/teams/{team}/state");
    server.act(&cookie, Method::POST, &path, body).await
}

async fn close(server: &Server, team: &str) {
    let body =
        json!({"state": "closed", "reason": {"ko": " 점심시간이에요. ", "en": "Lunch break."}});
    assert_eq!(
        set(server, team, &body).await.status,
        StatusCode::NO_CONTENT
    );
}

fn question(
    device: &Device,
    team: &str,
    language: &str,
    stream: bool,
) -> axum::http::Request<axum::body::Body> {
    let body = json!({
        "model": team, "stream": stream, "metadata": {"language": language},
        "messages": [{"role": "user", "content": "어떤 팀인가요?"}]
    });
    call(Method::POST, "/v1/chat/completions")
        .token(&device.token)
        .json(&body)
}

async fn models(server: &Server, device: &Device) -> Vec<String> {
    let request = call(Method::GET, "/v1/models").token(&device.token);
    let list = server.send(request.build()).await.json();
    let ids = list["data"].as_array().unwrap().iter();
    ids.map(|model| model["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn model(server: &Server, device: &Device, id: &str) -> Answer {
    let path = format!("/v1/models/{id}");
    let request = call(Method::GET, &path).token(&device.token);
    server.send(request.build()).await
}

/// State and reason of SKT in a heartbeat's answer.
async fn told(server: &Server, device: &Device) -> (Value, Option<Value>) {
    let answer = server.beat(device, &json!({})).await.json();
    let skt = &answer["teams"][2];
    assert_eq!(skt["id"], "skt");
    (skt["state"].clone(), skt.get("reason").cloned())
}

#[tokio::test]
async fn a_closed_team_is_not_listed_not_asked_and_says_why() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    assert_eq!(models(&server, &device).await, TEAMS);
    assert_eq!(told(&server, &device).await, (json!("guide"), None));
    close(&server, "skt").await;
    assert_eq!(
        models(&server, &device).await,
        ["naver-cloud", "upstage", "nc-ai", "lg-ai-research"]
    );
    let reason = json!({"ko": "점심시간이에요.", "en": "Lunch break."});
    assert_eq!(
        told(&server, &device).await,
        (json!("closed"), Some(reason.clone()))
    );
    for language in ["ko", "en"] {
        for stream in [false, true] {
            let answer = server
                .send(question(&device, "skt", language, stream))
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            let error = &answer.json()["error"];
            assert_eq!(error["code"], "team_closed");
            assert_eq!(error["message"], reason[language]);
        }
    }
    let closed = model(&server, &device, "skt").await;
    closed.assert_openai(403, "team_closed");
    assert_eq!(closed.json()["error"]["message"], "점심시간이에요.");
    let other = server.send(question(&device, "upstage", "ko", false)).await;
    assert_eq!(other.status, StatusCode::OK);
    let open = set(&server, "skt", &json!({"state": "open"})).await;
    assert_eq!(open.status, StatusCode::NO_CONTENT);
    assert_eq!(models(&server, &device).await, TEAMS);
    assert_eq!(told(&server, &device).await, (json!("guide"), None));
    let again = server.send(question(&device, "skt", "ko", false)).await;
    assert_eq!(again.status, StatusCode::OK);
}

#[tokio::test]
async fn one_team_is_what_the_list_says_of_it() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let request = call(Method::GET, "/v1/models").token(&device.token);
    let list = server.send(request.build()).await.json();
    for listed in list["data"].as_array().unwrap() {
        let one = model(&server, &device, listed["id"].as_str().unwrap()).await;
        assert_eq!((one.status, &one.json()), (StatusCode::OK, listed));
    }
    for nobody in ["nobody", "SKT", "%FF", "skt%2F"] {
        let answer = model(&server, &device, nobody).await;
        answer.assert_openai(404, "unknown_team");
    }
    let stranger = server.get("/v1/models/skt").await;
    stranger.assert_openai(401, "unauthorized");
}

#[tokio::test]
async fn staff_see_what_tablets_are_told() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    close(&server, "skt").await;
    let cookie = server.signed_in_as("jisu", "staff").await;
    let answer = server.read(&cookie, "/api/teams").await;
    assert_eq!(answer.status, StatusCode::OK);
    let beat = server.beat(&device, &json!({})).await.json();
    assert_eq!(answer.json(), json!({"teams": beat["teams"]}));
}

#[tokio::test]
async fn a_reason_may_be_left_out() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    close(&server, "skt").await;
    set(&server, "skt", &json!({"state": "closed"})).await;
    assert_eq!(told(&server, &device).await, (json!("closed"), None));
    let answer = server.send(question(&device, "skt", "en", false)).await;
    let message = answer.json()["error"]["message"].clone();
    assert!(message.as_str().unwrap().contains("break"), "{message}");
}

#[tokio::test]
async fn an_answer_that_runs_goes_on() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let response = server.begin(question(&device, "skt", "ko", true)).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    while !text.contains("content") {
        text += std::str::from_utf8(&body.next().await.unwrap().unwrap()).unwrap();
    }
    close(&server, "skt").await;
    assert!(!text.contains("[DONE]"), "it was over before");
    while let Some(bytes) = body.next().await {
        text += std::str::from_utf8(&bytes.unwrap()).unwrap();
    }
    assert!(text.contains("\"finish_reason\":\"stop\"") && text.ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn a_closed_team_is_closed_after_a_restart() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    close(&server, "skt").await;
    server.state.storage.close().await;
    let storage = sqlite::open(&server.database()).unwrap();
    let again = Server::on(Arc::new(storage), server.clock.clone());
    assert_eq!(told(&again, &device).await.0, "closed");
    again.state.storage.close().await;
}

#[tokio::test]
async fn states_that_say_nothing_are_refused() {
    let server = Server::start().await;
    for body in [
        json!({}),
        json!({"state": "guide"}),
        json!({"state": "closed", "reason": "Lunch"}),
        json!({"state": "closed", "reason": {"ko": "점심"}}),
        json!({"state": "closed", "reason": {"ko": "점심", "en": " "}}),
        json!({"state": "closed", "reason": {"ko": "가".repeat(201), "en": "Lunch"}}),
        json!({"state": "open", "reason": {"ko": "점심", "en": "Lunch"}}),
        json!({"state": "closed", "until": "noon"}),
    ] {
        set(&server, "skt", &body)
            .await
            .assert_problem(400, "invalid_request");
    }
    let unknown = set(&server, "nobody", &json!({"state": "open"})).await;
    unknown.assert_problem(404, "not_found");
}
