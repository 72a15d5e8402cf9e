//! An answer without personal data.
//!
//! Owns: masking what a model says, its text and its thinking each for itself.
//! Must not own: what is personal data, or the guide's words, which are the event's own.
//! Invariant: what may still become personal data is told with what decides it, at the latest with the
//! answer's end. Text and thinking that alternate are each held over the other, so that neither is a way
//! to tell the halves of a number apart.

use kiosk_privacy::StreamMask;

use super::news::News;

/// Masks one answer.
#[derive(Debug, Default)]
pub(super) struct AnswerMask {
    text: StreamMask,
    thinking: StreamMask,
}

impl AnswerMask {
    /// More of the answer, as far as it can be told.
    pub(super) fn text(&mut self, text: &str) -> Option<News> {
        said(self.text.push(text), News::Text)
    }

    /// More of the thinking, as far as it can be told.
    pub(super) fn thinking(&mut self, text: &str) -> Option<News> {
        said(self.thinking.push(text), News::Reasoning)
    }

    /// What was held back, once nothing more comes.
    pub(super) fn rest(&mut self) -> impl Iterator<Item = News> {
        let thinking = said(self.thinking.finish(), News::Reasoning);
        let text = said(self.text.finish(), News::Text);
        thinking.into_iter().chain(text)
    }
}

fn said(text: String, news: impl FnOnce(String) -> News) -> Option<News> {
    (!text.is_empty()).then(|| news(text))
}
