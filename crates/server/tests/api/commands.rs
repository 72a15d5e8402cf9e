//! Commands: what may be said, who gets it, when, how often, and what ends a stream.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    body::BodyDataStream,
    http::{Method, StatusCode},
};
use futures_util::StreamExt;
use jiff::SignedDuration;
use kiosk_server::{clock::Clock, storage::sqlite};
use kiosk_wire::event_stream::EventStreamDecoder;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::support::{Answer, Device, Server, call};

/// An open stream of commands.
struct Stream {
    body: BodyDataStream,
    decoder: EventStreamDecoder,
}

/// What one piece of a stream holds.
#[derive(Debug, PartialEq)]
enum Piece {
    Comment,
    Commands(Vec<Value>),
    End,
}

impl Stream {
    async fn open(server: &Server, device: &Device) -> Self {
        let request = call(Method::GET, "/api/devices/me/commands").token(&device.token);
        let response = server.begin(request.build()).await;
        assert_eq!(response.status(), StatusCode::OK);
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        Self {
            body: response.into_body().into_data_stream(),
            decoder: EventStreamDecoder::new(),
        }
    }

    async fn next(&mut self) -> Piece {
        let Some(bytes) = timeout(Duration::from_mins(1), self.body.next())
            .await
            .unwrap()
        else {
            return Piece::End;
        };
        let bytes = bytes.unwrap();
        if bytes.starts_with(b":") {
            return Piece::Comment;
        }
        let events = self.decoder.push(&bytes).unwrap().into_iter();
        Piece::Commands(
            events
                .map(|event| serde_json::from_str(&event.data).unwrap())
                .collect(),
        )
    }

    /// The next commands, over comments.
    async fn commands(&mut self) -> Vec<Value> {
        loop {
            match self.next().await {
                Piece::Comment => {}
                Piece::Commands(commands) => return commands,
                Piece::End => panic!("the stream is over"),
            }
        }
    }
}

async fn give(server: &Server, to: &str, body: &Value) -> Answer {
    let cookie = server.signed_in_as("minji", "staff").await;
    let path = format!("/api/devices/{to}/commands");
    server.act(&cookie, Method::POST, &path, body).await
}

/// Gives a command that is accepted; returns its id.
async fn given(server: &Server, to: &str, body: &Value) -> String {
    let answer = give(server, to, body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    answer.json()["command_id"].as_str().unwrap().to_owned()
}

async fn acknowledge(server: &Server, device: &Device, ids: &[&str]) {
    let answer = server.beat(device, &json!({"acked": ids})).await;
    assert_eq!(answer.status, StatusCode::OK);
}

fn kinds(commands: &[Value]) -> Vec<&str> {
    commands
        .iter()
        .map(|command| command["kind"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn commands_carry_what_their_kind_needs_and_hold_as_long() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let text = "곧 갈게요 ".to_owned() + &"x".repeat(194);
    for (body, expected) in [
        (json!({"kind": "reset"}), "2025-12-30T05:32:06Z"),
        (
            json!({"kind": "message", "text": format!(" {text} ")}),
            "2025-12-30T05:32:06Z",
        ),
        (json!({"kind": "call_answered"}), "2025-12-30T05:41:06Z"),
        (json!({"kind": "reload"}), "2025-12-30T17:31:06Z"),
        (json!({"kind": "lock"}), "2025-12-30T17:31:06Z"),
        (
            json!({"kind": "assign_team", "team": "skt"}),
            "2025-12-30T17:31:06Z",
        ),
    ] {
        let id = given(&server, &device.id, &body).await;
        let mut stream = Stream::open(&server, &device).await;
        let mut wanted = json!({"id": id, "expires_at": expected, "kind": body["kind"]});
        if body["kind"] == "message" {
            wanted["text"] = text.clone().into();
        }
        if body["kind"] == "assign_team" {
            wanted["team"] = "skt".into();
        }
        assert_eq!(stream.commands().await, [wanted]);
        acknowledge(&server, &device, &[&id]).await;
    }
}

#[tokio::test]
async fn what_no_tablet_could_do_is_refused() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    for body in [
        json!({}),
        json!({"kind": "explode"}),
        json!({"kind": "message"}),
        json!({"kind": "message", "text": " "}),
        json!({"kind": "message", "text": "가".repeat(201)}),
        json!({"kind": "message", "text": "hello", "team": "skt"}),
        json!({"kind": "reset", "text": "hello"}),
        json!({"kind": "lock", "team": "skt"}),
        json!({"kind": "assign_team", "team": "nobody"}),
        json!({"kind": "assign_team", "text": "hello"}),
        json!({"kind": "reset", "at": "once"}),
        json!([]),
    ] {
        give(&server, &device.id, &body)
            .await
            .assert_problem(400, "invalid_request");
    }
    let reset = json!({"kind": "reset"});
    for nobody in ["none", "0a1b2c3d-0000-4000-8000-000000000000"] {
        give(&server, nobody, &reset)
            .await
            .assert_problem(404, "not_found");
    }
    // That path is a tablet's own, to read from.
    give(&server, "me", &reset)
        .await
        .assert_problem(405, "invalid_request");
    revoke(&server, &device).await;
    give(&server, &device.id, &reset)
        .await
        .assert_problem(404, "not_found");
    assert_eq!(
        give(&server, "all", &reset).await.status,
        StatusCode::ACCEPTED
    );
}

async fn revoke(server: &Server, device: &Device) {
    let cookie = server.signed_in_as("jisu", "staff").await;
    let path = format!("/api/devices/{}", device.id);
    let answer = server.act(&cookie, Method::DELETE, &path, &json!({})).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_waits_comes_in_order_until_it_is_acknowledged_by_its_own_tablet() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let other = server.register("other").await;
    let first = given(&server, &device.id, &json!({"kind": "reset"})).await;
    let message = json!({"kind": "message", "text": "안녕하세요"});
    let second = given(&server, "all", &message).await;
    let third = given(&server, &device.id, &json!({"kind": "reload"})).await;
    acknowledge(&server, &other, &[&first, &third, "unknown"]).await;
    let ids = async || {
        let commands = Stream::open(&server, &device).await.commands().await;
        commands
            .iter()
            .map(|command| command["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids().await, [&*first, &*second, &*third]);
    acknowledge(&server, &device, &[&second, "unknown", &first]).await;
    assert_eq!(ids().await, [&*third]);
    let others = Stream::open(&server, &other).await.commands().await;
    assert_eq!(others[0]["id"], second.as_str());
}

#[tokio::test]
async fn a_later_visitor_is_not_hit() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    given(&server, &device.id, &json!({"kind": "reset"})).await;
    given(&server, &device.id, &json!({"kind": "call_answered"})).await;
    let mut open = Stream::open(&server, &device).await;
    server.clock.advance_secs(59);
    assert_eq!(kinds(&open.commands().await), ["reset", "call_answered"]);
    server.clock.advance_secs(1);
    let late = Stream::open(&server, &device).await.commands().await;
    assert_eq!(kinds(&late), ["call_answered"]);
    server.clock.advance_secs(540);
    assert_eq!(
        Stream::open(&server, &device).await.next().await,
        Piece::Comment
    );
}

#[tokio::test]
async fn what_was_given_while_the_clock_was_ahead_hits_nobody() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let right = server.clock.now();
    let ahead = right + SignedDuration::from_hours(72);
    server.clock.set(ahead);
    given(&server, &device.id, &json!({"kind": "reset"})).await;
    // A clock that is put right by a little takes nothing back.
    server.clock.set(ahead - SignedDuration::from_secs(2));
    let stream = Stream::open(&server, &device).await.commands().await;
    assert_eq!(kinds(&stream), ["reset"]);
    server.clock.set(right);
    let quiet = async || Stream::open(&server, &device).await.next().await;
    assert_eq!(quiet().await, Piece::Comment);
    // Nor once that time comes, if the tablet was heard of meanwhile.
    acknowledge(&server, &device, &[]).await;
    server.clock.set(ahead);
    assert_eq!(quiet().await, Piece::Comment);
}

#[tokio::test]
async fn a_newer_order_of_the_same_sort_replaces_the_older_one() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let other = server.register("other").await;
    given(&server, &other.id, &json!({"kind": "lock"})).await;
    for body in [
        json!({"kind": "lock"}),
        json!({"kind": "reload"}),
        json!({"kind": "assign_team", "team": "skt"}),
        json!({"kind": "unlock"}),
        json!({"kind": "assign_team"}),
        json!({"kind": "reload"}),
    ] {
        given(&server, &device.id, &body).await;
    }
    let commands = Stream::open(&server, &device).await.commands().await;
    assert_eq!(
        kinds(&commands),
        ["reload", "unlock", "assign_team", "reload"]
    );
    assert_eq!(commands[2].get("team"), None);
    let others = Stream::open(&server, &other).await.commands().await;
    assert_eq!(kinds(&others), ["lock"]);
}

#[tokio::test]
async fn a_command_is_on_every_open_stream_at_once() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = Stream::open(&server, &device).await;
        assert_eq!(stream.next().await, Piece::Comment);
        streams.push(stream);
    }
    let cookie = server.signed_in_as("minji", "staff").await;
    let path = format!("/api/devices/{}/commands", device.id);
    let mut longest = Duration::ZERO;
    for _ in 0..10 {
        let asked = Instant::now();
        let body = json!({"kind": "reset"});
        let answer = server.act(&cookie, Method::POST, &path, &body).await;
        let id = answer.json()["command_id"].clone();
        for stream in &mut streams {
            let commands = stream.commands().await;
            // Not what has been sent on this stream before.
            assert_eq!(commands.len(), 1);
            assert_eq!(commands[0]["id"], id);
        }
        longest = longest.max(asked.elapsed());
    }
    eprintln!("from the order to three streams: {longest:?} at most");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_shows_that_it_lives() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let mut stream = Stream::open(&server, &device).await;
    assert_eq!(stream.next().await, Piece::Comment);
    for _ in 0..5 {
        let since = Instant::now();
        assert_eq!(stream.next().await, Piece::Comment);
        assert!(since.elapsed() <= Duration::from_secs(15));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_acknowledged_comes_again() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let mut stream = Stream::open(&server, &device).await;
    assert_eq!(stream.next().await, Piece::Comment);
    let id = given(&server, &device.id, &json!({"kind": "reset"})).await;
    for _ in 0..3 {
        assert_eq!(stream.commands().await[0]["id"], id.as_str());
    }
    acknowledge(&server, &device, &[&id]).await;
    assert_eq!(stream.next().await, Piece::Comment);
}

#[tokio::test(start_paused = true)]
async fn what_another_server_took_arrives_without_a_bell() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let mut stream = Stream::open(&server, &device).await;
    assert_eq!(stream.next().await, Piece::Comment);
    let other = sqlite::open(&server.database()).unwrap();
    let other = Server::on(Arc::new(other), server.clock.clone());
    given(&other, &device.id, &json!({"kind": "lock"})).await;
    assert_eq!(kinds(&stream.commands().await), ["lock"]);
}

#[tokio::test]
async fn a_token_that_ends_ends_its_streams() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let open = async |device: &Device| {
        let mut stream = Stream::open(&server, device).await;
        assert_eq!(stream.next().await, Piece::Comment);
        stream
    };
    let mut streams = [open(&device).await, open(&device).await];
    let again = json!({"name": "tablet", "device_id": device.id});
    let registered = server
        .send(call(Method::POST, "/api/devices").json(&again))
        .await
        .json();
    for stream in &mut streams {
        assert_eq!(stream.next().await, Piece::End);
    }
    let device = Device {
        token: registered["token"].as_str().unwrap().to_owned(),
        ..device
    };
    given(&server, &device.id, &json!({"kind": "lock"})).await;
    acknowledge(&server, &device, &[]).await;
    let mut stream = Stream::open(&server, &device).await;
    assert_eq!(kinds(&stream.commands().await), ["lock"]);
    revoke(&server, &device).await;
    assert_eq!(stream.next().await, Piece::End);
    // Whoever comes back after that begins without old orders.
    let registered = server
        .send(call(Method::POST, "/api/devices").json(&again))
        .await
        .json();
    let token = registered["token"].as_str().unwrap().to_owned();
    let device = Device { token, ..device };
    open(&device).await;
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let mut stream = Stream::open(&server, &device).await;
    assert_eq!(stream.next().await, Piece::Comment);
    server.state.bell.close();
    assert_eq!(stream.next().await, Piece::End);
    let mut late = Stream::open(&server, &device).await;
    assert_eq!(late.next().await, Piece::End);
}

#[tokio::test]
async fn a_restart_loses_no_command() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let id = given(&server, &device.id, &json!({"kind": "lock"})).await;
    server.state.storage.close().await;
    let storage = sqlite::open(&server.database()).unwrap();
    let again = Server::on(Arc::new(storage), server.clock.clone());
    let commands = Stream::open(&again, &device).await.commands().await;
    assert_eq!(commands[0]["id"], id.as_str());
    again.state.storage.close().await;
}

/// One connection after the other while commands are given: none is lost, and none is sent again
/// once it is acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reconnecting_loses_and_doubles_nothing() {
    const COMMANDS: usize = 40;
    let server = Arc::new(Server::start().await);
    let device = Arc::new(server.register("tablet").await);
    let giver = {
        let (server, device) = (Arc::clone(&server), Arc::clone(&device));
        tokio::spawn(async move {
            let mut ids = BTreeSet::new();
            for n in 0..COMMANDS {
                let body = json!({"kind": "message", "text": n.to_string()});
                ids.insert(given(&server, &device.id, &body).await);
            }
            ids
        })
    };
    let mut acknowledged = BTreeSet::new();
    while acknowledged.len() < COMMANDS {
        let opened = Instant::now();
        let mut stream = Stream::open(&server, &device).await;
        let mut seen = BTreeSet::new();
        // Most often there is more to come; a stream is left at any point all the same.
        while seen.len() < 3
            && let Ok(commands) = timeout(Duration::from_millis(100), stream.commands()).await
        {
            // Later than this, what was sent may come again.
            let early = opened.elapsed() < Duration::from_secs(4);
            for command in &commands {
                let id = command["id"].as_str().unwrap().to_owned();
                assert!(
                    !acknowledged.contains(&id),
                    "sent after it was acknowledged"
                );
                assert!(seen.insert(id) || !early, "sent twice on one stream");
            }
        }
        drop(stream);
        let ids: Vec<&str> = seen.iter().map(String::as_str).collect();
        acknowledge(&server, &device, &ids).await;
        acknowledged.extend(seen);
    }
    assert_eq!(giver.await.unwrap(), acknowledged);
    let mut last = Stream::open(&server, &device).await;
    assert_eq!(last.next().await, Piece::Comment);
}
