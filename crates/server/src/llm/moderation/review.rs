//! What is told of an answer, judged by the service meanwhile.
//!
//! Owns: which pieces are judged together.
//! Must not own: telling them, or asking the service.
//! Invariant: nothing waits for a verdict but the answer's end, and that never longer than two of them
//! may take; one request at a time.

use std::future::pending;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::service::Service;
use crate::llm::news::News;

/// Where a sentence ends.
const ENDS: [char; 8] = ['.', '!', '?', '…', '。', '！', '？', '\n'];
/// A sentence longer than this is judged before its end.
const LONGEST_SENTENCE: usize = 1_024;

/// Judges one answer.
pub(in crate::llm) struct Review {
    service: Option<Arc<Service>>,
    /// What was told and is not judged.
    told: String,
    is_thinking: bool,
    asked: Option<BoxFuture<'static, bool>>,
}

impl Review {
    pub(super) fn new(service: Option<Arc<Service>>) -> Self {
        Self {
            service,
            told: String::new(),
            is_thinking: false,
            asked: None,
        }
    }

    /// Remembers what is told.
    pub(in crate::llm) fn hear(&mut self, news: &News) {
        let (text, is_thinking) = match news {
            News::Text(text) => (text, false),
            News::Reasoning(text) => (text, true),
            _ => return,
        };
        if self.service.is_none() {
            return;
        }
        if self.is_thinking != is_thinking && !self.told.is_empty() {
            self.told.push('\n');
        }
        self.is_thinking = is_thinking;
        self.told.push_str(text);
    }

    /// Returns once something is flagged. Safe to drop half-way and to call again.
    pub(in crate::llm) async fn flagged(&mut self) {
        loop {
            let end = self.sentences_end();
            if self.is_flagged(end).await {
                return;
            }
            if self.sentences_end() == 0 {
                // Until more is told.
                pending::<()>().await;
            }
        }
    }

    /// Whether something of all that was told is flagged.
    pub(in crate::llm) async fn finish(mut self) -> bool {
        self.is_flagged(0).await || {
            let rest = self.told.len();
            self.is_flagged(rest).await
        }
    }

    /// Waits for the verdict that is asked for, or asks for one on so much.
    async fn is_flagged(&mut self, bytes: usize) -> bool {
        if self.asked.is_none() {
            let rest = self.told.split_off(bytes);
            let text = std::mem::replace(&mut self.told, rest);
            let service = self.service.as_ref().filter(|_| !text.trim().is_empty());
            self.asked = service.map(|service| {
                let asked: BoxFuture<'static, bool> = Box::pin(Arc::clone(service).flags(text));
                asked
            });
        }
        let Some(asked) = &mut self.asked else {
            return false;
        };
        let flagged = asked.await;
        self.asked = None;
        flagged
    }

    /// How much of what was told is whole sentences.
    fn sentences_end(&self) -> usize {
        let end = self.told.char_indices().rfind(|(_, c)| ENDS.contains(c));
        match end {
            Some((at, c)) => at + c.len_utf8(),
            None if self.told.len() > LONGEST_SENTENCE => self.told.len(),
            None => 0,
        }
    }
}
