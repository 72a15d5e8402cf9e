//! The `OpenAI` dialect: how a team's service is asked.
//!
//! Owns: the address, headers and body of a request to a service.
//! Must not own: sending it, or reading the answer.
//! Invariant: a body holds the asked demo's system prompt and this chat's turns, nothing of another chat.

use std::collections::BTreeMap;

use kiosk_wire::chat::{Content, ImageUrl, Part, Role};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use url::Url;

use super::budget::{TOKENS_OF_IMAGE, tokens_of};
use super::request::{Question, Speaker, Turn};
use super::setup::SetupError;
use crate::config::team::{Tags, TeamConfig, has_credentials};

/// Sent to every service whatever `allowed_parameters` says: without them there is no question.
const ALWAYS_SENT: [&str; 3] = ["model", "messages", "stream"];
/// What services call the limit of an answer's tokens.
const LIMITS: [&str; 2] = ["max_tokens", "max_completion_tokens"];

/// Everything that stays the same from request to request.
#[derive(Debug)]
pub struct Endpoint {
    /// Where to send it.
    pub url: Url,
    /// Key, extra headers, content type.
    pub headers: HeaderMap,
    /// The model's id there.
    pub model: String,
    /// How it marks thinking inside its text.
    pub thinking: Tags,
    system_prompt: String,
    max_tokens: u32,
    limit_parameter: String,
    extra_body: Map<String, Value>,
    allowed: Vec<String>,
}

impl Endpoint {
    /// Reads a service's table. `secrets` holds the values of variables.
    pub fn new(
        team: &str,
        config: &TeamConfig,
        secrets: &BTreeMap<String, String>,
    ) -> Result<Self, SetupError> {
        let url = Self::address(&config.base_url).ok_or_else(|| SetupError::Address {
            team: team.to_owned(),
        })?;
        Ok(Self {
            url,
            headers: headers(team, config, secrets)?,
            model: config.model.clone(),
            thinking: config.thinking,
            system_prompt: config.system_prompt.clone(),
            max_tokens: config.max_tokens,
            limit_parameter: config.limit_parameter.clone(),
            extra_body: config
                .extra_body
                .iter()
                .map(|(key, value)| (key.clone(), to_json(value)))
                .collect(),
            allowed: config.allowed_parameters.clone(),
        })
    }

    /// Where questions to a service with this `base_url` are sent.
    pub fn address(base_url: &str) -> Option<Url> {
        url_below(base_url, "chat/completions")
    }

    /// The body for a question; `demo_prompt` is the demo's system prompt.
    pub fn body(&self, question: &Question, demo_prompt: &str) -> Value {
        let mut body = Map::new();
        let asked = question.max_tokens.unwrap_or(u32::MAX);
        let most = asked.min(self.max_tokens);
        body.insert(self.limit_parameter.clone(), most.into());
        body.insert("stream_options".to_owned(), json!({"include_usage": true}));
        body.extend(
            self.extra_body
                .iter()
                .map(|(key, value)| (key.clone(), value.clone())),
        );
        if !self.allowed.is_empty() {
            body.retain(|key, _| self.allowed.contains(key));
        }
        for key in ALWAYS_SENT {
            body.entry(key).or_insert(Value::Null);
        }
        body["model"] = self.model.as_str().into();
        body["messages"] = self.messages(question, demo_prompt).into();
        body["stream"] = true.into();
        body.into()
    }

    /// About how many tokens the service reads for a question.
    pub fn prompt_tokens(&self, question: &Question, demo_prompt: &str) -> u64 {
        let turns = question.turns.iter();
        let texts = self.prompts(demo_prompt).into_iter();
        let texts = texts.chain(turns.clone().map(|turn| turn.text.as_str()));
        let images: usize = turns.map(|turn| turn.images.len()).sum();
        let of_images = u64::try_from(images).unwrap_or(u64::MAX);
        texts.map(tokens_of).fold(
            of_images.saturating_mul(TOKENS_OF_IMAGE),
            u64::saturating_add,
        )
    }

    /// How many tokens it may write at most.
    pub fn answer_tokens(&self, question: &Question) -> u64 {
        let asked = question.max_tokens.unwrap_or(u32::MAX).min(self.max_tokens);
        let set = LIMITS
            .iter()
            .filter_map(|key| self.extra_body.get(*key)?.as_u64());
        set.max().unwrap_or(asked.into())
    }

    fn prompts<'a>(&'a self, demo_prompt: &'a str) -> Vec<&'a str> {
        let prompts = [self.system_prompt.trim(), demo_prompt.trim()];
        let prompts = prompts.into_iter();
        prompts.filter(|prompt| !prompt.is_empty()).collect()
    }

    fn messages(&self, question: &Question, demo_prompt: &str) -> Vec<Value> {
        let prompts = self.prompts(demo_prompt);
        let system = (!prompts.is_empty())
            .then(|| json!({"role": Role::System, "content": prompts.join("\n\n")}));
        system
            .into_iter()
            .chain(question.turns.iter().map(message))
            .collect()
    }
}

/// Where a path of a service with this `base_url` is.
pub(super) fn url_below(base_url: &str, path: &str) -> Option<Url> {
    let mut url = Url::parse(base_url).ok()?;
    if !url.cannot_be_a_base() {
        // Some services want a version behind it, as `?api-version=…`: that stays behind.
        let below = format!("{}/{path}", url.path().trim_end_matches('/'));
        url.set_path(&below);
    }
    Some(url)
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| !has_credentials(url))
}

/// A key as it is sent, which no log shows; `None` if it cannot be.
pub(super) fn bearer(key: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.trim())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn message(turn: &Turn) -> Value {
    let role = match turn.speaker {
        Speaker::Visitor => Role::User,
        Speaker::Model => Role::Assistant,
    };
    json!({"role": role, "content": content(turn)})
}

/// A string wherever that is enough: not every service takes parts.
fn content(turn: &Turn) -> Content {
    if turn.images.is_empty() {
        return Content::Text(turn.text.clone());
    }
    let text = (!turn.text.is_empty()).then(|| Part::Text {
        text: turn.text.clone(),
    });
    let images = turn.images.iter().map(|url| Part::ImageUrl {
        image_url: ImageUrl { url: url.clone() },
    });
    Content::Parts(text.into_iter().chain(images).collect())
}

fn headers(
    team: &str,
    config: &TeamConfig,
    secrets: &BTreeMap<String, String>,
) -> Result<HeaderMap, SetupError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &config.extra_headers {
        let wrong = || SetupError::Header {
            team: team.to_owned(),
            name: name.clone(),
        };
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        // Some services take their key in a header of their own.
        value.set_sensitive(true);
        headers.insert(header, value);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(variable) = &config.api_key_env {
        let wrong = || SetupError::Key {
            team: team.to_owned(),
            variable: variable.clone(),
        };
        let key = secrets.get(variable).ok_or_else(wrong)?;
        headers.insert(AUTHORIZATION, bearer(key).ok_or_else(wrong)?);
    }
    Ok(headers)
}

fn to_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(flag) => (*flag).into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(items) => items.iter().map(to_json).collect(),
        toml::Value::Table(table) => table
            .iter()
            .map(|(key, item)| (key.clone(), to_json(item)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use kiosk_wire::event::Language;

    use std::collections::BTreeSet;

    use super::*;

    fn question(max_tokens: Option<u32>) -> Question {
        let turn = |speaker, text: &str| Turn {
            speaker,
            text: text.to_owned(),
            images: Vec::new(),
        };
        Question {
            team: "skt".to_owned(),
            demo: "chat".to_owned(),
            language: Language::Ko,
            turns: vec![
                turn(Speaker::Visitor, "하나"),
                turn(Speaker::Model, "둘"),
                turn(Speaker::Visitor, "셋"),
            ],
            max_tokens,
            stream: true,
            include_usage: false,
        }
    }

    fn endpoint(table: &str) -> Result<Endpoint, SetupError> {
        let config: TeamConfig = toml::from_str(table).unwrap();
        let secrets = BTreeMap::from([("KEY".to_owned(), "top secret".to_owned())]);
        Endpoint::new("skt", &config, &secrets)
    }

    #[test]
    fn a_body_holds_both_prompts_and_the_turns() {
        let endpoint =
            endpoint("base_url='https://a.example/v1/'\nmodel='m'\nsystem_prompt='team'").unwrap();
        assert_eq!(
            endpoint.url.as_str(),
            "https://a.example/v1/chat/completions"
        );
        assert_eq!(
            endpoint.body(&question(None), "demo"),
            json!({
                "model": "m", "stream": true, "stream_options": {"include_usage": true}, "max_tokens": 1024,
                "messages": [
                    {"role": "system", "content": "team\n\ndemo"},
                    {"role": "user", "content": "하나"},
                    {"role": "assistant", "content": "둘"},
                    {"role": "user", "content": "셋"},
                ],
            })
        );
    }

    #[test]
    fn the_smaller_limit_of_tokens_counts() {
        let endpoint = endpoint("base_url='https://a.example/v1'\nmax_tokens=100").unwrap();
        assert_eq!(endpoint.body(&question(Some(10)), "")["max_tokens"], 10);
        assert_eq!(endpoint.body(&question(Some(4_000)), "")["max_tokens"], 100);
    }

    #[test]
    fn the_limit_has_the_name_that_the_service_knows() {
        let table = "base_url='https://a.example/v1'\nlimit_parameter='max_completion_tokens'";
        let body = endpoint(table).unwrap().body(&question(Some(10)), "");
        assert_eq!(body["max_completion_tokens"], 10);
        assert_eq!(body.get("max_tokens"), None);
    }

    /// Every table that `booth.example.toml` offers: it is read, and asks what it says.
    #[test]
    fn the_examples_are_tables_that_work() {
        const EXAMPLE: &str = include_str!("../../../../booth.example.toml");
        let mut switches = Vec::new();
        for block in EXAMPLE
            .split("\n\n")
            .filter(|block| block.starts_with("# [teams."))
        {
            let lines = block
                .lines()
                .skip(1)
                .map(|line| line.trim_start_matches("# "));
            let table = lines.collect::<Vec<_>>().join("\n");
            let config: TeamConfig =
                toml::from_str(&table).unwrap_or_else(|error| panic!("{error}\n{block}"));
            let keys = config
                .api_key_env
                .iter()
                .map(|key| (key.clone(), "key".to_owned()));
            let endpoint = Endpoint::new("skt", &config, &keys.collect()).unwrap();
            let body = endpoint.body(&question(None), "");
            let asked: Vec<&String> = config.extra_body.keys().collect();
            for key in asked {
                assert!(body.get(key).is_some(), "{key} is not sent:\n{block}");
                switches.push(key.clone());
            }
            assert!(config.recipient.is_some(), "{block}");
        }
        for key in ["reasoning_effort", "chat_template_kwargs"] {
            assert!(
                switches.iter().any(|switch| switch == key),
                "no table has {key}"
            );
        }
    }

    #[test]
    fn an_answer_may_need_its_prompts_its_turns_and_its_limit() {
        let table = "base_url='https://a.example/v1'\nmax_tokens=100\nsystem_prompt='팀 안내'";
        let own = endpoint(table).unwrap();
        let mut asked = question(Some(10));
        // Rounded up one by one: "팀 안내", "demo", "하나", "둘", "셋".
        assert_eq!(own.prompt_tokens(&asked, "demo"), 2 + 2 + 1 + 1 + 1);
        assert_eq!(own.answer_tokens(&asked), 10);
        asked.turns[2].images = vec!["data:".to_owned(); 2];
        assert_eq!(own.prompt_tokens(&asked, ""), 2_000 + 2 + 1 + 1 + 1);
        let other = endpoint(&format!(
            "{table}\nextra_body={{max_completion_tokens=4096}}"
        ));
        assert_eq!(other.unwrap().answer_tokens(&asked), 4_096);
    }

    #[test]
    fn extra_keys_are_merged_and_only_allowed_ones_sent() {
        let table = "base_url='https://a.example/v1'\nmodel='m'\nallowed_parameters=['temperature']\n\
            [extra_body]\ntemperature=0.5\ntop_k=3\nmodel='other'";
        let body = endpoint(table).unwrap().body(&question(None), "");
        let keys: BTreeSet<&str> = body
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            keys,
            BTreeSet::from(["messages", "model", "stream", "temperature"])
        );
        assert_eq!(
            (&body["model"], &body["temperature"]),
            (&json!("m"), &json!(0.5))
        );
    }

    #[test]
    fn nested_extra_keys_keep_their_shape() {
        let table = "base_url='https://a.example/v1'\n[extra_body.chat_template_kwargs]\nenable_thinking=false\nstops=['a']";
        let body = endpoint(table).unwrap().body(&question(None), "");
        assert_eq!(
            body["chat_template_kwargs"],
            json!({"enable_thinking": false, "stops": ["a"]})
        );
    }

    #[test]
    fn the_key_is_a_bearer_token_that_debug_does_not_show() {
        let table =
            "base_url='https://a.example/v1'\napi_key_env='KEY'\n[extra_headers]\nx-team='hidden'";
        let endpoint = endpoint(table).unwrap();
        assert_eq!(endpoint.headers[AUTHORIZATION], "Bearer top secret");
        assert_eq!(endpoint.headers["x-team"], "hidden");
        let printed = format!("{endpoint:?}");
        assert!(!printed.contains("secret") && !printed.contains("hidden"));
    }

    #[test]
    fn questions_are_sent_below_the_base_url() {
        for (base_url, asked) in [
            (
                "https://a.example/v1",
                "https://a.example/v1/chat/completions",
            ),
            (
                "https://a.example/v1//",
                "https://a.example/v1/chat/completions",
            ),
            ("https://a.example", "https://a.example/chat/completions"),
            (
                "https://a.example/x?api-version=2",
                "https://a.example/x/chat/completions?api-version=2",
            ),
        ] {
            assert_eq!(Endpoint::address(base_url).unwrap().as_str(), asked);
        }
        assert!(Endpoint::address("mailto:a@b.example").is_none());
    }

    #[test]
    fn wrong_tables_are_refused() {
        assert!(matches!(
            endpoint("base_url=''"),
            Err(SetupError::Address { .. })
        ));
        assert!(matches!(
            endpoint("base_url='ftp://a.example/v1'"),
            Err(SetupError::Address { .. })
        ));
        assert!(matches!(
            endpoint("base_url='https://user:key@a.example/v1'"),
            Err(SetupError::Address { .. })
        ));
        assert!(matches!(
            endpoint("base_url='https://a.example'\napi_key_env='NONE'"),
            Err(SetupError::Key { .. })
        ));
        assert!(matches!(
            endpoint("base_url='https://a.example'\n[extra_headers]\n'a b'='c'"),
            Err(SetupError::Header { .. })
        ));
    }
}
