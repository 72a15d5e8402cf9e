//! A service that does everything wrong that services do: what a visitor reads, and that asking goes on.

use std::time::Duration;

use e2e::{Ending, LANDSCAPE, Result, Script, Tablet, Upstream};
use serde_json::{Value, json};

use crate::visit::{SOON, answer, ask, open_chat, scripted_booth, wait_for_words};

/// Of what the model thinks, and of nothing else.
const THOUGHT: &str = "골똘히";
/// Of what the service says about its failures: on a gateway's page and in a stream.
const OWN_WORDS: [&str; 2] = ["Bad Gateway", "CUDA"];
/// Two teams at one service. Nobody stands in for the second.
const SETTINGS: [(&str, &str); 9] = [
    ("BOOTH_UPSTREAM__FIRST_TOKEN_TIMEOUT_SECS", "2"),
    ("BOOTH_UPSTREAM__BETWEEN_TOKENS_TIMEOUT_SECS", "1"),
    ("BOOTH_UPSTREAM__RETRIES", "1"),
    // Or the service would soon not be asked any more.
    ("BOOTH_UPSTREAM__BREAKER_FAILURES", "0"),
    // Dozens of questions in a minute are many for one tablet.
    ("BOOTH_LIMITS__REQUESTS_PER_MINUTE", "600"),
    ("BOOTH_TEAMS__UPSTAGE__DIALECT", "openai"),
    ("BOOTH_TEAMS__UPSTAGE__MODEL", "scripted-model"),
    ("BOOTH_TEAMS__UPSTAGE__FALLBACKS", "[]"),
    ("BOOTH_TEAMS__UPSTAGE__MAX_CONCURRENT", "4"),
];

const UPSTREAM: [&str; 2] = [
    "팀의 서비스가 답하지 못했어요. 다시 시도하거나 다른 팀을 만나 보세요.",
    "The team's service could not answer. Try again, or meet another team.",
];
const TIMEOUT: [&str; 2] = [
    "답이 너무 오래 걸려 멈췄어요. 다시 시도해 주세요.",
    "The answer took too long and was stopped. Please try again.",
];
const EMPTY: [&str; 2] = [
    "모델이 답을 쓰지 않았어요. 다르게 물어봐 주세요.",
    "The model wrote no answer. Please ask in another way.",
];
const BUSY: [&str; 2] = [
    "지금 기다리는 분이 많아요. 잠시 뒤에 다시 시도하거나 다른 팀을 만나 보세요.",
    "Many people are waiting now. Try again in a moment, or meet another team.",
];
const GUIDE: [&str; 2] = [
    "안내원이 대신 답했어요. 팀의 모델이 한 말이 아니에요.",
    "The guide answered instead. This is not the team's model.",
];

/// The last answer once it is over: state, who gave it, its text, all that is said about it, and the
/// actions below it.
const LAST: &str = "
    const answers = [...document.querySelectorAll('[data-testid=message][data-role=assistant]')];
    const last = answers.at(-1);
    const isOver = answers.length === arguments[0]
      && !['queued', 'streaming'].includes(last.dataset.state);
    return !isOver ? null : {
      state: last.dataset.state,
      by: last.dataset.servedBy ?? '',
      text: last.querySelector('[data-testid=message-text]')?.textContent.trim() ?? '',
      said: last.innerText,
      alert: last.querySelector('[role=alert]')?.textContent.trim() ?? '',
      actions: [...last.querySelectorAll('.acts button')].map((each) => each.dataset.testid),
    }";

/// A visitor who asks and looks what becomes of it.
struct Visitor {
    tablet: Tablet,
    upstream: Upstream,
    asked: usize,
}

impl Visitor {
    /// Asks a service that says this, and answers what there is to see in the end.
    async fn hear(&mut self, scripts: impl IntoIterator<Item = Script>) -> Result<Value> {
        scripts
            .into_iter()
            .for_each(|script| self.upstream.say_once(script));
        ask(&self.tablet, "왜요?").await?;
        self.asked += 1;
        let seen = self.last().await?;
        for hidden in OWN_WORDS.into_iter().chain([THOUGHT]) {
            assert!(!seen["said"].to_string().contains(hidden), "{seen}");
        }
        Ok(seen)
    }

    async fn last(&self) -> Result<Value> {
        let over = LAST.replace("arguments[0]", &self.asked.to_string());
        let is_over = format!("return (() => {{ {over} }})() !== null");
        self.tablet
            .wait_until("the end of the answer", SOON, &is_over)
            .await?;
        self.tablet.script(&over).await
    }

    /// The guide gave it, and is named.
    async fn hear_guide(&mut self, scripts: impl IntoIterator<Item = Script>) -> Result<()> {
        let before = self.upstream.requests().len();
        let scripts: Vec<Script> = scripts.into_iter().collect();
        let tries = scripts.len();
        let seen = self.hear(scripts).await?;
        assert_eq!(
            json!([seen["state"], seen["by"]]),
            json!(["done", "guide"]),
            "{seen}"
        );
        assert_ne!(seen["text"], "", "{seen}");
        self.reads(GUIDE[0]).await?;
        assert_eq!(self.upstream.requests().len(), before + tries, "{seen}");
        Ok(())
    }

    /// It failed: this much is kept, and one sentence, the same in both languages, says why.
    async fn hear_failure(
        &mut self,
        scripts: impl IntoIterator<Item = Script>,
        kept: &str,
        sentences: [&str; 2],
    ) -> Result<()> {
        let seen = self.hear(scripts).await?;
        assert_eq!(
            json!([seen["state"], seen["text"], seen["alert"]]),
            json!(["failed", kept, sentences[0]]),
            "{seen}"
        );
        assert_eq!(
            seen["actions"],
            json!(["chat-retry", "other-teams"]),
            "{seen}"
        );
        self.reads_in_english(sentences[1]).await
    }

    /// This is said about the last answer.
    async fn reads(&self, words: &str) -> Result<()> {
        wait_for_words(&self.tablet, &words.replace('.', "\\.")).await
    }

    async fn reads_in_english(&self, words: &str) -> Result<()> {
        self.tablet.tap("language-en").await?;
        self.reads(words).await?;
        self.tablet.tap("language-ko").await
    }

    /// All is well again.
    async fn hear_model(&mut self, scripts: impl IntoIterator<Item = Script>) -> Result<()> {
        let seen = self.hear(scripts).await?;
        assert_eq!(
            json!([seen["state"], seen["by"], seen["text"], seen["alert"]]),
            json!(["done", "model", "답이에요.", ""]),
            "{seen}"
        );
        Ok(())
    }
}

fn good() -> Script {
    Script::line("답이에요.")
}

/// No word, and this end.
fn silent(ending: Ending) -> Script {
    Script::default().ending(ending)
}

fn twice(ending: Ending) -> [Script; 2] {
    [silent(ending), silent(ending)]
}

/// A word, and this end.
fn broken(ending: Ending) -> Script {
    Script::line("여기까지").ending(ending)
}

async fn with_a_guide(visitor: &mut Visitor) -> Result<()> {
    // Nothing of it is worth a second try.
    for ending in [
        Ending::Page,
        Ending::Unreadable,
        Ending::Whole,
        Ending::Limited(60),
        Ending::Status(400),
        Ending::Stall,
    ] {
        visitor.hear_guide([silent(ending)]).await?;
    }
    visitor.reads_in_english(GUIDE[1]).await?;
    // Two tries.
    for ending in [Ending::Error, Ending::CutOff, Ending::Status(503)] {
        visitor.hear_guide(twice(ending)).await?;
        visitor.hear_model([silent(ending), good()]).await?;
    }
    visitor
        .hear_model([silent(Ending::Limited(1)), good()])
        .await?;
    // What the model has begun is not ended by somebody else.
    for (ending, why) in [
        (Ending::Error, UPSTREAM),
        (Ending::CutOff, UPSTREAM),
        (Ending::Unreadable, UPSTREAM),
        (Ending::Stall, TIMEOUT),
    ] {
        visitor
            .hear_failure([broken(ending)], "여기까지", why)
            .await?;
    }
    let thinks = Script::default().thinking(&[THOUGHT, THOUGHT]);
    visitor.hear_failure([thinks], "", EMPTY).await?;
    Ok(())
}

/// Thinking between tags is thinking, wherever the pieces are cut.
async fn with_tags(visitor: &mut Visitor) -> Result<()> {
    let tagged = format!("<think>{THOUGHT} 따져 봐요</think>답이에요.");
    for letters in [1, 5, 100] {
        visitor
            .hear_model([Script::pieces(&tagged, letters, Duration::ZERO)])
            .await?;
    }
    // It is there to be read for whoever wants to.
    visitor
        .tablet
        .tap_on(".turn:last-of-type [data-testid=reasoning]")
        .await?;
    visitor.reads(THOUGHT).await?;
    let seen = visitor.last().await?;
    assert_eq!(seen["text"], "답이에요.", "{seen}");
    Ok(())
}

async fn without_a_guide(visitor: &mut Visitor) -> Result<()> {
    for (scripts, why) in [
        (vec![silent(Ending::Page)], UPSTREAM),
        (twice(Ending::Error).to_vec(), UPSTREAM),
        (vec![silent(Ending::Unreadable)], UPSTREAM),
        (twice(Ending::CutOff).to_vec(), UPSTREAM),
        (twice(Ending::Status(503)).to_vec(), UPSTREAM),
        (vec![silent(Ending::Limited(60))], BUSY),
        (vec![silent(Ending::Whole)], EMPTY),
        (vec![silent(Ending::Stall)], TIMEOUT),
    ] {
        visitor.hear_failure(scripts, "", why).await?;
    }
    Ok(())
}

#[tokio::test]
async fn whatever_a_service_does_a_visitor_reads_why_and_can_go_on() -> Result<()> {
    let upstream = Upstream::start(good()).await?;
    let base_url = upstream.base_url();
    let mut settings = SETTINGS.to_vec();
    settings.push(("BOOTH_TEAMS__UPSTAGE__BASE_URL", &base_url));
    let booth = scripted_booth(&upstream, &settings).await?;
    let tablet = Tablet::open(&booth, LANDSCAPE).await?;
    open_chat(&tablet, "skt").await?;
    let mut visitor = Visitor {
        tablet,
        upstream,
        asked: 0,
    };
    with_a_guide(&mut visitor).await?;
    with_tags(&mut visitor).await?;

    // A failed answer is a way to another team, too.
    visitor
        .hear_failure([broken(Ending::CutOff)], "여기까지", UPSTREAM)
        .await?;
    visitor.tablet.tap("other-teams").await?;
    visitor.tablet.wait_for_screen("teams").await?;
    let card = "[data-screen='teams'] [data-team='upstage']";
    visitor.tablet.tap_on(card).await?;
    visitor.tablet.tap("chat-open").await?;
    visitor.tablet.wait_for_screen("chat").await?;
    visitor.asked = 0;
    visitor
        .tablet
        .forgive("POST /v1/chat/completions was answered")
        .await?;
    without_a_guide(&mut visitor).await?;
    visitor.tablet.forgive_no_more().await?;

    visitor.tablet.tap("chat-retry").await?;
    // All before it failed.
    visitor.tablet.wait_for(&answer("done")).await?;
    let seen = visitor.last().await?;
    assert_eq!(seen["text"], "답이에요.", "{seen}");
    visitor.hear_model([]).await?;
    assert_eq!(visitor.upstream.open(), 0);
    visitor.tablet.close().await
}
