//! What is neither asked nor answered, by the event's own rules.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use kiosk_wire::event::Language;
use serde_json::{Value, json};

use crate::booth::{Booth, TABLET, question, skt, text_of};
use crate::fake::{Act, Fake, end, reasoning, text, words};
use crate::masking::thinking_of;
use crate::metrics::{after, assert_is};

const SOON: Duration = Duration::from_secs(1);

fn asking(text: &str, language: &str) -> Value {
    let mut body = question(false);
    body["messages"][0]["content"] = json!(text);
    body["metadata"] = json!({"language": language});
    body
}

/// The status, code and sentence of a refusal.
async fn refusal(booth: &Booth, body: &Value) -> (u16, String, String) {
    let response = booth.send(TABLET, body).await;
    let status = response.status().as_u16();
    let error: Value = response.json().await.unwrap();
    let told = |key: &str| error["error"][key].as_str().unwrap_or_default().to_owned();
    (status, told("code"), told("message"))
}

/// The built-in event with these rules, as a section of `booth.toml`.
fn event_with(folder: &Path, rules: &str) -> String {
    std::fs::create_dir(folder.join("teams")).unwrap();
    for (name, text) in kiosk_server::assets::built_in_event() {
        std::fs::write(folder.join(name), text).unwrap();
    }
    std::fs::write(folder.join("moderation.toml"), rules).unwrap();
    format!("[server]\nevent_dir = {:?}\n", folder.display().to_string())
}

#[tokio::test]
async fn a_question_is_refused_before_anybody_is_asked() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let questions = [
        ("죽고 싶어요", "ko", "109에서"),
        ("저는 죽 고싶 어요", "ko", "109에서"),
        ("자.살.하.고.싶.어", "ko", "109에서"),
        ("I WANT TO  DIE", "en", "109 listens"),
        ("ｆｕｃｋ", "en", "kind"),
        ("f u c k!", "ko", "고운 말"),
    ];
    for (text, language, says) in questions {
        for stream in [false, true] {
            let mut body = asking(text, language);
            body["stream"] = json!(stream);
            let (status, code, sentence) = refusal(&booth, &body).await;
            assert_eq!((status, &*code), (403, "blocked"), "{text}");
            assert!(sentence.contains(says), "{text}: {sentence}");
        }
    }
    // Whoever answers: this team has the guide alone.
    let mut body = asking("죽고 싶어요", "ko");
    body["model"] = json!("upstage");
    assert_eq!(refusal(&booth, &body).await.0, 403);
    // In parts, and behind an answer.
    body = asking("", "ko");
    body["messages"] = json!([
        {"role": "user", "content": "안녕?"},
        {"role": "assistant", "content": "네"},
        {"role": "user", "content": [{"type": "text", "text": "죽고"}, {"type": "text", "text": "싶어"}]},
    ]);
    assert_eq!(refusal(&booth, &body).await.0, 403);
    assert!(fake.requests().is_empty());
    let samples = after(&booth, 0).await;
    let refused = f64::from(u32::try_from(2 * questions.len() + 2).unwrap());
    assert_is(
        &samples,
        "booth_refusals_total",
        &[("code", "blocked")],
        refused,
    );
}

#[tokio::test]
async fn whoever_was_refused_once_can_go_on() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let mut body = question(false);
    body["messages"] = json!([
        {"role": "user", "content": "죽고 싶어요"},
        {"role": "user", "content": "혼자 살기 좋은 곳은 어디예요?"},
    ]);
    assert_eq!(booth.status(TABLET, &body).await, 200);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_ends_where_a_phrase_begins() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    let pieces: [(&[&str], &str); 5] = [
        (&["음, a pip", "e bo", "mb은 이렇게"], "음, a "),
        (&["ＰＩＰＥ　Ｂ", "ＯＭＢ!"], ""),
        (&["그 사제", " ", " 폭", "탄은"], "그 "),
        (&["그 사 제 폭 탄", "은"], "그 "),
        (
            &["전화 010-1234-56", "78, 사제 폭", "탄은"],
            "전화 [전화번호], ",
        ),
    ];
    for (pieces, told) in pieces {
        // It goes on and on, and would never end by itself.
        let act = Act::Stall(pieces.iter().map(|piece| text(piece)).collect());
        fake.next([act.clone(), act]);
        let (chunks, done) = booth.whole_stream().await;
        assert!(done, "{pieces:?}");
        assert_eq!(text_of(&chunks), told, "{pieces:?}");
        let error = &chunks.last().unwrap()["error"];
        assert_eq!(error["code"], "blocked", "{pieces:?}");
        assert!(
            error["message"].as_str().unwrap().contains("다칠 수"),
            "{error}"
        );
        assert!(fake.until_open(0).await < SOON);
        let (status, code, sentence) = refusal(&booth, &question(false)).await;
        assert_eq!((status, &*code), (403, "blocked"), "{pieces:?}");
        assert!(sentence.contains("다칠 수") && !sentence.contains("폭탄"));
        assert!(fake.until_open(0).await < SOON);
    }
    let samples = after(&booth, 10).await;
    let blocked = [("outcome", "blocked"), ("served_by", "model")];
    assert_is(&samples, "booth_requests_total", &blocked, 10.0);
}

#[tokio::test]
async fn thinking_is_looked_at_as_well() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    // What is held of the text is not told either.
    let pieces = vec![text("답: 사제"), reasoning("음, pi"), reasoning("pe bomb?")];
    fake.next([Act::Stall(pieces)]);
    let (chunks, done) = booth.whole_stream().await;
    assert!(done);
    assert_eq!(thinking_of(&chunks), "음, ");
    assert_eq!(text_of(&chunks), "답: ");
    assert_eq!(chunks.last().unwrap()["error"]["code"], "blocked");
    assert!(fake.until_open(0).await < SOON);
}

#[tokio::test]
async fn only_the_beginning_of_a_phrase_waits() {
    let pieces = vec![text("모두 사제"), text(" 간의 정을"), end(10)];
    let fake = Fake::start(Act::Paced(pieces, Duration::from_millis(200))).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    assert_eq!(booth.first_texts(2).await, ["모두 ", "사제 간의 정을"]);
}

#[tokio::test]
async fn at_the_end_what_was_held_is_told_or_blocked() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::without_fallback(&fake.base_url).await;
    for (piece, is_cut, told, code) in [
        ("음, 사제", true, "음, 사제", "upstream_unavailable"),
        ("음, 사제", false, "음, 사제", ""),
        ("음, 사제 폭탄", true, "음, ", "blocked"),
        // The last letter of a Latin word is known by what follows.
        ("음, pipe bomb", true, "음, ", "blocked"),
        ("음, pipe bomb", false, "음, ", "blocked"),
        ("음, pipe bombast", false, "음, pipe bombast", ""),
    ] {
        fake.next([if is_cut {
            Act::Cut(vec![text(piece)])
        } else {
            Act::Stream(vec![text(piece), end(10)])
        }]);
        let (chunks, done) = booth.whole_stream().await;
        assert!(done);
        assert_eq!(text_of(&chunks), told, "{piece} {is_cut}");
        let error = chunks.last().unwrap()["error"]["code"].as_str();
        assert_eq!(error.unwrap_or_default(), code, "{piece} {is_cut}");
    }
}

/// Its words are the organiser's; what it is asked is a visitor's.
#[tokio::test]
async fn the_guides_words_are_not_looked_at() {
    let guide = Booth::start("").await;
    let event = &guide.state.content.event;
    let said = kiosk_guide::Guide::new(event).answer("skt", None, Language::Ko, "안녕?");
    let phrase: String = said.text.chars().take(12).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut rules = String::new();
    for (phrase, target) in [(&*phrase, "answer"), ("금지된 말", "question")] {
        writeln!(
            rules,
            "[[rule]]\nphrases = [{phrase:?}]\napplies_to = [{target:?}]"
        )
        .unwrap();
    }
    let section = event_with(folder.path(), &rules);
    let booth = Booth::start(&section).await;
    let answer = booth.answer(TABLET, &question(false)).await;
    assert_eq!(answer["choices"][0]["message"]["content"], said.text);
    // Without a sentence of its own a rule says ours.
    for (language, says) in [("ko", "이 내용에는"), ("en", "This cannot be answered")] {
        let (status, code, sentence) = refusal(&booth, &asking("금지된말!", language)).await;
        assert_eq!((status, &*code), (403, "blocked"));
        assert!(sentence.starts_with(says), "{sentence}");
    }
    // The same words of a model are.
    let fake = Fake::start(words(&[&phrase])).await;
    let booth = Booth::start(&skt(&fake.base_url, "", &section)).await;
    assert_eq!(refusal(&booth, &question(false)).await.0, 403);
    // And a rule for questions is none for answers.
    fake.next([words(&["금지된 말"])]);
    assert_eq!(booth.status(TABLET, &question(false)).await, 200);
}

#[tokio::test]
async fn rules_can_be_left_out_and_are_shown_to_nobody() {
    let fake = Fake::start(words(&["네"])).await;
    let booth = Booth::start(&skt(&fake.base_url, "", "")).await;
    let event = booth.get("/api/event").send().await.unwrap();
    let event = event.text().await.unwrap();
    assert!(event.contains("skt"));
    for rule in &booth.state.content.rules {
        for phrase in &rule.phrases {
            assert!(!event.contains(phrase.as_str()), "{phrase}");
        }
    }
    let none = "[moderation]\nrules = \"\"\n";
    let booth = Booth::start(&skt(&fake.base_url, "", none)).await;
    assert_eq!(
        booth.status(TABLET, &asking("죽고 싶어요", "ko")).await,
        200
    );
}
