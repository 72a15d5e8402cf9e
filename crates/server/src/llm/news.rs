//! What the client of an answer learns, in order.
//!
//! Owns: the events between a running answer and whoever renders it.
//! Must not own: how they are written.
//! Invariant: exactly one [`News::Finished`] or [`News::Failed`] comes, and it comes last.

use kiosk_wire::chat::{QueuePlace, ServedBy, Timing, Usage};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::Language;
use tokio::sync::mpsc;

use super::failure::Failure;
use super::registry::StopHandle;
use super::stream::FinishReason;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The place in line is new or has changed.
    Queue(QueuePlace),
    /// Somebody is about to answer; the next news is their first word.
    ServedBy {
        /// The model or the guide.
        served_by: ServedBy,
        /// The real model id, or `guide`.
        model: String,
        /// Whether another model stands in for the team's own.
        stand_in: bool,
    },
    /// More of the answer.
    Text(String),
    /// More of the thinking.
    Reasoning(String),
    /// The answer is whole.
    Finished(Ending),
    /// It was refused or broke off.
    Failed(Failure),
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Why.
    pub reason: FinishReason,
    /// Token counts, estimated if the service did not tell; zeros for the guide.
    pub usage: Usage,
    /// How long it took.
    pub timing: Timing,
}

/// A running answer. Dropping it ends the answer and whatever is asked upstream.
#[derive(Debug)]
pub struct Answer {
    news: mpsc::Receiver<News>,
    stop: StopHandle,
    language: Language,
    over: bool,
}

impl Answer {
    pub(crate) fn new(news: mpsc::Receiver<News>, stop: StopHandle, language: Language) -> Self {
        Self {
            news,
            stop,
            language,
            over: false,
        }
    }

    /// The next news; `None` after the last. Safe to call again after being dropped half-way.
    pub async fn next(&mut self) -> Option<News> {
        if self.over {
            return None;
        }
        let news = self
            .news
            .recv()
            .await
            .unwrap_or_else(|| News::Failed(self.broken_off()));
        Some(self.told(news))
    }

    /// Whether the last news was told.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// More news if some wait already.
    pub fn waiting(&mut self) -> Option<News> {
        if self.over {
            return None;
        }
        let news = self.news.try_recv().ok()?;
        Some(self.told(news))
    }

    fn told(&mut self, news: News) -> News {
        self.over = matches!(news, News::Finished(_) | News::Failed(_));
        news
    }

    /// Why there is no last news: somebody stopped it, or its task is gone.
    fn broken_off(&self) -> Failure {
        let code = if self.stop.is_stopped() {
            ChatErrorCode::Cancelled
        } else {
            ChatErrorCode::Internal
        };
        Failure::new(code, self.language)
    }
}
