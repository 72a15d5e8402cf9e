//! What a model says, on its way to the client.
//!
//! Owns: the order in which it is masked, looked at, told and judged, and when that ends early.
//! Must not own: what is personal data, which words are not told, or who answers.
//! Invariant: what is looked at and judged is what would be told, masked; once something is blocked,
//! nothing that was held back is told any more.

use kiosk_wire::error::ChatErrorCode;

use super::answer::{Gone, Run};
use super::failure::Failure;
use super::masking::AnswerMask;
use super::moderation::{AnswerGuard, Looked, Review};
use super::news::News;
use super::stream::{FinishReason, Piece};
use super::upstream::Live;

/// More than any visitor reads: a service that goes on beyond it is out of its mind.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// What an answer passes through.
struct Passage {
    mask: AnswerMask,
    guard: AnswerGuard,
    review: Review,
    /// For a client that reads the answer as a whole: nobody is woken for every word.
    gathered: Option<Gathered>,
}

#[derive(Default)]
struct Gathered {
    thinking: String,
    text: String,
}

impl Gathered {
    fn add(&mut self, news: News) {
        match news {
            News::Text(text) => self.text.push_str(&text),
            News::Reasoning(text) => self.thinking.push_str(&text),
            _ => {}
        }
    }

    fn into_news(self) -> impl Iterator<Item = News> {
        let thinking = (!self.thinking.is_empty()).then_some(News::Reasoning(self.thinking));
        let text = (!self.text.is_empty()).then_some(News::Text(self.text));
        thinking.into_iter().chain(text)
    }
}

impl Run<'_> {
    /// Passes an answer on as it comes. The first result is why it ended, or a failure on the way; what
    /// is not judged yet comes with it.
    pub(super) async fn pass_on(
        &self,
        live: &mut Live,
    ) -> Result<(Result<FinishReason, Failure>, Review), Gone> {
        let mut passage = Passage {
            mask: AnswerMask::default(),
            guard: self.inner.moderation.guard(self.question.language),
            review: self.inner.moderation.review(),
            gathered: (!self.question.stream).then(Gathered::default),
        };
        let mut ended = self.pass_on_through(&mut passage, live).await?;
        let masked: Vec<News> = passage.mask.rest().collect();
        for news in masked {
            let looked = passage.guard.look(news);
            if let Some(failure) = self.tell_looked(&mut passage, live, looked).await? {
                ended = Err(failure);
            }
        }
        for looked in passage.guard.rest() {
            if let Some(failure) = self.tell_looked(&mut passage, live, looked).await? {
                ended = Err(failure);
            }
        }
        for news in passage.gathered.into_iter().flat_map(Gathered::into_news) {
            self.tell_in_time(live.reading_deadline(), news).await?;
        }
        Ok((ended, passage.review))
    }

    async fn pass_on_through(
        &self,
        passage: &mut Passage,
        live: &mut Live,
    ) -> Result<Result<FinishReason, Failure>, Gone> {
        let mut reason = FinishReason::Stop;
        let mut said_something = false;
        let mut bytes = 0;
        loop {
            let piece = tokio::select! {
                biased;
                () = passage.review.flagged() => {
                    passage.guard.close();
                    return Ok(Err(self.failure(ChatErrorCode::Blocked)));
                }
                piece = live.next() => piece,
            };
            let masked = match piece {
                Err(fault) => return Ok(Err(self.fault(fault))),
                Ok(None) => break,
                Ok(Some(Piece::Finish(finish))) => {
                    reason = finish;
                    continue;
                }
                Ok(Some(Piece::Usage(usage))) => {
                    self.record().meter.told(usage);
                    continue;
                }
                Ok(Some(Piece::Text(text))) => {
                    said_something |= !text.trim().is_empty();
                    bytes += self.count(&text);
                    passage.mask.text(&text)
                }
                Ok(Some(Piece::Reasoning(text))) => {
                    bytes += self.count(&text);
                    passage.mask.thinking(&text)
                }
            };
            if bytes > MAX_ANSWER_BYTES {
                return Ok(Err(self.failure(ChatErrorCode::UpstreamInvalid)));
            }
            let Some(news) = masked else {
                continue;
            };
            let looked = passage.guard.look(news);
            if let Some(failure) = self.tell_looked(passage, live, looked).await? {
                return Ok(Err(failure));
            }
        }
        Ok(if said_something {
            Ok(reason)
        } else {
            Err(self.failure(ChatErrorCode::EmptyAnswer))
        })
    }

    /// Tells what may be told, and answers why nothing more may.
    async fn tell_looked(
        &self,
        passage: &mut Passage,
        live: &mut Live,
        looked: Looked,
    ) -> Result<Option<Failure>, Gone> {
        if let Some(news) = looked.told {
            passage.review.hear(&news);
            match &mut passage.gathered {
                Some(gathered) => gathered.add(news),
                None => self.tell_in_time(live.reading_deadline(), news).await?,
            }
        }
        Ok(looked.blocked)
    }

    fn count(&self, text: &str) -> usize {
        self.record().meter.wrote(text);
        text.len()
    }
}
