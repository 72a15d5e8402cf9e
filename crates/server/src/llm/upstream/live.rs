//! An answer that has begun.
//!
//! Owns: reading it piece by piece, within its deadlines, and letting go of its connection.
//! Must not own: what pieces mean, or who is told of them.
//! Invariant: dropping a [`Live`] drops the connection, unless its last byte was read.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::Response;
use serde_json::Value;
use tokio::time::{Instant, timeout, timeout_at};

use super::fault::Fault;
use crate::config::team::Tags;
use crate::llm::openai::Endpoint;
use crate::llm::refusal;
use crate::llm::stream::{AnswerDecoder, Piece, Read, StreamFault};
use crate::llm::thinking::TagSplitter;

/// How long token counts are waited for after the end was told.
const USAGE_GRACE: Duration = Duration::from_secs(2);
/// How long an ended answer may take to close, so that its connection can be used again.
const CLOSING_GRACE: Duration = Duration::from_secs(1);

/// An answer that has begun.
pub struct Live {
    /// `None` once there is nothing more to read. Without the head, which would keep the buffer that it
    /// was read into.
    body: Option<BoxStream<'static, reqwest::Result<Bytes>>>,
    decoder: AnswerDecoder,
    tags: TagSplitter,
    pieces: VecDeque<Read>,
    between: Duration,
    end: Instant,
}

impl Live {
    /// Of which nothing is read yet. The head goes: it would keep the buffer that it was read into.
    pub(super) fn new(response: Response, thinking: Tags, between: Duration, end: Instant) -> Self {
        Self {
            body: Some(response.bytes_stream().boxed()),
            decoder: AnswerDecoder::default(),
            tags: TagSplitter::new(thinking),
            pieces: VecDeque::new(),
            between,
            end,
        }
    }

    /// Whether a first token is there; a fault if one came instead.
    pub(super) fn has_begun(&self) -> Result<bool, StreamFault> {
        for piece in &self.pieces {
            match piece {
                Ok(Piece::Text(_) | Piece::Reasoning(_)) => return Ok(true),
                Ok(Piece::Finish(_) | Piece::Usage(_)) => {}
                Err(fault) => return Err(*fault),
            }
        }
        Ok(false)
    }

    /// Logs what the service reports of its failure, if it does, without what it was sent.
    pub fn log_report(&mut self, endpoint: &Endpoint, sent: &Value) {
        if let Some(report) = self.decoder.report() {
            refusal::log_reported(endpoint, sent, report);
        }
    }

    /// Until when a client may take to read a piece: as long as the service may take to write one.
    pub fn reading_deadline(&self) -> Instant {
        self.end.min(Instant::now() + self.between)
    }

    /// The next piece; `None` after the last one.
    pub async fn next(&mut self) -> Result<Option<Piece>, Fault> {
        let mut deadline = self.reading_deadline();
        loop {
            if let Some(piece) = self.pieces.pop_front() {
                return Ok(Some(piece?));
            }
            if self.decoder.is_finished() {
                deadline = deadline.min(Instant::now() + USAGE_GRACE);
            }
            match self.read(deadline).await {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                // Everything but token counts has come.
                Err(_) if self.decoder.is_finished() => return Ok(None),
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Reads more bytes; `false` at the end.
    pub(super) async fn read(&mut self, deadline: Instant) -> Result<bool, Fault> {
        let Some(body) = &mut self.body else {
            return Ok(false);
        };
        let bytes = timeout_at(deadline, body.next())
            .await
            .map_err(|_| Fault::timeout())?;
        match bytes {
            Some(Ok(bytes)) => {
                let pieces = self.decoder.push(&bytes);
                self.take(pieces);
                if self.decoder.is_done() {
                    self.close();
                }
                Ok(true)
            }
            None => {
                self.body = None;
                let pieces = self.decoder.end();
                self.take(pieces);
                Ok(true)
            }
            Some(Err(_)) => Err(StreamFault::CutOff.into()),
        }
    }

    /// Tells thinking from text where both came as text.
    fn take(&mut self, pieces: Vec<Read>) {
        for piece in pieces {
            match piece {
                Ok(Piece::Text(text)) => self
                    .pieces
                    .extend(self.tags.push(&text).into_iter().map(Ok)),
                Ok(Piece::Reasoning(_)) => self.pieces.push_back(piece),
                ended => {
                    self.pieces.extend(self.tags.end().into_iter().map(Ok));
                    self.pieces.push_back(ended);
                }
            }
        }
        if self.decoder.is_done() {
            self.pieces.extend(self.tags.end().into_iter().map(Ok));
        }
    }

    /// A connection can be used again only after its last byte was read.
    fn close(&mut self) {
        let Some(mut body) = self.body.take() else {
            return;
        };
        let drain = async move { while let Some(Ok(_)) = body.next().await {} };
        tokio::spawn(timeout(CLOSING_GRACE, drain));
    }
}
