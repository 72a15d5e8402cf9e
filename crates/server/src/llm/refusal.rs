//! What a service says when it refuses or fails, for the log alone.
//!
//! Owns: reading the body of a refusal, and taking out of it what no log may hold.
//! Must not own: what a client is told, or whether the service is asked again.
//! Invariant: at most [`MAX_CHARS`] characters are logged, without personal data, without any part of the
//! headers and texts that the service was sent; and nobody waits for it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::timeout;

use super::openai::Endpoint;

/// Most of a body that is read, and for how long.
const MAX_BYTES: usize = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(1);
/// Most that is logged of it.
const MAX_CHARS: usize = 300;
/// So many letters and digits in a row that were sent are an echo; of a key fewer are enough, as services
/// show its ends.
const ECHO: usize = 8;
const ECHO_OF_KEY: usize = 4;
/// No word is longer: pictures and tokens are.
const LONGEST_WORD: usize = 64;
const LEFT_OUT: &str = "[…]";

/// Logs what the service says, once it has come.
pub(super) fn log(endpoint: &Endpoint, sent: &Value, response: Response) {
    let status = response.status().as_u16();
    let (model, host, sent) = asked(endpoint, sent);
    tokio::spawn(async move {
        let body = read(response).await;
        let says = sent.taken_out_of(&body);
        tracing::warn!(model, host, status, says, "a service refused");
    });
}

/// Logs what the service reports inside an answer.
pub(super) fn log_reported(endpoint: &Endpoint, sent: &Value, report: String) {
    let (model, host, sent) = asked(endpoint, sent);
    tokio::spawn(async move {
        let body = report.as_bytes();
        let says = sent.taken_out_of(body.get(..MAX_BYTES).unwrap_or(body));
        tracing::warn!(model, host, says, "a service failed inside its answer");
    });
}

fn asked(endpoint: &Endpoint, sent: &Value) -> (String, Option<String>, Sent) {
    let host = endpoint.url.host_str().map(str::to_owned);
    let sent = Sent::new(&endpoint.headers, sent);
    (endpoint.model.clone(), host, sent)
}

async fn read(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    let whole = async {
        while let Ok(Some(bytes)) = response.chunk().await {
            let room = MAX_BYTES - body.len();
            body.extend_from_slice(bytes.get(..room).unwrap_or(&bytes));
            if body.len() == MAX_BYTES {
                break;
            }
        }
    };
    // What has come by then is logged.
    timeout(PATIENCE, whole).await.ok();
    body
}

/// What the service was sent.
struct Sent {
    keys: Vec<String>,
    texts: Vec<String>,
}

impl Sent {
    fn new(headers: &HeaderMap, body: &Value) -> Self {
        let secret = headers.values().filter(|value| value.is_sensitive());
        let keys = secret.filter_map(|value| value.to_str().ok());
        let keys = keys.map(|key| key.strip_prefix("Bearer ").unwrap_or(key).to_owned());
        let mut texts = Vec::new();
        collect(&body["messages"], &mut texts);
        Self {
            keys: keys.collect(),
            texts,
        }
    }

    /// The words of a body that may be logged.
    fn taken_out_of(&self, body: &[u8]) -> String {
        let said = unescaped(&plain(&String::from_utf8_lossy(body)));
        let masked = kiosk_privacy::mask(&said);
        let letters = Letters::of(&masked);
        let mut echoed = vec![false; letters.0.len()];
        for (sent, length) in [(&self.keys, ECHO_OF_KEY), (&self.texts, ECHO)] {
            for text in sent {
                letters.mark(&Letters::of(text), length, &mut echoed);
            }
        }
        let echoed: HashSet<usize> = letters
            .0
            .iter()
            .zip(echoed)
            .filter_map(|(letter, echoed)| echoed.then_some(letter.1))
            .collect();
        let mut left = String::new();
        let mut out = false;
        for (at, c) in masked.char_indices() {
            // Signs between echoed letters go with them.
            out = echoed.contains(&at) || out && !c.is_alphanumeric() && c != ' ';
            if !out {
                left.push(c);
            } else if !left.ends_with(LEFT_OUT) {
                left.push_str(LEFT_OUT);
            }
        }
        let words = left.split_whitespace().map(|word| {
            let long = word.chars().nth(LONGEST_WORD).is_some();
            if long { LEFT_OUT } else { word }
        });
        let words: Vec<&str> = words.collect();
        words.join(" ").chars().take(MAX_CHARS).collect()
    }
}

/// The texts of messages; pictures are no text, and too long to be logged anyway.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.starts_with("data:") => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => {
            let told = fields
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "role" | "type"));
            told.for_each(|(_, item)| collect(item, texts));
        }
        _ => {}
    }
}

/// What JSON says, without its signs; anything else as it is.
fn plain(body: &str) -> String {
    fn say(value: &Value, said: &mut Vec<String>) {
        match value {
            Value::Null => {}
            Value::String(text) => said.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| say(item, said)),
            Value::Object(fields) => {
                for (key, item) in fields {
                    said.push(format!("{key}:"));
                    say(item, said);
                }
            }
            other => said.push(other.to_string()),
        }
    }
    let Ok(value) = serde_json::from_str::<Value>(body) else {
        return body.to_owned();
    };
    let mut said = Vec::new();
    say(&value, &mut said);
    said.join(" ")
}

/// Without the escapes of JSON inside JSON, or of JSON that was cut, and without control characters.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(if c.is_control() { ' ' } else { c });
            continue;
        }
        match rest.next() {
            Some('n' | 'r' | 't') => plain.push(' '),
            Some('u') => {
                let code: String = rest.by_ref().take(4).collect();
                let letter = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                plain.push(letter.unwrap_or('\u{fffd}'));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

/// The letters and digits of a text, in lower case, and where they stand in it.
struct Letters(Vec<(char, usize)>);

impl Letters {
    fn of(text: &str) -> Self {
        let all = text.char_indices().filter(|(_, c)| c.is_alphanumeric());
        let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
        Self(all.map(|(at, c)| (lower(c), at)).collect())
    }

    /// Marks every row of so many letters that stands in `sent`, too, and what was sent as a whole however
    /// short it is.
    fn mark(&self, sent: &Self, length: usize, echoed: &mut [bool]) {
        let length = length.min(sent.0.len());
        // A single letter tells nothing.
        if length < 2 || self.0.len() < length {
            return;
        }
        let row = |letters: &[(char, usize)]| letters.iter().map(|(c, _)| *c).collect::<String>();
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, letters) in self.0.windows(length).enumerate() {
            places.entry(row(letters)).or_default().push(at);
        }
        for letters in sent.0.windows(length) {
            for at in places.remove(&row(letters)).unwrap_or_default() {
                echoed[at..at + length].fill(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AUTHORIZATION, HeaderValue};
    use serde_json::json;

    use super::*;

    fn sent(question: &str) -> Sent {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer sk-Canary-0123-wxyz"),
            ("x-team", "s3cr3t-of-skt"),
        ] {
            let mut value = HeaderValue::from_static(value);
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        assert!(headers.contains_key(AUTHORIZATION));
        let body = json!({"model": "m", "messages": [
            {"role": "system", "content": "부스에서 안내해요."},
            {"role": "user", "content": [{"type": "text", "text": question}]},
        ]});
        Sent::new(&headers, &body)
    }

    fn logged(question: &str, body: &str) -> String {
        sent(question).taken_out_of(body.as_bytes())
    }

    #[test]
    fn what_a_service_says_is_kept_without_its_json() {
        let body = json!({"error": {"code": 40002, "message": "Unsupported parameter:\n top_k", "param": null}});
        assert_eq!(
            logged("안녕하세요", &body.to_string()),
            "error: code: 40002 message: Unsupported parameter: top_k param:"
        );
        assert_eq!(
            logged("", "upstream connect error\r\n"),
            "upstream connect error"
        );
    }

    #[test]
    fn keys_are_taken_out_whole_and_in_part() {
        for body in [
            "Incorrect API key: sk-Canary-0123-wxyz.",
            "Incorrect API key: Bearer SK-CANARY-0123-WXYZ",
            "Incorrect API key: sk-Cana**********wxyz.",
            "{\"error\":\"Incorrect API key: s3cr3t-of-skt\"}",
        ] {
            let logged = logged("", body).to_lowercase();
            assert!(logged.contains("incorrect api key"), "{logged}");
            for part in ["cana", "0123", "wxyz", "s3cr"] {
                assert!(!logged.contains(part), "{logged}");
            }
        }
    }

    #[test]
    fn echoes_of_what_was_asked_are_taken_out_however_they_are_written() {
        let question = "제 이름은 홍길동이고\n\"여기\"에 살아요";
        let inner = json!({"detail": [{"msg": "too long", "input": question}]}).to_string();
        let ascii: String = question
            .chars()
            .map(|c| {
                if c.is_ascii() {
                    String::from(c).replace('\n', "\\n")
                } else {
                    format!("\\u{:04x}", u32::from(c))
                }
            })
            .collect();
        for body in [
            inner.clone(),
            json!({"error": {"message": inner}}).to_string(),
            format!("{{\"msg\":\"too long\",\"input\":\"{ascii}\"}}"),
            format!("{{\"msg\":\"too long\",\"input\":\"{ascii}"),
            format!(
                "too long: {}…",
                question.chars().take(14).collect::<String>()
            ),
        ] {
            let logged = logged(question, &body);
            assert!(logged.contains("too long"), "{body}: {logged}");
            assert!(
                !logged.contains("홍길") && !logged.contains("살아"),
                "{body}: {logged}"
            );
        }
        assert_eq!(logged("홍길동", "no: 홍길동?"), "no: […]");
        assert_eq!(logged("", "prompt: 부스에서 안내해요."), "prompt: […] […]");
    }

    #[test]
    fn personal_data_is_masked_and_the_rest_is_bounded() {
        assert_eq!(logged("", "call 010-1234-5678"), "call [전화번호]");
        assert_eq!(
            logged("", &format!("image {} bad", "iVBO".repeat(200))),
            "image […] bad"
        );
        assert_eq!(logged("", &"말 ".repeat(5_000)).chars().count(), MAX_CHARS);
        assert_eq!(sent("").taken_out_of(b"\xff\x00bad"), "\u{fffd} bad");
    }
}
