//! Personal data reaches neither a provider nor, in its answers, a tablet.

use std::time::Duration;

use serde_json::{Value, json};

use crate::booth::{Booth, TABLET, question, skt, text_of};
use crate::fake::{Act, Fake, end, reasoning, text, words};

pub(crate) fn thinking_of(chunks: &[Value]) -> String {
    chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["reasoning_content"].as_str())
        .collect()
}

#[tokio::test]
async fn a_service_is_asked_without_personal_data() {
    let fake = Fake::start(words(&["네"])).await;
    let keys = "fallbacks = []\nsystem_prompt = \"문의는 02-123-4567\"";
    let booth = Booth::start(&skt(&fake.base_url, keys, "")).await;
    let body = json!({"model": "skt", "messages": [
        {"role": "user", "content": "제 번호는 010-1234-5678이고 2025년에 왔어요"},
        {"role": "assistant", "content": "hong@example.com으로 보낼까요?"},
        {"role": "user", "content": [
            {"type": "text", "text": "네, ０１０－１２３４"},
            {"type": "text", "text": "－５６７８ 또는 900101-1234567"},
        ]},
    ]});
    assert_eq!(booth.status(TABLET, &body).await, 200);
    let (_, sent) = fake.requests().remove(0);
    let messages: Vec<&str> = sent["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["content"].as_str().unwrap())
        .collect();
    // What the team wrote is the team's.
    assert!(
        messages[0].starts_with("문의는 02-123-4567"),
        "{}",
        messages[0]
    );
    assert_eq!(
        messages[1..],
        [
            "제 번호는 [전화번호]이고 2025년에 왔어요",
            "[이메일]으로 보낼까요?",
            // Parts are lines of their own: nobody reads them as one number.
            "네, ０１０－１２３４\n－５６７８ 또는 [주민번호]",
        ]
    );
}

#[tokio::test]
async fn a_limit_is_for_what_was_typed() {
    let fake = Fake::start(words(&["네"])).await;
    let limits = "[limits]\nmax_input_chars = 9\n";
    let booth = Booth::start(&skt(&fake.base_url, "", limits)).await;
    let mut body = question(false);
    body["messages"][0]["content"] = json!("a@b.co 아니");
    assert_eq!(booth.status(TABLET, &body).await, 200);
    // Masked it would fit.
    body["messages"][0]["content"] = json!("a@b.co 아니요");
    assert_eq!(booth.status(TABLET, &body).await, 400);
}

#[tokio::test]
async fn an_answer_is_masked_over_its_pieces_streamed_and_whole() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let act = Act::Stream(vec![
        reasoning("번호는 900101"),
        reasoning("-1234567"),
        reasoning("이고"),
        text("전화 010-12"),
        text("34-56"),
        text("78, 메일 ho"),
        text("ng@exam"),
        text("ple.com이에요. 2025"),
        end(10),
    ]);
    fake.next([act.clone(), act]);
    let asked = booth.stream(booth.ask(TABLET, &question(true))).await;
    let (chunks, done) = asked.rest().await;
    assert!(done);
    let told = "전화 [전화번호], 메일 [이메일]이에요. 2025";
    assert_eq!(text_of(&chunks), told);
    assert_eq!(thinking_of(&chunks), "번호는 [주민번호]이고");
    let finish = chunks
        .iter()
        .position(|chunk| chunk["choices"][0]["finish_reason"] == "stop");
    let last = chunks
        .iter()
        .rposition(|chunk| chunk["choices"][0]["delta"]["content"].is_string());
    assert!(last < finish, "{chunks:?}");
    let whole = booth.answer(TABLET, &question(false)).await;
    assert_eq!(
        whole["choices"][0]["message"],
        json!({"role": "assistant", "content": told, "reasoning_content": "번호는 [주민번호]이고"})
    );
}

/// What a service that answers in one piece says is no different.
#[tokio::test]
async fn an_answer_in_one_piece_is_masked() {
    let message = json!({"content": "홍길동@example.com, 010-1234-5678", "reasoning_content": "010-1234-5678"});
    let answer = json!({"choices": [{"message": message, "finish_reason": "stop"}]});
    let fake = Fake::start(Act::Body("application/json", answer.to_string())).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let whole = booth.answer(TABLET, &question(false)).await;
    assert_eq!(
        whole["choices"][0]["message"]["content"],
        "[이메일], [전화번호]"
    );
    assert_eq!(
        whole["choices"][0]["message"]["reasoning_content"],
        "[전화번호]"
    );
}

#[tokio::test]
async fn halves_between_thinking_and_text_are_not_told_apart() {
    let twice = |words: &str| {
        let delta = json!({"reasoning": words, "content": words});
        format!("data: {}\n\n", json!({"choices": [{"delta": delta}]}))
    };
    let pieces = vec![twice("가 010-12"), twice("34-5678"), end(10)];
    let fake = Fake::start(Act::Stream(pieces)).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let asked = booth.stream(booth.ask(TABLET, &question(true))).await;
    let (chunks, _) = asked.rest().await;
    assert_eq!(text_of(&chunks), "가 [전화번호]");
    assert_eq!(thinking_of(&chunks), "가 [전화번호]");
}

/// What was held back is told before a failure, and masked if it is whole by then.
#[tokio::test]
async fn what_is_held_comes_before_a_failure() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    for (pieces, told) in [
        (vec![text("가 010-1234"), text("-5678")], "가 [전화번호]"),
        (vec![text("모두 12")], "모두 12"),
    ] {
        fake.next([Act::Cut(pieces)]);
        let asked = booth.stream(booth.ask(TABLET, &question(true))).await;
        let (chunks, done) = asked.rest().await;
        assert!(done);
        assert_eq!(text_of(&chunks), told);
        assert_eq!(
            chunks.last().unwrap()["error"]["code"],
            "upstream_unavailable"
        );
    }
}

#[tokio::test]
async fn only_the_end_that_may_be_personal_data_waits() {
    let pieces = vec![text("첫째는 12"), text(" 둘째"), end(10)];
    let fake = Fake::start(Act::Paced(pieces, Duration::from_millis(200))).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    assert_eq!(booth.first_texts(2).await, ["첫째는 ", "12 둘째"]);
}

/// They are the event's own, with the numbers visitors are to know.
#[tokio::test]
async fn the_guides_words_are_not_touched() {
    let booth = Booth::start("").await;
    let whole = booth.answer(TABLET, &question(false)).await;
    let said = whole["choices"][0]["message"]["content"].as_str().unwrap();
    let guide = kiosk_guide::Guide::new(&booth.state.content.event);
    let answer = guide.answer("skt", None, kiosk_wire::event::Language::Ko, "안녕?");
    assert_eq!(said, answer.text);
}
