//! Sums through the API: what is counted is tested beside the code that counts.

use axum::http::{Method, StatusCode};
use kiosk_wire::console::Summary;
use serde_json::{Value, json};

use crate::support::{Server, visit, with};

async fn summary(server: &Server, query: &str) -> Summary {
    let cookie = server.organiser().await;
    let path = format!("/api/feedback/summary{query}");
    let answer = server.read(&cookie, &path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

fn outcome(n: u64, visit_id: &str) -> Value {
    let outcome = json!({"ended_by": "submit", "turns": 2, "teams": ["skt"], "secs": 60});
    with(
        visit(n),
        &json!({"kind": "outcome", "rating": null, "visit_id": visit_id, "outcome": outcome}),
    )
}

#[tokio::test]
async fn nothing_collected_is_a_summary_too() {
    let server = Server::start().await;
    let empty = summary(&server, "").await;
    let teams: Vec<&str> = empty.teams.iter().map(|team| &*team.team).collect();
    assert_eq!(
        teams,
        ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"]
    );
    assert_eq!((empty.visits.ended, &*empty.time_zone), (0, "Asia/Seoul"));
    assert_eq!(empty.now, "2025-12-30T05:31:06Z");
}

#[tokio::test]
async fn entries_of_many_pages_are_counted_and_filters_apply() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    for batch in 0..3 {
        let entries: Vec<Value> = (1..=100)
            .map(|n| {
                let id = format!("7d444840-9dc0-4d1e-b245-{:012x}", batch * 100 + n);
                with(
                    visit(batch * 100 + n),
                    &json!({"visit_id": id, "rating": n % 5 + 1}),
                )
            })
            .collect();
        server.statuses(&device, &entries).await;
    }
    let ended = outcome(301, "7d444840-9dc0-4d1e-b245-000000000001");
    let other = with(visit(302), &json!({"team": "upstage"}));
    server.statuses(&device, &[ended, other]).await;
    let all = summary(&server, "").await;
    assert_eq!(all.teams[2].forms[0].count, 300);
    assert_eq!(all.teams[2].forms[0].ratings, [60; 5]);
    assert_eq!((all.visits.ended, all.visits.with_form), (1, 1));
    assert_eq!((all.teams[2].visits, all.teams[2].visits_with_form), (1, 1));
    let few = summary(&server, "?team=skt&rating_min=5").await;
    assert_eq!((few.teams.len(), few.teams[0].forms[0].count), (1, 60));
    assert_eq!(few.visits.ended, 0);
}

/// Sums are kept and carried on: what comes later counts, what was erased does so no longer.
#[tokio::test]
async fn a_summary_follows_what_comes_and_goes() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let form = |n: u64| {
        let id = format!("7d444840-9dc0-4d1e-b245-{n:012x}");
        with(visit(n), &json!({"visit_id": id}))
    };
    let forms = async |query: &str| {
        let team = summary(&server, query).await.teams.remove(0);
        (
            team.forms.iter().map(|form| form.count).sum::<u64>(),
            team.visits,
        )
    };
    let ended = outcome(4, "7d444840-9dc0-4d1e-b245-000000000001");
    for (sent, counted) in [
        (vec![form(1)], (1, 0)),
        (vec![form(1), form(2), form(3)], (3, 0)),
        (vec![ended], (3, 1)),
    ] {
        server.statuses(&device, &sent).await;
        assert_eq!(forms("?team=skt").await, counted);
    }
    // More filters than are kept, so that some are made anew.
    for minute in 0..9 {
        let query = format!("?team=skt&from=2025-12-30T14:0{minute}:00%2B09:00");
        assert_eq!(forms(&query).await, (3, 1), "{query}");
    }
    let receipt = kiosk_wire::receipt::receipt("7d444840-9dc0-4d1e-b245-000000000001").unwrap();
    let cookie = server.organiser().await;
    let path = format!("/api/feedback/{receipt}");
    let erased = server
        .act(&cookie, Method::DELETE, &path, &Value::Null)
        .await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert_eq!(forms("?team=skt").await, (2, 0));
    server.statuses(&device, &[form(5)]).await;
    assert_eq!(forms("?team=skt").await, (3, 0));
}

#[tokio::test]
async fn unknown_filters_are_refused() {
    let server = Server::start().await;
    let cookie = server.organiser().await;
    for query in ["?team=nobody", "?rank=1", "?format=csv", "?rating_min=9"] {
        let path = format!("/api/feedback/summary{query}");
        let answer = server.read(&cookie, &path).await;
        answer.assert_problem(400, "invalid_request");
    }
}
