//! What neither a client nor a service can do: hold up the others, or go on for ever.

use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpSocket;
use tokio::time::timeout;

use crate::booth::{Booth, OTHER_TABLET, TABLET, question, skt, text_of};
use crate::fake::{Act, Fake, end, text, words};

const IMPATIENT: &str = "[upstream]\nallow_private = true\nretries = 0\nbetween_tokens_timeout_secs = 1\nfirst_token_timeout_secs = 5\n";

/// It stays connected and reads nothing: what it would be sent fills every buffer on the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_makes_room() {
    let fake = Fake::start(words(&["네"])).await;
    let keys = "fallbacks = []\nmax_concurrent = 1";
    let booth = Booth::start(&skt(&fake.base_url, keys, IMPATIENT)).await;
    let long = (0..200_000).map(|_| text("가")).chain([end(10)]).collect();
    fake.next([Act::Stream(long)]);
    let address = booth.url("").replace("http://", "");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut silent = socket.connect(address.parse().unwrap()).await.unwrap();
    let body = question(true).to_string();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {OTHER_TABLET}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    silent.write_all((head + &body).as_bytes()).await.unwrap();
    fake.until_open(1).await;
    let short = question(false);
    let asked = booth.send(TABLET, &short);
    let answered = timeout(Duration::from_secs(90), asked).await.unwrap();
    assert_eq!(answered.status(), 200);
    fake.until_open(0).await;
    drop(silent);
}

#[tokio::test]
async fn an_answer_without_an_end_is_ended() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::start(&skt(&fake.base_url, "fallbacks = []", IMPATIENT)).await;
    let page = "가".repeat(20_000);
    let endless = Act::Stream((0..100).map(|_| text(&page)).collect());
    fake.next([endless.clone(), endless]);
    let (chunks, done) = booth.whole_stream().await;
    assert!(done);
    assert_eq!(chunks.last().unwrap()["error"]["code"], "upstream_invalid");
    let said = text_of(&chunks).len();
    assert!((900_000..1_200_000).contains(&said), "{said}");
    let whole = booth.send(TABLET, &question(false)).await;
    assert_eq!(whole.status(), 502);
    assert_eq!(
        whole.json::<Value>().await.unwrap()["error"]["code"],
        "upstream_invalid"
    );
}

/// What a service reports inside a stream before it has said a word passes as well as a status does.
#[tokio::test]
async fn a_failure_inside_a_stream_is_tried_again_before_the_first_token() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let report = |code: u16| format!("data: {{\"error\":{{\"code\":{code}}}}}\n\ndata: [DONE]\n\n");
    fake.next([
        Act::Stream(vec![report(503)]),
        Act::Cut(vec![": hello\n\n".to_owned()]),
    ]);
    assert_eq!(booth.status(TABLET, &question(true)).await, 200);
    assert_eq!(fake.requests().len(), 3);
    fake.next([Act::Stream(vec![report(400)])]);
    assert_eq!(booth.status(TABLET, &question(true)).await, 502);
    assert_eq!(fake.requests().len(), 4);
}

#[tokio::test]
async fn thinking_between_tags_is_thinking() {
    let cut = ["<thi", "nk>음", "…</thi", "nk>\n네", " <b>"].map(text);
    let fake = Fake::start(Act::Stream(cut.into_iter().chain([end(10)]).collect())).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let (chunks, done) = booth.whole_stream().await;
    assert!(done);
    assert_eq!(text_of(&chunks), "네 <b>");
    let thinking: String = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["reasoning_content"].as_str())
        .collect();
    assert_eq!(thinking, "음…");
    fake.next([Act::Stream(vec![text("<think>음"), end(10)])]);
    let (chunks, _) = booth.whole_stream().await;
    assert_eq!(chunks.last().unwrap()["error"]["code"], "empty_answer");
    let as_it_is = Booth::start(&skt(&fake.base_url, "thinking = \"none\"", "")).await;
    let (chunks, _) = as_it_is.whole_stream().await;
    assert_eq!(text_of(&chunks), "<think>음…</think>\n네 <b>");
}

/// What a service's own filter stops is nobody's failure, and is not put to another.
#[tokio::test]
async fn what_a_service_filters_is_blocked() {
    let filtered = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n";
    let fake = Fake::start(Act::Stream(vec![filtered.to_owned()])).await;
    let booth = Booth::start(&skt(&fake.base_url, "", "")).await;
    let refused = booth.send(TABLET, &question(true)).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(
        refused.json::<Value>().await.unwrap()["error"]["code"],
        "blocked"
    );
    fake.next([Act::Stream(vec![text("안"), filtered.to_owned()])]);
    let (chunks, done) = booth.whole_stream().await;
    assert!(done && text_of(&chunks) == "안");
    assert_eq!(chunks.last().unwrap()["error"]["code"], "blocked");
}
