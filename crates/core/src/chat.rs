//! The conversations of one visit: one per demo, and what a stream of an answer does to them.
//!
//! Owns: messages, their states, which turns a request carries, what may be kept for feedback.
//! Must not own: the network, markup, or the clock; times come in as milliseconds.
//! Invariant: a prompt never carries another demo's text, and a late piece of a stopped or
//! replaced answer changes nothing.

pub mod fallback;
pub mod record;
pub mod stream;

use kiosk_wire::chat::{ChatMessage, Content, QueuePlace, Role, ServedBy, Timing};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::feedback::Thumb;

use stream::{Failure, StreamEvent};

/// The demo a conversation belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChatKey {
    /// Team id.
    pub team: String,
    /// Demo id.
    pub demo: String,
}

/// How far a message is; the name is its `data-state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// Sent, or waiting in line; nothing has come back.
    Queued,
    /// Coming in.
    Streaming,
    /// Whole.
    Done,
    /// Stopped by the visitor.
    Stopped,
    /// It failed; what had come stays.
    Failed,
}

impl MessageState {
    /// The value of `data-state`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Streaming => "streaming",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether the answer is still being waited for.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Queued | Self::Streaming)
    }
}

/// A question with the latest answer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Counts up within a visit, over all demos.
    pub number: u32,
    /// What the visitor asked.
    pub question: String,
    /// What came back.
    pub answer: Answer,
}

/// An answer, whole or growing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The request it belongs to.
    pub request_id: String,
    /// How far it is.
    pub state: MessageState,
    /// The text so far.
    pub text: String,
    /// The thinking so far; shown folded, never as the answer.
    pub reasoning: String,
    /// The place in line, while waiting.
    pub place: Option<QueuePlace>,
    /// Who answers, once known.
    pub served_by: Option<ServedBy>,
    /// The real model id, once known.
    pub model: Option<String>,
    /// Whether that is not the team's own, but another one that stands in for it.
    pub stand_in: bool,
    /// Why it ended.
    pub finish_reason: Option<String>,
    /// Why it failed.
    pub error: Option<Failure>,
    /// What the server says about that, where the app has no better words.
    pub sentence: Option<String>,
    /// How long it took, as the server measured it.
    pub timing: Option<Timing>,
    /// When it was asked for.
    pub asked_at_ms: u64,
    /// When it ended.
    pub ended_at_ms: Option<u64>,
    /// When the first of the thinking came.
    pub thinking_since_ms: Option<u64>,
    /// When the thinking was over: the answer's first letter, or its end.
    pub thinking_until_ms: Option<u64>,
    /// What the visitor thought of it.
    pub thumb: Option<Thumb>,
}

impl Answer {
    fn new(request_id: String, now_ms: u64) -> Self {
        Self {
            request_id,
            state: MessageState::Queued,
            text: String::new(),
            reasoning: String::new(),
            place: None,
            served_by: None,
            model: None,
            stand_in: false,
            finish_reason: None,
            error: None,
            sentence: None,
            timing: None,
            asked_at_ms: now_ms,
            ended_at_ms: None,
            thinking_since_ms: None,
            thinking_until_ms: None,
            thumb: None,
        }
    }

    /// Whether it is thinking now, and nothing of the answer has come.
    #[must_use]
    pub fn is_thinking(&self) -> bool {
        self.thinking_since_ms.is_some() && self.thinking_until_ms.is_none()
    }

    /// How long it has been thinking, in whole seconds and at least one; `None` without thinking.
    #[must_use]
    pub fn thinking_secs(&self, now_ms: u64) -> Option<u64> {
        let until = self.thinking_until_ms.unwrap_or(now_ms);
        self.thinking_since_ms.map(|since| whole_secs(since, until))
    }

    /// How long the answer took, or has been waited for until now, in whole seconds and at least one.
    #[must_use]
    pub fn secs(&self, now_ms: u64) -> u64 {
        whole_secs(self.asked_at_ms, self.ended_at_ms.unwrap_or(now_ms))
    }

    fn end(&mut self, state: MessageState, now_ms: u64) {
        self.state = state;
        self.place = None;
        self.ended_at_ms = Some(now_ms);
        self.end_thinking(now_ms);
    }

    fn end_thinking(&mut self, now_ms: u64) {
        if self.is_thinking() {
            self.thinking_until_ms = Some(now_ms);
        }
    }

    fn apply(&mut self, event: StreamEvent, now_ms: u64) {
        match event {
            StreamEvent::Place(place) => self.place = Some(place),
            StreamEvent::ServedBy {
                served_by,
                model,
                stand_in,
            } => {
                self.served_by = Some(served_by);
                self.stand_in = stand_in;
                self.model = Some(model);
                self.place = None;
                self.state = MessageState::Streaming;
            }
            StreamEvent::Reasoning(text) => {
                self.state = MessageState::Streaming;
                self.thinking_since_ms.get_or_insert(now_ms);
                self.reasoning.push_str(&text);
            }
            StreamEvent::Text(text) => {
                self.state = MessageState::Streaming;
                self.end_thinking(now_ms);
                self.text.push_str(&text);
            }
            StreamEvent::Finished(reason) => self.finish_reason = Some(reason),
            StreamEvent::Timing(timing) => self.timing = Some(timing),
            StreamEvent::Sentence(text) => self.sentence = Some(text),
            StreamEvent::Done if self.text.is_empty() => {
                self.error = Some(Failure::Refused(ChatErrorCode::EmptyAnswer));
                self.end(MessageState::Failed, now_ms);
            }
            StreamEvent::Done => self.end(MessageState::Done, now_ms),
            StreamEvent::Failed(Failure::Refused(ChatErrorCode::Cancelled)) => {
                self.end(MessageState::Stopped, now_ms);
            }
            StreamEvent::Failed(failure) => {
                self.error = Some(failure);
                self.end(MessageState::Failed, now_ms);
            }
        }
    }

    /// Whether there is something of it that later questions may refer to.
    fn has_text(&self) -> bool {
        !self.text.is_empty()
    }
}

/// What must be sent to get an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Names the request.
    pub request_id: String,
    /// Whom it goes to.
    pub key: ChatKey,
    /// The conversation of this demo, ending with the question.
    pub messages: Vec<ChatMessage>,
}

/// All conversations of a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chats {
    chats: Vec<(ChatKey, Vec<Exchange>)>,
    last_number: u32,
}

impl Chats {
    /// The conversation of this demo, oldest exchange first.
    #[must_use]
    pub fn get(&self, key: &ChatKey) -> &[Exchange] {
        let chat = self.chats.iter().find(|(other, _)| other == key);
        chat.map_or(&[], |(_, exchanges)| exchanges)
    }

    /// The exchange with this number.
    #[must_use]
    pub fn exchange(&self, key: &ChatKey, number: u32) -> Option<&Exchange> {
        self.get(key)
            .iter()
            .find(|exchange| exchange.number == number)
    }

    /// The exchange with this number, of whichever demo.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<&Exchange> {
        let mut all = self.chats.iter().flat_map(|(_, exchanges)| exchanges);
        all.find(|exchange| exchange.number == number)
    }

    /// Whether any answer of the visit is still coming.
    #[must_use]
    pub fn is_any_live(&self) -> bool {
        let mut lasts = self
            .chats
            .iter()
            .filter_map(|(_, exchanges)| exchanges.last());
        lasts.any(|exchange| exchange.answer.state.is_live())
    }

    /// Whether an answer of this demo is still coming.
    #[must_use]
    pub fn is_live(&self, key: &ChatKey) -> bool {
        self.get(key)
            .last()
            .is_some_and(|exchange| exchange.answer.state.is_live())
    }

    /// Asks. `None` while an answer of this demo is still coming, or for an empty question.
    pub fn ask(
        &mut self,
        key: &ChatKey,
        question: &str,
        request_id: String,
        now_ms: u64,
    ) -> Option<Ask> {
        let question = question.trim();
        if question.is_empty() || self.is_live(key) {
            return None;
        }
        self.last_number += 1;
        let number = self.last_number;
        let exchange = Exchange {
            number,
            question: question.to_owned(),
            answer: Answer::new(request_id.clone(), now_ms),
        };
        match self.get_mut(key) {
            Some(exchanges) => exchanges.push(exchange),
            None => self.chats.push((key.clone(), vec![exchange])),
        }
        Some(self.ask_for(key, request_id))
    }

    /// Asks the last question of this demo again; the new answer takes the old one's place.
    pub fn ask_again(&mut self, key: &ChatKey, request_id: String, now_ms: u64) -> Option<Ask> {
        let last = self.get_mut(key)?.last_mut()?;
        if last.answer.state.is_live() {
            return None;
        }
        last.answer = Answer::new(request_id.clone(), now_ms);
        Some(self.ask_for(key, request_id))
    }

    /// Takes what the stream of a request brought. Returns the number of the exchange that
    /// changed; `None` for an answer that was stopped or replaced meanwhile.
    pub fn apply(
        &mut self,
        key: &ChatKey,
        request_id: &str,
        event: StreamEvent,
        now_ms: u64,
    ) -> Option<u32> {
        let exchange = self.get_mut(key)?.last_mut()?;
        let answer = &mut exchange.answer;
        if answer.request_id != request_id || !answer.state.is_live() {
            return None;
        }
        answer.apply(event, now_ms);
        Some(exchange.number)
    }

    /// Stops every answer that is still coming; returns their demos, exchanges and request ids.
    pub fn stop_all(&mut self, now_ms: u64) -> Vec<(ChatKey, u32, String)> {
        let mut stopped = Vec::new();
        for (key, exchanges) in &mut self.chats {
            let live = exchanges
                .last_mut()
                .filter(|exchange| exchange.answer.state.is_live());
            if let Some(exchange) = live {
                exchange.answer.end(MessageState::Stopped, now_ms);
                stopped.push((
                    key.clone(),
                    exchange.number,
                    exchange.answer.request_id.clone(),
                ));
            }
        }
        stopped
    }

    /// Notes a thumb; `false` if there already is one, or nothing to judge.
    pub fn judge(&mut self, key: &ChatKey, number: u32, thumb: Thumb) -> bool {
        let exchange = self.get_mut(key).and_then(|exchanges| {
            exchanges
                .iter_mut()
                .find(|exchange| exchange.number == number)
        });
        match exchange {
            Some(exchange) if exchange.answer.thumb.is_none() && exchange.answer.has_text() => {
                exchange.answer.thumb = Some(thumb);
                true
            }
            _ => false,
        }
    }

    /// All exchanges of the visit with their demos, in the order they were asked.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&ChatKey, &Exchange)> {
        let mut all: Vec<(&ChatKey, &Exchange)> = Vec::new();
        for (key, exchanges) in &self.chats {
            for exchange in exchanges {
                let at = all.partition_point(|(_, other)| other.number < exchange.number);
                all.insert(at, (key, exchange));
            }
        }
        all
    }

    fn get_mut(&mut self, key: &ChatKey) -> Option<&mut Vec<Exchange>> {
        let chat = self.chats.iter_mut().find(|(other, _)| other == key);
        chat.map(|(_, exchanges)| exchanges)
    }

    fn ask_for(&self, key: &ChatKey, request_id: String) -> Ask {
        let exchanges = self.get(key);
        let (question, before) = match exchanges.split_last() {
            Some((last, before)) => (last.question.as_str(), before),
            None => ("", exchanges),
        };
        let mut messages: Vec<ChatMessage> = before
            .iter()
            // A question without an answer would stand beside the next question.
            .filter(|exchange| exchange.answer.has_text())
            .flat_map(|exchange| {
                [
                    message(Role::User, &exchange.question),
                    message(Role::Assistant, &exchange.answer.text),
                ]
            })
            .collect();
        messages.push(message(Role::User, question));
        Ask {
            request_id,
            key: key.clone(),
            messages,
        }
    }
}

/// Begun seconds; less than one counts as one.
fn whole_secs(since_ms: u64, until_ms: u64) -> u64 {
    until_ms.saturating_sub(since_ms).div_ceil(1_000).max(1)
}

fn message(role: Role, text: &str) -> ChatMessage {
    ChatMessage {
        role,
        content: Content::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(demo: &str) -> ChatKey {
        ChatKey {
            team: "skt".to_owned(),
            demo: demo.to_owned(),
        }
    }

    fn roles(ask: &Ask) -> Vec<Role> {
        ask.messages.iter().map(|message| message.role).collect()
    }

    fn answered(chats: &mut Chats, demo: &str, id: &str, text: &str) {
        chats.ask(&key(demo), "질문", id.to_owned(), 0).unwrap();
        chats.apply(&key(demo), id, StreamEvent::Text(text.to_owned()), 1);
        chats.apply(&key(demo), id, StreamEvent::Done, 2);
    }

    #[test]
    fn an_answer_grows_and_ends() {
        let mut chats = Chats::default();
        let chat = key("chat");
        chats.ask(&chat, " 안녕 ", "r1".to_owned(), 5).unwrap();
        assert_eq!(chats.get(&chat)[0].question, "안녕");
        assert!(chats.is_live(&chat));
        assert!(chats.ask(&chat, "또", "r2".to_owned(), 6).is_none());
        let events = [
            StreamEvent::Place(QueuePlace {
                position: 2,
                wait_secs: 9,
            }),
            StreamEvent::ServedBy {
                served_by: ServedBy::Model,
                model: "m".to_owned(),
                stand_in: false,
            },
            StreamEvent::Text("반".to_owned()),
            StreamEvent::Text("가워요".to_owned()),
            StreamEvent::Finished("stop".to_owned()),
            StreamEvent::Done,
        ];
        for event in events {
            assert_eq!(chats.apply(&chat, "r1", event, 9), Some(1));
        }
        let answer = &chats.get(&chat)[0].answer;
        assert_eq!(answer.text, "반가워요");
        assert_eq!(answer.state, MessageState::Done);
        assert_eq!(answer.place, None);
        assert_eq!(answer.ended_at_ms, Some(9));
    }

    #[test]
    fn thinking_is_timed_until_the_answer_begins() {
        let mut chats = Chats::default();
        let chat = key("chat");
        chats.ask(&chat, "질문", "r1".to_owned(), 1_000).unwrap();
        let think = |text: &str| StreamEvent::Reasoning(text.to_owned());
        chats.apply(&chat, "r1", think("음"), 2_000);
        chats.apply(&chat, "r1", think("…"), 3_000);
        let answer = &chats.get(&chat)[0].answer;
        assert!(answer.is_thinking());
        assert_eq!(answer.thinking_secs(6_500), Some(5));
        chats.apply(&chat, "r1", StreamEvent::Text("네".to_owned()), 7_000);
        chats.apply(&chat, "r1", StreamEvent::Done, 9_000);
        let answer = &chats.get(&chat)[0].answer;
        assert!(!answer.is_thinking());
        assert_eq!(answer.thinking_secs(99_000), Some(5));
        assert_eq!(answer.secs(99_000), 8);
    }

    #[test]
    fn an_answer_without_thinking_has_no_seconds_of_it() {
        let mut chats = Chats::default();
        answered(&mut chats, "chat", "r1", "하나");
        let answer = &chats.get(&key("chat"))[0].answer;
        assert_eq!(answer.thinking_secs(9_000), None);
        assert_eq!(answer.secs(9_000), 1);
    }

    #[test]
    fn a_late_piece_of_a_stopped_answer_changes_nothing() {
        let mut chats = Chats::default();
        let chat = key("chat");
        chats.ask(&chat, "질문", "r1".to_owned(), 0).unwrap();
        assert_eq!(chats.stop_all(1), [(chat.clone(), 1, "r1".to_owned())]);
        assert_eq!(
            chats.apply(&chat, "r1", StreamEvent::Text("늦음".to_owned()), 2),
            None
        );
        assert_eq!(chats.get(&chat)[0].answer.text, "");
        assert!(chats.stop_all(3).is_empty());
    }

    #[test]
    fn asking_again_replaces_the_answer_and_keeps_the_question_once() {
        let mut chats = Chats::default();
        answered(&mut chats, "chat", "r1", "하나");
        let ask = chats.ask_again(&key("chat"), "r2".to_owned(), 3).unwrap();
        assert_eq!(roles(&ask), [Role::User]);
        assert_eq!(chats.apply(&key("chat"), "r1", StreamEvent::Done, 4), None);
        assert_eq!(chats.get(&key("chat")).len(), 1);
    }

    #[test]
    fn a_request_carries_the_turns_of_its_own_demo_that_have_an_answer() {
        let mut chats = Chats::default();
        answered(&mut chats, "chat", "r1", "하나");
        answered(&mut chats, "languages", "r2", "둘");
        chats
            .ask(&key("chat"), "실패할 질문", "r3".to_owned(), 0)
            .unwrap();
        chats.apply(
            &key("chat"),
            "r3",
            StreamEvent::Failed(Failure::Refused(ChatErrorCode::QueueFull)),
            1,
        );
        let ask = chats.ask(&key("chat"), "다음", "r4".to_owned(), 2).unwrap();
        assert_eq!(roles(&ask), [Role::User, Role::Assistant, Role::User]);
        assert!(!format!("{ask:?}").contains("둘"));
    }

    #[test]
    fn an_answer_without_a_word_has_failed() {
        let mut chats = Chats::default();
        chats.ask(&key("chat"), "질문", "r1".to_owned(), 0).unwrap();
        chats.apply(
            &key("chat"),
            "r1",
            StreamEvent::Reasoning("음…".to_owned()),
            1,
        );
        chats.apply(&key("chat"), "r1", StreamEvent::Done, 2);
        let answer = &chats.get(&key("chat"))[0].answer;
        assert_eq!(answer.state, MessageState::Failed);
        assert_eq!(
            answer.error,
            Some(Failure::Refused(ChatErrorCode::EmptyAnswer))
        );
    }

    #[test]
    fn a_blocked_answer_keeps_what_was_told_and_the_sentence_until_it_is_asked_again() {
        let mut chats = Chats::default();
        let chat = key("chat");
        chats.ask(&chat, "질문", "r1".to_owned(), 0).unwrap();
        for event in [
            StreamEvent::Text("반가".to_owned()),
            StreamEvent::Sentence("109".to_owned()),
            StreamEvent::Failed(Failure::Refused(ChatErrorCode::Blocked)),
        ] {
            chats.apply(&chat, "r1", event, 1);
        }
        let answer = &chats.get(&chat)[0].answer;
        assert_eq!(answer.state, MessageState::Failed);
        assert_eq!(
            (answer.text.as_str(), answer.sentence.as_deref()),
            ("반가", Some("109"))
        );
        chats.ask_again(&chat, "r2".to_owned(), 2).unwrap();
        assert_eq!(chats.get(&chat)[0].answer.sentence, None);
    }

    #[test]
    fn an_answer_is_judged_once() {
        let mut chats = Chats::default();
        answered(&mut chats, "chat", "r1", "하나");
        assert!(chats.judge(&key("chat"), 1, Thumb::Up));
        assert!(!chats.judge(&key("chat"), 1, Thumb::Down));
        assert!(!chats.judge(&key("chat"), 7, Thumb::Up));
    }
}
