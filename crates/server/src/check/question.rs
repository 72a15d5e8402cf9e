//! A short question to a service, and what it says of its models and its key.
//!
//! Owns: the question, and what its answer shows. Must not own: how services are asked.
//! Invariant: nothing a service wrote is in the report but the names of its models.

use std::time::{Duration, Instant};

use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::Language;
use kiosk_wire::feedback::is_name;
use reqwest::StatusCode;
use serde_json::Value;
use url::Url;

use super::Subject;
use super::report::{Heard, Steps, Thinking, Tried};
use crate::llm::breaker::Breaker;
use crate::llm::request::{Question, Speaker, Turn};
use crate::llm::stream::{FinishReason, Piece};
use crate::llm::upstream::Fault;

/// Enough for a word and for some thinking before it.
const MOST_TOKENS: u32 = 256;
/// A list of models is no answer of a model: it comes at once or not at all.
const LONGEST_LIST: Duration = Duration::from_secs(10);
const LARGEST_LIST: usize = 1024 * 1024;
/// Models that are named where ours is none of them.
const NAMED: usize = 5;
/// What stands around thinking; in an answer it is a leak.
const OPENING: [&str; 3] = ["<think>", "<thinking>", "<|think|>"];
const CLOSING: [&str; 3] = ["</think>", "</thinking>", "<|end|>"];

/// What a service said to being asked for its models.
enum Listed {
    Refused(StatusCode),
    Models(Vec<String>),
    /// It has no such list, which is no fault.
    Nothing(String),
}

/// What came of the short question.
enum Answered {
    Refused(u16),
    Failed(String),
    Heard(Heard, Option<String>),
}

impl Subject<'_> {
    pub(super) async fn ask(&self, steps: &mut Steps) -> Option<Heard> {
        let started = Instant::now();
        let listed = self.list().await;
        if let Listed::Refused(status) = listed {
            steps.took("key", started.elapsed(), self.refused(status.as_u16()));
            return None;
        }
        let listing = started.elapsed();
        let started = Instant::now();
        let answered = self.answer().await;
        let answering = started.elapsed();
        let refused = match answered {
            Answered::Refused(status) => self.refused(status),
            _ => Ok(((), None)),
        };
        steps.took("key", Duration::ZERO, refused);
        steps.took("models", listing, self.in_list(listed));
        match answered {
            Answered::Refused(_) => None,
            Answered::Failed(says) => {
                steps.took("answer", answering, Err(says));
                None
            }
            Answered::Heard(heard, says) => {
                steps.took("answer", answering, Ok(((), None)));
                let leaks = heard.thinking == Thinking::Leaks;
                let thinking = match says {
                    Some(says) if leaks => Err(says),
                    says => Ok(((), says)),
                };
                steps.took("thinking", Duration::ZERO, thinking);
                Some(heard)
            }
        }
    }

    fn refused(&self, status: u16) -> Tried<()> {
        Err(match self.variable {
            Some(variable) => format!(
                "The service refuses the key in {variable} ({status}): put a valid one there, and ask the team whether it may use this model."
            ),
            None => format!(
                "The service asks for a key ({status}): name the variable that holds it in api_key_env."
            ),
        })
    }

    async fn list(&self) -> Listed {
        let endpoint = &self.service.endpoint;
        let asked = self
            .upstream
            .client()
            .get(models_url(&endpoint.url))
            .headers(endpoint.headers.clone())
            .timeout(LONGEST_LIST)
            .send();
        let Ok(mut response) = asked.await else {
            return Listed::Nothing("It does not answer when asked for its models.".to_owned());
        };
        let status = response.status();
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Listed::Refused(status),
            StatusCode::OK => {}
            _ => {
                return Listed::Nothing(format!("It has no list of models ({}).", status.as_u16()));
            }
        }
        let mut body = Vec::new();
        while let Ok(Some(bytes)) = response.chunk().await {
            body.extend_from_slice(&bytes);
            if body.len() > LARGEST_LIST {
                break;
            }
        }
        let list: Value = serde_json::from_slice(&body).unwrap_or_default();
        let Some(models) = list["data"].as_array() else {
            return Listed::Nothing("Its list of models cannot be read.".to_owned());
        };
        let ids = models.iter().filter_map(|model| model["id"].as_str());
        Listed::Models(ids.map(str::to_owned).collect())
    }

    fn in_list(&self, listed: Listed) -> Tried<()> {
        let model = &self.service.endpoint.model;
        let models = match listed {
            Listed::Nothing(says) => return Ok(((), Some(says))),
            Listed::Refused(_) => return Ok(((), None)),
            Listed::Models(models) => models,
        };
        if models.contains(model) {
            return Ok(((), None));
        }
        let named: Vec<&str> = models
            .iter()
            .map(String::as_str)
            .filter(|name| is_name(name))
            .take(NAMED)
            .collect();
        let lists = if named.is_empty() {
            "lists none".to_owned()
        } else {
            format!(
                "lists {}{}",
                named.join(", "),
                if models.len() > named.len() {
                    ", …"
                } else {
                    ""
                }
            )
        };
        Err(format!(
            "The service does not list the model `{model}`, it {lists}: correct model."
        ))
    }

    /// Asks for one word.
    async fn answer(&self) -> Answered {
        let question = Question {
            team: String::new(),
            demo: String::new(),
            language: Language::Ko,
            turns: vec![Turn {
                speaker: Speaker::Visitor,
                text: "안녕하세요. 한 단어로만 인사해 주세요.".to_owned(),
                images: Vec::new(),
            }],
            max_tokens: Some(MOST_TOKENS),
            stream: true,
            include_usage: false,
        };
        let endpoint = &self.service.endpoint;
        let body = endpoint.body(&question, "");
        // A service that fails is not to be spared here.
        let breaker = Breaker::new(0, Duration::ZERO);
        let started = Instant::now();
        let mut live = match self.upstream.ask(endpoint, &breaker, &body).await {
            Ok(live) => live,
            Err(fault) => return failed(fault),
        };
        let first_token_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (mut text, mut thought, mut end) = (String::new(), false, FinishReason::Stop);
        loop {
            match live.next().await {
                Ok(Some(Piece::Text(more))) => text += &more,
                Ok(Some(Piece::Reasoning(_))) => thought = true,
                Ok(Some(Piece::Finish(reason))) => end = reason,
                Ok(Some(Piece::Usage(_))) => {}
                Ok(None) => break,
                Err(fault) => return failed(fault),
            }
        }
        let tag = |tags: [&'static str; 3]| tags.into_iter().find(|tag| text.contains(*tag));
        let silent = text.trim().is_empty();
        let (thinking, says) = match tag(OPENING).or(tag(CLOSING)) {
            Some(tag) if CLOSING.contains(&tag) => (
                Thinking::Leaks,
                Some(format!(
                    "Its thinking stands in the answer, with only {tag} behind it: set thinking = \"open\"."
                )),
            ),
            Some(tag) => (
                Thinking::Leaks,
                Some(format!(
                    "Its thinking stands in the answer, marked by {tag}: set thinking = \"auto\", or turn it off in extra_body."
                )),
            ),
            None if !thought => (Thinking::None, None),
            None if silent && end == FinishReason::Length => (
                Thinking::Hidden,
                Some(format!(
                    "It thought for all of {MOST_TOKENS} tokens before a word came: visitors will wait. Turn its thinking off in extra_body, or give it a larger max_tokens."
                )),
            ),
            None if silent => {
                return Answered::Failed("All it said was taken for thinking: if thinking = \"open\" is set, remove it; else turn its thinking off in extra_body.".to_owned());
            }
            None => (Thinking::Hidden, None),
        };
        let heard = Heard {
            first_token_ms,
            thinking,
        };
        Answered::Heard(heard, says)
    }
}

fn failed(fault: Fault) -> Answered {
    let says = match (fault.status, fault.code) {
        (Some(status @ (401 | 403)), _) => return Answered::Refused(status),
        (Some(404), _) => "There is no such model or no such path (404): check model, and that base_url ends where /chat/completions follows.".to_owned(),
        (Some(400 | 422), _) => "It refuses the request as it is: check model, extra_body, and name in allowed_parameters what it takes.".to_owned(),
        (Some(status @ 300..=399), _) => format!("It sends elsewhere ({status}), which is not followed: put its present address into base_url."),
        (_, ChatErrorCode::UpstreamRateLimited) => "It takes no more requests now: ask the team to raise the limit of this key, or lower max_concurrent.".to_owned(),
        (Some(status @ 500..), _) => format!("It fails by itself ({status}): tell the team."),
        (_, ChatErrorCode::UpstreamTimeout) => "No token comes in time: tell the team, or raise [upstream] first_token_timeout_secs.".to_owned(),
        (_, ChatErrorCode::EmptyAnswer) => "It answers without a word: check model, and give it a larger max_tokens if it thinks first.".to_owned(),
        (_, ChatErrorCode::Blocked) => "Its filter stops a greeting: ask the team to loosen it.".to_owned(),
        (_, ChatErrorCode::UpstreamUnavailable) => "It breaks off: try again, and tell the team if it stays so.".to_owned(),
        (_, code) => format!("Its answer is none in OpenAI's shape ({code:?}): check that base_url ends where /chat/completions follows."),
    };
    Answered::Failed(says)
}

/// Beside the address that is asked for answers.
fn models_url(chat: &Url) -> Url {
    let mut url = chat.clone();
    let path = url.path().trim_end_matches("/chat/completions");
    let path = format!("{path}/models");
    url.set_path(&path);
    url
}
