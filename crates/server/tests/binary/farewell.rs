//! A server that is told to stop while it answers: what can still be said is said, and counted.

use std::{
    net::TcpStream,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    fake::{Act, Fake, end, text},
    process::{Server, command},
};

/// Within the ten seconds after which those who stop servers lose patience and kill them.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the short answer takes from its first word to its last.
const SHORT: Duration = Duration::from_secs(3);
const PACE: Duration = Duration::from_millis(100);
/// What the service counts for the short answer.
const TOKENS: u32 = 42;
/// More tokens than any demo's instructions have.
const MOST_ASKED: u32 = 400;

/// A short answer, or one that outlasts everybody's patience.
fn act(question: &str) -> Act {
    let words = |count: u128| (0..count).map(|_| text("가")).collect::<Vec<_>>();
    match question {
        "short" => {
            let pieces = words(SHORT.as_millis() / PACE.as_millis());
            Act::Paced(
                pieces.into_iter().chain([end(TOKENS.into())]).collect(),
                PACE,
            )
        }
        "long" => Act::Paced(words(600), PACE),
        other => panic!("nobody asks {other}"),
    }
}

fn start(folder: &Path) -> Command {
    command(folder)
}

fn tablet(server: &Server, name: &str) -> String {
    let (status, device) = server.post("/api/devices", "", &json!({"name": name}));
    assert_eq!(status, 201);
    device["token"].as_str().unwrap().to_owned()
}

async fn ask(client: &Client, server: &Server, token: &str, question: &str) -> Response {
    let body = json!({
        "model": "skt", "stream": true, "messages": [{"role": "user", "content": question}]
    });
    let asked = client
        .post(format!("http://{}/v1/chat/completions", server.address))
        .bearer_auth(token)
        .json(&body)
        .send();
    let answer = asked.await.unwrap();
    assert_eq!(answer.status(), 200);
    answer
}

/// Every `data:` of a stream that ended as it should.
fn data(stream: &str) -> Vec<&str> {
    let data: Vec<&str> = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .collect();
    assert_eq!(data.last(), Some(&"[DONE]"), "{stream}");
    data
}

/// Whether somebody who comes now is let in.
fn lets_in(server: &Server) -> bool {
    TcpStream::connect(&server.address).is_ok()
}

async fn until_over(server: &mut Server, since: Instant) -> std::process::ExitStatus {
    loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            return status;
        }
        assert!(since.elapsed() < PATIENCE, "the server did not stop");
        sleep(Duration::from_millis(20)).await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_lets_short_answers_end_and_tells_long_ones() {
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::answering(act).await);
    let config = format!(
        "[upstream]\nallow_private = true\n[limits]\ntokens_per_day = 100000\n\
         [teams.skt]\nbase_url = \"{}\"\nmodel = \"m\"\nmax_tokens = 1000\n",
        fake.base_url
    );
    std::fs::write(folder.path().join("booth.toml"), config).unwrap();
    let mut server = Server::start(&mut start(folder.path()), 3);
    let tokens = ["one", "other"].map(|name| tablet(&server, name));
    let client = Client::builder().no_proxy().build().unwrap();
    let short = ask(&client, &server, &tokens[0], "short").await;
    let long = ask(&client, &server, &tokens[1], "long").await;
    fake.until_open(2).await;

    let pid = server.child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(sent.unwrap().success());
    let since = Instant::now();
    while lets_in(&server) {
        assert!(since.elapsed() < Duration::from_secs(1), "still lets in");
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(fake.open(), 2, "answers that run go on");

    let short = timeout(PATIENCE, short.text()).await.unwrap().unwrap();
    let short = data(&short);
    let took = since.elapsed();
    assert!(took < SHORT + Duration::from_secs(1), "{took:?}");
    let words = short.iter().filter(|data| data.contains("가")).count();
    assert_eq!(words as u128, SHORT.as_millis() / PACE.as_millis());
    assert!(
        short
            .iter()
            .any(|data| data.contains("\"finish_reason\":\"stop\""))
    );
    assert!(!lets_in(&server));

    let long = timeout(PATIENCE, long.text()).await.unwrap();
    let long = long.expect("the stream ends, it does not break");
    let long = data(&long);
    let told: Value = serde_json::from_str(long[long.len() - 2]).unwrap();
    assert_eq!(told["error"]["code"], "upstream_unavailable");
    let words = long.iter().filter(|data| data.contains("가")).count();
    let words = u32::try_from(words).unwrap();
    assert!(words > 50, "it was cut after {words} words");

    let status = until_over(&mut server, since).await;
    assert_eq!(status.code(), Some(0));
    println!("stopped after {:.1} s", since.elapsed().as_secs_f64());
    fake.until_open(0).await;

    let again = Server::start(&mut start(folder.path()), 0);
    let metrics = again.metrics();
    let counted = metrics.get("booth_tokens_today", &[("team", "skt")]);
    // Two syllables a token where the service could not tell any more, and what it was asked: the question
    // and the demo's instructions.
    let least = TOKENS + words / 2;
    let most = least + MOST_ASKED;
    assert!(
        (f64::from(least)..=f64::from(most)).contains(&counted),
        "{counted} tokens are not within {least}..={most}"
    );
}
