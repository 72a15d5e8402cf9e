//! From the bytes of an answer to what they mean.

use kiosk_wire::chat::{BoothEvent, Chunk, DONE, QueuePlace, ServedBy, Timing};
use kiosk_wire::error::{ChatErrorCode, OpenAiError, OpenAiErrorBody};
use kiosk_wire::event_stream::EventStreamDecoder;

use crate::json;

/// Why an answer did not come, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The kiosk server is out of reach, or the connection broke.
    Offline,
    /// The server said why.
    Refused(ChatErrorCode),
}

/// One thing a stream says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// The place in line.
    Place(QueuePlace),
    /// Who is about to answer.
    ServedBy {
        /// The model or the guide.
        served_by: ServedBy,
        /// The real model id.
        model: String,
        /// Whether another model stands in for the team's own.
        stand_in: bool,
    },
    /// More of the thinking.
    Reasoning(String),
    /// More of the answer.
    Text(String),
    /// Why the answer ends.
    Finished(String),
    /// How long it took.
    Timing(Timing),
    /// What is said instead of a blocked answer; it fails next.
    Sentence(String),
    /// The stream is over and whole.
    Done,
    /// The stream is over and not whole.
    Failed(Failure),
}

/// Reads one answer's stream; it ends in exactly one of done or failed.
#[derive(Debug, Default)]
pub struct AnswerReader {
    decoder: EventStreamDecoder,
    is_over: bool,
}

impl AnswerReader {
    /// A reader at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<StreamEvent> {
        let Ok(events) = self.decoder.push(bytes) else {
            return self.fail(Failure::Refused(ChatErrorCode::UpstreamInvalid));
        };
        events
            .into_iter()
            .flat_map(|event| self.read(&event.data))
            .collect()
    }

    /// The connection is closed: an answer without an end was cut off.
    pub fn close(&mut self) -> Vec<StreamEvent> {
        self.fail(Failure::Offline)
    }

    fn fail(&mut self, failure: Failure) -> Vec<StreamEvent> {
        if std::mem::replace(&mut self.is_over, true) {
            return Vec::new();
        }
        vec![StreamEvent::Failed(failure)]
    }

    fn read(&mut self, data: &str) -> Vec<StreamEvent> {
        if self.is_over {
            return Vec::new();
        }
        if data == DONE {
            self.is_over = true;
            return vec![StreamEvent::Done];
        }
        if let Some(chunk) = json::read::<Chunk>(data) {
            return chunk_events(chunk);
        }
        let Some(error) = json::read(data) else {
            return self.fail(Failure::Refused(ChatErrorCode::UpstreamInvalid));
        };
        self.is_over = true;
        refused(error)
    }
}

/// What the server said instead of an answer. Its own sentence counts where it knows more than the app:
/// what was blocked, and whom to talk to instead.
#[must_use]
pub fn refused(error: OpenAiError) -> Vec<StreamEvent> {
    let OpenAiErrorBody { code, message, .. } = error.error;
    let mut events = Vec::new();
    if code == ChatErrorCode::Blocked && !message.is_empty() {
        events.push(StreamEvent::Sentence(message));
    }
    events.push(StreamEvent::Failed(Failure::Refused(code)));
    events
}

fn chunk_events(chunk: Chunk) -> Vec<StreamEvent> {
    let booth = chunk.booth.map(|event| match event {
        BoothEvent::Queue { queue } => StreamEvent::Place(queue),
        BoothEvent::ServedBy {
            served_by,
            model,
            stand_in,
        } => StreamEvent::ServedBy {
            served_by,
            model,
            stand_in: stand_in == Some(true),
        },
        BoothEvent::Timing { timing } => StreamEvent::Timing(timing),
    });
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let choice = chunk.choices.into_iter().next();
    let (delta, finish) = choice.map_or_else(Default::default, |c| (c.delta, c.finish_reason));
    [
        booth,
        text(delta.reasoning_content).map(StreamEvent::Reasoning),
        text(delta.content).map(StreamEvent::Text),
        finish.map(StreamEvent::Finished),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNK: &str = r#""id":"c","object":"chat.completion.chunk","created":1,"model":"m""#;

    fn read(text: &str) -> Vec<StreamEvent> {
        let mut reader = AnswerReader::new();
        let mut events = reader.push(text.as_bytes());
        events.extend(reader.close());
        events
    }

    #[test]
    fn a_whole_answer_is_read() {
        let text = format!(
            "data: {{{CHUNK},\"choices\":[],\"booth\":{{\"queue\":{{\"position\":1,\"wait_secs\":4}}}}}}\n\n\
             data: {{{CHUNK},\"choices\":[],\"booth\":{{\"served_by\":\"model\",\"model\":\"other\",\"stand_in\":true}}}}\n\n\
             : wait\n\n\
             data: {{{CHUNK},\"choices\":[{{\"index\":0,\"delta\":{{\"role\":\"assistant\",\"content\":\"\"}}}}]}}\n\n\
             data: {{{CHUNK},\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"네\"}}}}]}}\n\n\
             data: {{{CHUNK},\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\n\
             data: [DONE]\n\ndata: {{}}\n\n"
        );
        assert_eq!(
            read(&text),
            [
                StreamEvent::Place(QueuePlace {
                    position: 1,
                    wait_secs: 4
                }),
                StreamEvent::ServedBy {
                    served_by: ServedBy::Model,
                    model: "other".to_owned(),
                    stand_in: true,
                },
                StreamEvent::Text("네".to_owned()),
                StreamEvent::Finished("stop".to_owned()),
                StreamEvent::Done,
            ]
        );
    }

    #[test]
    fn an_error_in_the_stream_is_its_end() {
        let text = "data: {\"error\":{\"message\":\"…\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_timeout\"}}\n\ndata: [DONE]\n\n";
        assert_eq!(
            read(text),
            [StreamEvent::Failed(Failure::Refused(
                ChatErrorCode::UpstreamTimeout
            ))]
        );
    }

    #[test]
    fn a_cut_connection_is_a_failure() {
        assert_eq!(read("data: {"), [StreamEvent::Failed(Failure::Offline)]);
    }

    #[test]
    fn a_page_of_something_else_is_a_failure() {
        assert_eq!(
            read("data: <html>\n\n"),
            [StreamEvent::Failed(Failure::Refused(
                ChatErrorCode::UpstreamInvalid
            ))]
        );
    }

    #[test]
    fn only_what_is_blocked_comes_with_the_servers_sentence() {
        let told = |code: &str, message: &str| {
            read(&format!(
                "data: {{\"error\":{{\"message\":\"{message}\",\"type\":\"t\",\"param\":null,\"code\":\"{code}\"}}}}\n\ndata: [DONE]\n\n"
            ))
        };
        let failed = |code| StreamEvent::Failed(Failure::Refused(code));
        assert_eq!(
            told("blocked", "109"),
            [
                StreamEvent::Sentence("109".to_owned()),
                failed(ChatErrorCode::Blocked)
            ]
        );
        assert_eq!(told("blocked", ""), [failed(ChatErrorCode::Blocked)]);
        assert_eq!(
            told("queue_full", "109"),
            [failed(ChatErrorCode::QueueFull)]
        );
    }
}
