//! Entries are erased after their days, and a day before that organisers can read how many.

use kiosk_server::{clock::Clock, retention::step};
use serde_json::{Value, json};

use crate::support::{Server, visit};

const DAY_SECS: i64 = 24 * 3_600;

async fn told(server: &Server) -> Value {
    let cookie = server.organiser().await;
    server.read(&cookie, "/api/feedback/retention").await.json()
}

/// How many entries there are.
async fn count(server: &Server) -> usize {
    let cookie = server.organiser().await;
    server.items(&cookie, "").await.len()
}

#[tokio::test]
async fn entries_go_after_their_days_and_are_announced_a_day_before() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    server.statuses(&device, &[visit(1), visit(2)]).await;
    step(&server.state).await.unwrap();
    assert_eq!(told(&server).await["retention_days"], 90);
    assert_eq!(told(&server).await["entries"], 0);
    // The server is off for most of the time, and has no plan that still holds when it comes back.
    server.clock.advance_secs(90 * DAY_SECS);
    step(&server.state).await.unwrap();
    assert_eq!(count(&server).await, 2);
    server.statuses(&device, &[visit(3)]).await;
    step(&server.state).await.unwrap();
    let announced = told(&server).await;
    assert_eq!(announced["entries"], 2, "{announced}");
    let at = announced["next_at"].as_str().unwrap();
    assert_eq!(
        at,
        server
            .clock
            .now()
            .checked_add(jiff::SignedDuration::from_hours(24))
            .unwrap()
            .to_string()
    );
    server.clock.advance_secs(DAY_SECS - 1);
    step(&server.state).await.unwrap();
    assert_eq!(count(&server).await, 3);
    server.clock.advance_secs(1);
    step(&server.state).await.unwrap();
    assert_eq!(count(&server).await, 1);
    assert_eq!(told(&server).await["entries"], 0);
    let cookie = server.organiser().await;
    let audit = server.read(&cookie, "/api/audit").await.json();
    let lines = audit["items"].as_array().unwrap();
    let line = lines
        .iter()
        .find(|line| line["action"] == "feedback.expire");
    let line = line.expect("a line of the audit");
    assert_eq!(line["who"], json!("server"));
    assert!(line["target"].as_str().unwrap().starts_with("2 entries"));
}

#[tokio::test]
async fn a_clock_that_goes_ahead_for_a_while_erases_nothing() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    server.statuses(&device, &[visit(1)]).await;
    step(&server.state).await.unwrap();
    let now = server.clock.now();
    let ahead = jiff::SignedDuration::from_hours(24 * 365);
    server.clock.set(now.checked_add(ahead).unwrap());
    step(&server.state).await.unwrap();
    step(&server.state).await.unwrap();
    assert_eq!(count(&server).await, 1);
    assert_eq!(told(&server).await["entries"], 1);
    server.clock.set(now);
    step(&server.state).await.unwrap();
    assert_eq!(told(&server).await["entries"], 0);
    server.clock.advance_secs(2 * DAY_SECS);
    step(&server.state).await.unwrap();
    assert_eq!(count(&server).await, 1);
}
