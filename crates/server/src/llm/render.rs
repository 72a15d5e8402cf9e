//! An answer in the shape of `chat.completion`, streamed or whole.
//!
//! Owns: the chunks of a stream, their order, and the whole completion.
//! Must not own: HTTP, or when something is sent.
//! Invariant: a stream has one first chunk with the role, one with the reason of its end, and ends with
//! `[DONE]`; after a failure only `[DONE]` follows.

use kiosk_wire::chat::{
    BoothEvent, Chunk, ChunkChoice, Completion, CompletionChoice, CompletionMessage, DONE, Delta,
    GUIDE_FINGERPRINT, Role, ServedBy,
};
use serde::Serialize;

use super::failure::Failure;
use super::news::{Ending, News};

/// A line that keeps a connection alive and means nothing.
pub const KEEP_ALIVE: &str = ": waiting\n\n";

/// What the client asked for, and how its answer is named.
#[derive(Debug, Clone)]
pub struct Form {
    /// The request's id.
    pub request_id: String,
    /// Unix seconds of the request.
    pub created: u64,
    /// The model the answer is expected from.
    pub model: String,
    /// Whether the booth's own news are wanted.
    pub booth_events: bool,
    /// Whether token counts are wanted in a stream.
    pub include_usage: bool,
}

/// Writes a stream.
#[derive(Debug)]
pub struct StreamWriter {
    form: Form,
    guide: bool,
    begun: bool,
    /// What stands around more text in every event of this answer, once one was written.
    around_text: Option<(String, String)>,
}

impl StreamWriter {
    /// A writer at the start of a stream.
    pub fn new(form: Form) -> Self {
        Self {
            form,
            guide: false,
            begun: false,
            around_text: None,
        }
    }

    /// The events for one piece of news; empty if the client did not ask for such.
    pub fn write(&mut self, news: News) -> String {
        match news {
            News::Queue(queue) => self.booth(BoothEvent::Queue { queue }),
            News::ServedBy {
                served_by,
                model,
                stand_in,
            } => {
                self.guide = served_by == ServedBy::Guide;
                self.form.model.clone_from(&model);
                self.around_text = None;
                self.booth(BoothEvent::ServedBy {
                    served_by,
                    model,
                    stand_in: stand_in.then_some(true),
                })
            }
            News::Text(text) if self.begun => self.text(&text),
            News::Text(text) => self.delta(Delta {
                content: Some(text),
                ..Delta::default()
            }),
            News::Reasoning(text) => self.delta(Delta {
                reasoning_content: Some(text),
                ..Delta::default()
            }),
            News::Finished(ending) => self.ending(ending),
            News::Failed(failure) => event(&failure.to_error()) + &done(),
        }
    }

    fn delta(&mut self, mut delta: Delta) -> String {
        if !std::mem::replace(&mut self.begun, true) {
            delta.role = Some(Role::Assistant);
        }
        event(&self.choice(delta, None))
    }

    /// The same as [`Self::delta`], without writing anew what is the same in every event.
    fn text(&mut self, text: &str) -> String {
        const EMPTY: &str = r#""content":"""#;
        let (before, after) = self.around_text.take().unwrap_or_else(|| {
            let empty = self.delta(Delta {
                content: Some(String::new()),
                ..Delta::default()
            });
            // Within a string of JSON there is no bare quote: the first place is the field itself.
            let place = empty.find(EMPTY).unwrap_or(empty.len());
            let (before, rest) = empty.split_at(place);
            let after = rest.strip_prefix(EMPTY).unwrap_or_default();
            (before.to_owned() + r#""content":"#, after.to_owned())
        });
        let text = serde_json::to_string(text).unwrap_or_default();
        let event = [&before, text.as_str(), &after].concat();
        self.around_text = Some((before, after));
        event
    }

    fn ending(&self, ending: Ending) -> String {
        let mut events =
            event(&self.choice(Delta::default(), Some(ending.reason.as_str().to_owned())));
        if self.form.include_usage {
            events += &event(&Chunk {
                usage: Some(ending.usage),
                ..self.chunk()
            });
        }
        events
            + &self.booth(BoothEvent::Timing {
                timing: ending.timing,
            })
            + &done()
    }

    fn booth(&self, news: BoothEvent) -> String {
        if !self.form.booth_events {
            return String::new();
        }
        event(&Chunk {
            booth: Some(news),
            ..self.chunk()
        })
    }

    fn choice(&self, delta: Delta, finish_reason: Option<String>) -> Chunk {
        Chunk {
            choices: vec![ChunkChoice {
                index: 0,
                delta,
                finish_reason,
            }],
            ..self.chunk()
        }
    }

    fn chunk(&self) -> Chunk {
        Chunk {
            id: completion_id(&self.form.request_id),
            object: "chat.completion.chunk".to_owned(),
            created: self.form.created,
            model: self.form.model.clone(),
            system_fingerprint: fingerprint(self.guide),
            choices: Vec::new(),
            usage: None,
            booth: None,
        }
    }
}

/// Collects a whole answer.
#[derive(Debug)]
pub struct WholeWriter {
    form: Form,
    guide: bool,
    text: String,
    reasoning: String,
}

impl WholeWriter {
    /// A writer without a word yet.
    pub fn new(form: Form) -> Self {
        Self {
            form,
            guide: false,
            text: String::new(),
            reasoning: String::new(),
        }
    }

    /// Takes news in; gives the completion, or the failure, once there is one.
    pub fn write(&mut self, news: News) -> Option<Result<Completion, Failure>> {
        match news {
            News::Queue(_) => {}
            News::ServedBy {
                served_by, model, ..
            } => {
                self.guide = served_by == ServedBy::Guide;
                self.form.model = model;
            }
            News::Text(text) => self.text += &text,
            News::Reasoning(text) => self.reasoning += &text,
            News::Finished(ending) => return Some(Ok(self.completion(ending))),
            News::Failed(failure) => return Some(Err(failure)),
        }
        None
    }

    fn completion(&mut self, ending: Ending) -> Completion {
        let reasoning = std::mem::take(&mut self.reasoning);
        let message = CompletionMessage {
            role: Role::Assistant,
            content: std::mem::take(&mut self.text),
            reasoning_content: (!reasoning.is_empty()).then_some(reasoning),
        };
        Completion {
            id: completion_id(&self.form.request_id),
            object: "chat.completion".to_owned(),
            created: self.form.created,
            model: self.form.model.clone(),
            system_fingerprint: fingerprint(self.guide),
            choices: vec![CompletionChoice {
                index: 0,
                message,
                finish_reason: ending.reason.as_str().to_owned(),
            }],
            usage: Some(ending.usage),
        }
    }
}

fn completion_id(request_id: &str) -> String {
    format!("chatcmpl-{request_id}")
}

fn fingerprint(guide: bool) -> Option<String> {
    guide.then(|| GUIDE_FINGERPRINT.to_owned())
}

/// One event. The types written here hold nothing that JSON cannot, so there is no error to tell.
fn event(data: &impl Serialize) -> String {
    serde_json::to_string(data).map_or_else(|_| String::new(), |json| format!("data: {json}\n\n"))
}

fn done() -> String {
    format!("data: {DONE}\n\n")
}

#[cfg(test)]
mod tests {
    use kiosk_wire::chat::{QueuePlace, Timing, Usage};
    use kiosk_wire::error::ChatErrorCode;
    use kiosk_wire::event::Language;
    use serde_json::{Value, json};

    use super::super::stream::FinishReason;
    use super::*;

    fn form(extras: bool) -> Form {
        Form {
            request_id: "r".to_owned(),
            created: 7,
            model: "expected".to_owned(),
            booth_events: extras,
            include_usage: extras,
        }
    }

    fn news() -> Vec<News> {
        let usage = Usage {
            prompt_tokens: 1,
            completion_tokens: 2,
            total_tokens: 3,
        };
        let timing = Timing {
            queued_ms: 1,
            first_token_ms: 2,
            total_ms: 3,
        };
        vec![
            News::Queue(QueuePlace {
                position: 1,
                wait_secs: 4,
            }),
            News::ServedBy {
                served_by: ServedBy::Model,
                model: "real".to_owned(),
                stand_in: false,
            },
            News::Reasoning("hm".to_owned()),
            News::Text("안녕".to_owned()),
            News::Text("!".to_owned()),
            News::Finished(Ending {
                reason: FinishReason::Length,
                usage,
                timing,
            }),
        ]
    }

    fn stream(extras: bool, news: Vec<News>) -> Vec<String> {
        let mut writer = StreamWriter::new(form(extras));
        let text: String = news.into_iter().map(|news| writer.write(news)).collect();
        let mut decoder = kiosk_wire::event_stream::EventStreamDecoder::new();
        decoder
            .push(text.as_bytes())
            .unwrap()
            .into_iter()
            .map(|event| event.data)
            .collect()
    }

    fn chunks(data: &[String]) -> Vec<Value> {
        data.iter()
            .filter(|data| *data != DONE)
            .map(|data| serde_json::from_str(data).unwrap())
            .collect()
    }

    #[test]
    fn a_plain_stream_is_an_ordinary_one() {
        let data = stream(false, news());
        assert_eq!(data.last().map(String::as_str), Some(DONE));
        let chunks = chunks(&data);
        let choices: Vec<&Value> = chunks.iter().map(|chunk| &chunk["choices"][0]).collect();
        assert_eq!(
            choices[0]["delta"],
            json!({"role": "assistant", "reasoning_content": "hm"})
        );
        assert_eq!(choices[1]["delta"], json!({"content": "안녕"}));
        assert_eq!(choices[3]["finish_reason"], "length");
        assert_eq!(chunks.len(), 4);
        assert!(chunks.iter().all(|chunk| chunk["model"] == "real" && chunk["object"] == "chat.completion.chunk"));
        assert!(
            chunks
                .iter()
                .all(|chunk| chunk["id"] == "chatcmpl-r" && chunk.get("booth").is_none())
        );
    }

    /// Whatever a text or a model's name holds.
    #[test]
    fn later_words_are_written_as_the_first_would_be() {
        for (model, text) in [
            ("real", "안녕"),
            (r#"a"content":"""#, "\"\\ \n\u{1}\u{2028}"),
            ("", "\"content\":\"\""),
        ] {
            let mut writer = StreamWriter::new(form(false));
            let served_by = ServedBy::Model;
            writer.write(News::ServedBy {
                served_by,
                model: model.to_owned(),
                stand_in: false,
            });
            let first = writer.write(News::Text(text.to_owned()));
            let later = [(); 2].map(|()| writer.write(News::Text(text.to_owned())));
            let without_role = first.replacen(r#""role":"assistant","#, "", 1);
            assert_eq!(later, [without_role.clone(), without_role]);
        }
    }

    #[test]
    fn booth_news_and_usage_come_where_they_belong() {
        let chunks = chunks(&stream(true, news()));
        assert_eq!(
            chunks[0]["booth"],
            json!({"queue": {"position": 1, "wait_secs": 4}})
        );
        assert_eq!(chunks[0]["model"], "expected");
        assert_eq!(
            chunks[1]["booth"],
            json!({"served_by": "model", "model": "real"})
        );
        assert_eq!(chunks[5]["choices"][0]["finish_reason"], "length");
        assert_eq!(
            (&chunks[6]["usage"]["total_tokens"], &chunks[6]["choices"]),
            (&json!(3), &json!([]))
        );
        assert_eq!(chunks[7]["booth"]["timing"]["first_token_ms"], 2);
        assert_eq!(chunks.len(), 8);
    }

    #[test]
    fn a_failure_is_one_error_and_done() {
        let failure = Failure::new(ChatErrorCode::UpstreamTimeout, Language::En);
        let data = stream(
            true,
            vec![News::Text("a".to_owned()), News::Failed(failure)],
        );
        assert_eq!(chunks(&data[1..2])[0]["error"]["code"], "upstream_timeout");
        assert_eq!(data[2..], [DONE]);
    }

    #[test]
    fn the_guide_is_marked_on_every_chunk() {
        let served = News::ServedBy {
            served_by: ServedBy::Guide,
            model: "guide".to_owned(),
            stand_in: false,
        };
        let chunks = chunks(&stream(false, vec![served, News::Text("a".to_owned())]));
        assert_eq!(
            (&chunks[0]["system_fingerprint"], &chunks[0]["model"]),
            (&json!("guide"), &json!("guide"))
        );
    }

    #[test]
    fn a_whole_answer_is_all_of_it() {
        let mut writer = WholeWriter::new(form(false));
        let completion = news()
            .into_iter()
            .find_map(|news| writer.write(news))
            .unwrap()
            .unwrap();
        assert_eq!(completion.choices[0].message.content, "안녕!");
        assert_eq!(
            completion.choices[0].message.reasoning_content.as_deref(),
            Some("hm")
        );
        assert_eq!(
            (
                completion.choices[0].finish_reason.as_str(),
                completion.model.as_str()
            ),
            ("length", "real")
        );
    }
}
