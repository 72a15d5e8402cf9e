//! The model proxy against a provider that behaves well, badly, or not at all.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "functions that set a test up may fail it"
)]

#[path = "upstream/booth.rs"]
mod booth;
#[path = "support/exposition.rs"]
mod exposition;
#[path = "upstream/fake.rs"]
mod fake;

#[path = "upstream/breaker.rs"]
mod breaker;
#[path = "upstream/budget.rs"]
mod budget;
#[path = "upstream/canaries.rs"]
mod canaries;
#[path = "upstream/clients.rs"]
mod clients;
#[path = "upstream/failures.rs"]
mod failures;
#[path = "upstream/line.rs"]
mod line;
#[path = "upstream/masking.rs"]
mod masking;
#[path = "upstream/metrics.rs"]
mod metrics;
#[path = "upstream/moderation.rs"]
mod moderation;
#[path = "upstream/moderation_service.rs"]
mod moderation_service;
#[path = "upstream/patience.rs"]
mod patience;
#[path = "upstream/refusals.rs"]
mod refusals;
#[path = "upstream/stopping.rs"]
mod stopping;

use std::time::Duration;

use serde_json::{Value, json};

use crate::booth::{Booth, TABLET, question, skt, text_of};
use crate::fake::{Act, Fake, end, reasoning, text, words};

#[tokio::test]
async fn an_answer_streams_in_the_shape_of_openai() {
    let fake = Fake::start(words(&["안녕", "하세요"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let mut body = question(true);
    body["stream_options"] = json!({"include_usage": true});
    body["temperature"] = json!(2);
    let request = booth
        .ask(TABLET, &body)
        .header("x-request-id", "0193f0c2-1234-7fff-bfff-ffffffffffff");
    let stream = booth.stream(request).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.header("content-type"), "text/event-stream");
    assert_eq!(stream.header("cache-control"), "no-store");
    assert_eq!(stream.header("x-accel-buffering"), "no");
    assert_eq!(
        stream.header("x-request-id"),
        "0193f0c2-1234-7fff-bfff-ffffffffffff"
    );
    assert_eq!(stream.header("content-encoding"), "");
    let (chunks, done) = stream.rest().await;
    assert!(done);
    assert_eq!(text_of(&chunks), "안녕하세요");
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    assert_eq!(chunks[2]["choices"][0]["finish_reason"], "stop");
    assert_eq!(
        (&chunks[3]["usage"]["total_tokens"], &chunks[3]["choices"]),
        (&json!(10), &json!([]))
    );
    assert_eq!(chunks.len(), 4);
    for chunk in &chunks {
        assert_eq!(
            (&chunk["model"], &chunk["object"]),
            (&json!("A.X-real"), &json!("chat.completion.chunk"))
        );
        assert!(chunk.get("booth").is_none() && chunk.get("system_fingerprint").is_none());
    }
}

#[tokio::test]
async fn tokens_are_passed_on_as_they_come() {
    let pieces = vec![text("가"), text("나"), text("다"), end(10)];
    let fake = Fake::start(Act::Paced(pieces, Duration::from_millis(300))).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let mut stream = booth.stream(booth.ask(TABLET, &question(true))).await;
    assert_eq!(
        stream.next_json().await["choices"][0]["delta"]["content"],
        "가"
    );
    assert_eq!(fake.open(), 1);
    assert!(stream.rest().await.1);
}

#[tokio::test]
async fn a_whole_answer_is_collected_from_a_stream() {
    let fake = Fake::start(words(&["안녕", "하세요"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let response = booth.send(TABLET, &question(false)).await;
    assert!(response.headers().contains_key("x-request-id"));
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["model"], "A.X-real");
    assert_eq!(
        answer["choices"][0]["message"],
        json!({"role": "assistant", "content": "안녕하세요"})
    );
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert_eq!(answer["usage"]["total_tokens"], 10);
    assert_eq!(fake.requests()[0].1["stream"], true);
}

#[tokio::test]
async fn a_service_that_counts_no_tokens_has_them_estimated() {
    let silent =
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let pieces = vec![text("하나둘"), text("셋"), silent.to_owned()];
    let fake = Fake::start(Act::Stream(pieces)).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let whole = booth.answer(TABLET, &question(false)).await;
    let usage = &whole["usage"];
    // "하나둘셋", two characters a token; what was read is the question and what stands before it.
    assert_eq!(usage["completion_tokens"], 2);
    let read = usage["prompt_tokens"].as_u64().unwrap();
    assert!(read > 2, "{usage}");
    assert_eq!(usage["total_tokens"], read + 2);
    let mut body = question(true);
    let (chunks, _) = booth.stream(booth.ask(TABLET, &body)).await.rest().await;
    assert!(chunks.iter().all(|chunk| chunk.get("usage").is_none()));
    body["stream_options"] = json!({"include_usage": true});
    let (chunks, done) = booth.stream(booth.ask(TABLET, &body)).await.rest().await;
    let last = chunks.last().unwrap();
    assert!(done);
    assert_eq!((&last["usage"], &last["choices"]), (usage, &json!([])));
}

#[tokio::test]
async fn the_service_gets_the_teams_settings_and_nothing_of_the_tablets() {
    let fake = Fake::start(words(&["네"])).await;
    let keys = "api_key_env = \"SKT_KEY\"\nmax_tokens = 99\nsystem_prompt = \"TEAM PROMPT\"\n\
        extra_headers = { x-booth = \"1\" }\nextra_body = { temperature = 0.5 }";
    let booth = Booth::start(&skt(&fake.base_url, keys, "")).await;
    let body = json!({
        "model": "skt", "max_tokens": 5000, "temperature": 2, "metadata": {"demo": "languages", "language": "en"},
        "messages": [
            {"role": "system", "content": "SYSTEM OF THE TABLET"},
            {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
            {"role": "assistant", "content": "three"},
            {"role": "user", "content": "four"},
        ],
    });
    assert_eq!(booth.status(TABLET, &body).await, 200);
    let (headers, sent) = fake.requests().remove(0);
    assert_eq!(headers["authorization"], "Bearer key-of-skt");
    assert_eq!(headers["x-booth"], "1");
    assert_eq!(
        (&sent["model"], &sent["max_tokens"], &sent["temperature"]),
        (&json!("A.X-real"), &json!(99), &json!(0.5))
    );
    assert_eq!(sent["stream_options"]["include_usage"], true);
    let prompts = &booth.state.content.system_prompts;
    let prompt = |demo: &str| &prompts[&("skt".to_owned(), demo.to_owned())];
    let system = sent["messages"][0]["content"].as_str().unwrap();
    assert_eq!(
        system,
        format!("TEAM PROMPT\n\n{}", prompt("languages").trim())
    );
    assert!(
        !sent.to_string().contains("SYSTEM OF THE TABLET")
            && !system.contains(prompt("chat").trim())
    );
    assert_eq!(
        sent["messages"][1],
        json!({"role": "user", "content": "one\ntwo"})
    );
    assert_eq!(sent["messages"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn booth_events_tell_who_answers_and_how_long_it_took() {
    let fake = Fake::start(Act::Stream(vec![reasoning("음"), text("네"), end(10)])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let request = booth
        .ask(TABLET, &question(true))
        .header("Booth-Events", "1");
    let (chunks, done) = booth.stream(request).await.rest().await;
    assert!(done);
    assert_eq!(
        chunks[0]["booth"],
        json!({"served_by": "model", "model": "A.X-real"})
    );
    assert_eq!(
        chunks[1]["choices"][0]["delta"],
        json!({"role": "assistant", "reasoning_content": "음"})
    );
    assert_eq!(chunks[2]["choices"][0]["delta"], json!({"content": "네"}));
    assert_eq!(chunks[3]["choices"][0]["finish_reason"], "stop");
    let timing = &chunks[4]["booth"]["timing"];
    assert_eq!(timing["queued_ms"], 0);
    assert!(timing["total_ms"].as_u64() >= timing["first_token_ms"].as_u64());
    assert_eq!(chunks.len(), 5);
}

#[tokio::test]
async fn a_team_without_a_table_is_answered_by_the_guide() {
    let booth = Booth::start("").await;
    let mut body = question(true);
    body["stream_options"] = json!({"include_usage": true});
    let (chunks, done) = booth
        .stream(booth.ask(TABLET, &body).header("Booth-Events", "1"))
        .await
        .rest()
        .await;
    assert!(done);
    assert_eq!(
        chunks[0]["booth"],
        json!({"served_by": "guide", "model": "guide"})
    );
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["system_fingerprint"] == "guide" && chunk["model"] == "guide")
    );
    let texts = chunks
        .iter()
        .filter(|chunk| chunk["choices"][0]["delta"]["content"].is_string())
        .count();
    assert!(texts > 1, "{texts} chunks");
    let usage = chunks
        .iter()
        .find(|chunk| chunk.get("usage").is_some())
        .unwrap();
    assert_eq!(usage["usage"]["total_tokens"], 0);
    let whole: Value = booth.answer(TABLET, &question(false)).await;
    assert_eq!(whole["choices"][0]["message"]["content"], text_of(&chunks));
    assert_eq!(whole["system_fingerprint"], "guide");
}

#[tokio::test]
async fn a_quiet_stream_is_kept_alive() {
    let fake = Fake::start(Act::Paced(
        vec![text("늦은"), end(10)],
        Duration::from_millis(10_500),
    ))
    .await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let mut stream = booth.stream(booth.ask(TABLET, &question(true))).await;
    assert_eq!(
        stream.next_json().await["choices"][0]["delta"]["content"],
        "늦은"
    );
    assert_eq!(stream.comments, 1);
}

#[tokio::test]
async fn the_list_of_models_is_the_events() {
    let booth = Booth::start("").await;
    assert_eq!(booth.get("/v1/models").send().await.unwrap().status(), 401);
    let list: Value = booth
        .get("/v1/models")
        .bearer_auth(TABLET)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let ids: Vec<&str> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        ["naver-cloud", "upstage", "skt", "nc-ai", "lg-ai-research"]
    );
    assert_eq!(
        (&list["object"], &list["data"][0]["owned_by"]),
        (&json!("list"), &json!("네이버클라우드"))
    );
}
