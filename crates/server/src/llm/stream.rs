//! What a provider sends, turned into the proxy's own vocabulary.
//!
//! Owns: reading event streams and whole answers in the `openai` dialect with everything providers make of it.
//! Must not own: connections, timeouts, or what the tablet is sent.
//! Invariant: the pieces do not depend on how the bytes were cut, and hold nothing of an error's text, which
//! is for the log alone.

mod chunk;
mod fault;

use kiosk_wire::chat::{DONE, Usage};
use kiosk_wire::event_stream::{EventStreamDecoder, MAX_EVENT_BYTES, StreamEvent};
use serde_json::Value;

pub use fault::StreamFault;

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// The limit of tokens was reached.
    Length,
}

impl FinishReason {
    /// As it is written in `finish_reason`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
        }
    }
}

/// A piece of an answer, whatever the provider called it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// More of the answer; never empty.
    Text(String),
    /// More of the thinking; never empty.
    Reasoning(String),
    /// Why it ended.
    Finish(FinishReason),
    /// Token counts so far; the last one counts.
    Usage(Usage),
}

/// What was read: a piece, or why nothing follows.
pub type Read = Result<Piece, StreamFault>;

#[derive(Debug)]
enum Body {
    /// Only white space so far.
    Unknown,
    Events(EventStreamDecoder),
    /// A whole answer, although a stream was asked for.
    Whole(Vec<u8>),
}

/// More white space than any answer begins with.
const MOST_BLANK: usize = 1_024;

/// Reads one answer.
#[derive(Debug)]
pub struct AnswerDecoder {
    body: Body,
    start: Vec<u8>,
    seen_event: bool,
    finished: bool,
    done: bool,
    report: Option<String>,
}

impl Default for AnswerDecoder {
    fn default() -> Self {
        Self {
            body: Body::Unknown,
            start: Vec::new(),
            seen_event: false,
            finished: false,
            done: false,
            report: None,
        }
    }
}

impl AnswerDecoder {
    /// Takes the next bytes. What follows `[DONE]` or a fault is ignored.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Read> {
        if self.done {
            return Vec::new();
        }
        if let Body::Unknown = self.body {
            self.start.extend_from_slice(bytes);
            match self.recognise() {
                Ok(false) => return Vec::new(),
                Ok(true) => {}
                Err(fault) => return self.over(fault),
            }
            let start = std::mem::take(&mut self.start);
            self.read(&start)
        } else {
            self.read(bytes)
        }
    }

    /// The connection has ended.
    pub fn end(&mut self) -> Vec<Read> {
        let mut pieces = match &mut self.body {
            _ if self.done => Vec::new(),
            Body::Whole(json) => {
                let json = std::mem::take(json);
                self.whole(&json)
            }
            // Some providers end without the blank line after the last event. Half an event is a cut.
            Body::Events(_) => self.read(b"\n\n").into_iter().map(cut).collect(),
            Body::Unknown => Vec::new(),
        };
        if !self.finished && !self.done {
            let fault = if self.seen_event {
                StreamFault::CutOff
            } else {
                StreamFault::Unreadable
            };
            pieces.extend(self.over(fault));
        }
        pieces
    }

    fn over(&mut self, fault: StreamFault) -> Vec<Read> {
        self.done = true;
        vec![Err(fault)]
    }

    /// Whether nothing of what follows matters.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the reason of the end was read, so that at most token counts may follow.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// What the service itself reports instead of an answer; told once.
    pub fn report(&mut self) -> Option<String> {
        self.report.take()
    }

    /// Content types are not to be trusted; the first character that is not white space tells.
    fn recognise(&mut self) -> Result<bool, StreamFault> {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        if BYTE_ORDER_MARK.starts_with(&self.start) {
            return Ok(false);
        }
        let text = self
            .start
            .strip_prefix(BYTE_ORDER_MARK)
            .unwrap_or(&self.start);
        let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace());
        let blank = blank.count();
        // However the bytes were cut: what follows so much of it is looked at no more.
        if blank > MOST_BLANK {
            return Err(StreamFault::Unreadable);
        }
        let Some(first) = text.get(blank) else {
            return Ok(false);
        };
        self.body = match first {
            b'{' | b'[' => Body::Whole(Vec::new()),
            b'<' => return Err(StreamFault::Unreadable),
            _ => Body::Events(EventStreamDecoder::new()),
        };
        Ok(true)
    }

    fn read(&mut self, bytes: &[u8]) -> Vec<Read> {
        let events = match &mut self.body {
            Body::Events(decoder) => decoder.push(bytes),
            Body::Whole(json) if json.len() + bytes.len() > MAX_EVENT_BYTES => {
                return self.over(StreamFault::Unreadable);
            }
            Body::Whole(json) => {
                json.extend_from_slice(bytes);
                return Vec::new();
            }
            Body::Unknown => return Vec::new(),
        };
        let Ok(events) = events else {
            return self.over(StreamFault::Unreadable);
        };
        let mut pieces = Vec::new();
        for event in events {
            if self.done {
                break;
            }
            pieces.extend(self.event(&event));
        }
        pieces
    }

    fn event(&mut self, event: &StreamEvent) -> Vec<Read> {
        let data = event.data.trim();
        if data.is_empty() {
            return Vec::new();
        }
        self.seen_event = true;
        if data == DONE {
            self.done = true;
            return Vec::new();
        }
        if event.name.is_empty()
            && let Some(text) = chunk::plain_text(data)
        {
            return vec![Ok(Piece::Text(text))];
        }
        let object = chunk::parse(data);
        if event.name == "error" {
            self.report = Some(data.to_owned());
            let fault = object.map_or(StreamFault::Failed, |error| fault::sorted(&error));
            return self.over(fault);
        }
        match object {
            Ok(object) => self.take_from(&object, "delta"),
            Err(fault) => self.over(fault),
        }
    }

    fn whole(&mut self, json: &[u8]) -> Vec<Read> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let answer = std::str::from_utf8(json).map_err(|_| StreamFault::Unreadable);
        let answer = match answer.and_then(chunk::parse) {
            Ok(answer) => answer,
            Err(fault) => return self.over(fault),
        };
        if fault::reported(&answer).is_none() && answer.pointer("/choices/0/message").is_none() {
            return self.over(StreamFault::Unreadable);
        }
        let mut pieces = self.take_from(&answer, "message");
        if !self.finished && !self.done {
            self.finished = true;
            pieces.push(Ok(Piece::Finish(FinishReason::Stop)));
        }
        pieces
    }

    fn take_from(&mut self, object: &Value, carrier: &str) -> Vec<Read> {
        let pieces = self.take(chunk::pieces(object, carrier));
        if self.done {
            self.report = fault::report(object);
        }
        pieces
    }

    /// The end is told once, and nothing follows a fault.
    fn take(&mut self, pieces: Vec<Read>) -> Vec<Read> {
        let mut taken = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match &piece {
                Ok(Piece::Finish(_)) if self.finished => continue,
                Ok(Piece::Finish(_)) => self.finished = true,
                Ok(_) => {}
                Err(_) => self.done = true,
            }
            taken.push(piece);
        }
        taken
    }
}

/// Half an event at the end is no event.
fn cut(piece: Read) -> Read {
    piece.map_err(|fault| match fault {
        StreamFault::Unreadable => StreamFault::CutOff,
        other => other,
    })
}

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;
