//! One answer from the line to its last word.
//!
//! Owns: the order of line, tokens of the day, service, fallbacks and guide, and what is measured on the
//! way.
//! Must not own: HTTP on either side.
//! Invariant: everything held for an answer (a place in line, a connection) is owned by its future, so
//! dropping that future lets go of all of it at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kiosk_wire::chat::{GUIDE_FINGERPRINT, ServedBy, Timing, Usage};
use kiosk_wire::error::ChatErrorCode;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};

use super::budget::Meter;
use super::failure::Failure;
use super::moderation::Verdict;
use super::news::{Ending, News};
use super::queue::{Permit, Step};
use super::request::Question;
use super::setup::{Backend, Service};
use super::stream::FinishReason;
use super::upstream::{Fault, Upstream};
use super::{Inner, guide};
use crate::storage::TokenHold;

/// The client is gone; there is nobody to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client is gone")]
pub(super) struct Gone;

/// Why a service gave no token.
#[derive(Debug)]
enum Miss {
    /// There was no room in its line.
    LineFull(Failure),
    /// It failed, or the wait was too long.
    NoToken(Failure),
    /// The team's day has no tokens left.
    Spent,
    /// A newer question of the same device took the place in line.
    Displaced,
}

/// What is known of an answer, readable also after its future was dropped.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) served_by: Option<ServedBy>,
    pub(super) failed: Option<ChatErrorCode>,
    pub(super) upstream_status: Option<u16>,
    pub(super) queued: Duration,
    pub(super) first_token: Option<Duration>,
    /// From the question to the first token.
    pub(super) begun: Option<Duration>,
    pub(super) meter: Meter,
    /// To be settled, whether it was had or not.
    pub(super) hold: Option<TokenHold>,
}

/// A running answer's side of the channel.
pub(super) struct Run<'a> {
    pub(super) inner: &'a Inner,
    pub(super) device: &'a str,
    pub(super) question: &'a Question,
    pub(super) news: &'a mpsc::Sender<News>,
    pub(super) record: &'a Arc<Mutex<Record>>,
    pub(super) started: Instant,
}

impl Run<'_> {
    /// Answers, and tells how it ended.
    pub(super) async fn answer(&self) -> Result<(), Gone> {
        let verdict = self.inner.moderation.judge(self.question);
        let mut first_failure = None;
        if self
            .inner
            .budget
            .spent()
            .await
            .contains(&self.question.team)
        {
            return self.guide(&verdict).await;
        }
        let queue_deadline = self.started + self.inner.queue_wait;
        for (number, backend) in self.inner.backends(&self.question.team).iter().enumerate() {
            let service = match backend {
                Backend::Guide => return self.guide(&verdict).await,
                Backend::Service(service) if self.question.has_images() && !service.images => {
                    continue;
                }
                Backend::Service(service) => service,
            };
            match self
                .ask(service, number > 0, queue_deadline, &verdict)
                .await?
            {
                Ok(()) => return Ok(()),
                Err(Miss::Spent) => return self.guide(&verdict).await,
                Err(Miss::Displaced) => {
                    return self.fail(self.failure(ChatErrorCode::Cancelled)).await;
                }
                // A full line is an answer in itself: the guide is not a way around it.
                Err(Miss::LineFull(failure)) if number == 0 => return self.fail(failure).await,
                // What is flagged, or stopped by a service's filter, is not put to another one.
                Err(Miss::NoToken(failure)) if failure.code() == ChatErrorCode::Blocked => {
                    return self.fail(failure).await;
                }
                Err(Miss::LineFull(failure) | Miss::NoToken(failure)) => {
                    first_failure.get_or_insert(failure);
                }
            }
        }
        let failure = first_failure.unwrap_or_else(|| self.failure(ChatErrorCode::Internal));
        self.fail(failure).await
    }

    /// Asks one service. The inner result is a failure before the first token.
    async fn ask(
        &self,
        service: &Service,
        stand_in: bool,
        queue_deadline: Instant,
        verdict: &Verdict,
    ) -> Result<Result<(), Miss>, Gone> {
        let upstream: &Upstream = &self.inner.upstream;
        // Nobody stands in line for a service that is not going to be asked.
        if let Some(wait) = service.breaker.wait() {
            return Ok(Err(Miss::NoToken(self.fault(Fault::spared(wait)))));
        }
        let mut permit = match self.wait(service, queue_deadline, verdict).await {
            Ok(permit) => permit,
            Err(miss) => return Ok(Err(miss)),
        };
        if verdict.is_flagged().await {
            return Ok(Err(self.flagged()));
        }
        if !self.hold().await {
            return Ok(Err(Miss::Spent));
        }
        let turn = Instant::now();
        let (endpoint, prompt) = (&service.endpoint, self.inner.demo_prompt(self.question));
        let read = endpoint.prompt_tokens(self.question, prompt);
        let needs = read.saturating_add(endpoint.answer_tokens(self.question));
        self.record().meter.asked(read, needs);
        let (team, metrics) = (&self.question.team, &self.inner.metrics);
        let asking = metrics.asking(team, &endpoint.model, self.record);
        let asked = {
            // Not needed any more once the answer has begun.
            let body = endpoint.body(self.question, prompt);
            upstream.ask(endpoint, &service.breaker, &body).await
        };
        let mut live = match asked {
            Ok(live) => live,
            Err(fault) => {
                self.record().meter.gave_nothing(fault.was_read());
                asking.over(Err(fault.code));
                return Ok(Err(Miss::NoToken(self.fault(fault))));
            }
        };
        permit.answered();
        asking.begun();
        {
            let mut record = self.record();
            record.served_by = Some(ServedBy::Model);
            record.first_token = Some(turn.elapsed());
            record.begun = Some(self.started.elapsed());
        }
        let model = service.endpoint.model.clone();
        self.tell(News::ServedBy {
            served_by: ServedBy::Model,
            model,
            stand_in,
        })
        .await?;
        let (ended, review) = self.pass_on(&mut live).await?;
        if ended.is_err() {
            let body = endpoint.body(self.question, prompt);
            live.log_report(endpoint, &body);
        }
        // However it ended, nothing more is wanted of the service.
        drop(live);
        asking.over(ended.as_ref().map(|_| ()).map_err(Failure::code));
        // The next in line need not wait until this client has read its last word, or that was judged.
        drop(permit);
        let ended = match ended {
            Ok(_) if review.finish().await => Err(self.failure(ChatErrorCode::Blocked)),
            ended => ended,
        };
        match ended {
            Ok(reason) => self.finish(reason).await?,
            Err(failure) => self.fail(failure).await?,
        }
        Ok(Ok(()))
    }

    /// Holds back what the answer may need of the team's day, whoever gives it in the end.
    async fn hold(&self) -> bool {
        if self.record().hold.is_some() {
            return true;
        }
        let prompt = self.inner.demo_prompt(self.question);
        let needs = |service: &Service| {
            let endpoint = &service.endpoint;
            let read = endpoint.prompt_tokens(self.question, prompt);
            read.saturating_add(endpoint.answer_tokens(self.question))
        };
        let services = || {
            let backends = self.inner.backends(&self.question.team).iter();
            backends.filter_map(|backend| match backend {
                Backend::Service(service) => Some(service),
                Backend::Guide => None,
            })
        };
        let most = services().map(|service| needs(service)).max();
        let longest = services().fold(self.inner.queue_wait, |longest, _| {
            longest.saturating_add(self.inner.total_timeout)
        });
        let budget = &self.inner.budget;
        let Some(hold) = budget.plan(&self.question.team, most.unwrap_or(0), longest) else {
            return false;
        };
        // Known before it is asked for: if this future is dropped meanwhile, it is settled all the same.
        self.record().hold = Some(hold.clone());
        budget.hold(&hold).await
    }

    /// Waits in line.
    async fn wait(
        &self,
        service: &Service,
        deadline: Instant,
        verdict: &Verdict,
    ) -> Result<Permit, Miss> {
        let joined = Instant::now();
        let mut ticket = service.line.join(self.device).map_err(|full| {
            Miss::LineFull(
                self.failure(ChatErrorCode::QueueFull)
                    .retry_after(full.retry_after_secs),
            )
        })?;
        loop {
            let step = tokio::select! {
                biased;
                () = verdict.flagged() => {
                    self.record().queued += joined.elapsed();
                    return Err(self.flagged());
                }
                step = timeout_at(deadline, ticket.step()) => step,
            };
            match step {
                Ok(Step::Turn(permit)) => {
                    self.record().queued += joined.elapsed();
                    return Ok(permit);
                }
                // A client that does not read must not hold up the line; it reads the next place.
                Ok(Step::Place(place)) => drop(self.news.try_send(News::Queue(place))),
                Ok(Step::Displaced) => {
                    self.record().queued += joined.elapsed();
                    return Err(Miss::Displaced);
                }
                Err(_) => {
                    self.record().queued += joined.elapsed();
                    let (_, wait_secs) = service.line.waiting();
                    let failure = self
                        .failure(ChatErrorCode::QueueFull)
                        .retry_after(u64::from(wait_secs));
                    return Err(Miss::NoToken(failure));
                }
            }
        }
    }

    async fn guide(&self, verdict: &Verdict) -> Result<(), Gone> {
        if verdict.is_flagged().await {
            return self.fail(self.failure(ChatErrorCode::Blocked)).await;
        }
        let turn = Instant::now();
        let (pieces, pace) = guide::pieces(&self.inner.guide, self.question);
        {
            let mut record = self.record();
            record.served_by = Some(ServedBy::Guide);
            record.first_token = Some(turn.elapsed());
            record.begun = Some(self.started.elapsed());
            record.meter.told(Usage::default());
        }
        let model = GUIDE_FINGERPRINT.to_owned();
        self.tell(News::ServedBy {
            served_by: ServedBy::Guide,
            model,
            stand_in: false,
        })
        .await?;
        for piece in pieces {
            self.tell(News::Text(piece)).await?;
            if self.question.stream {
                sleep(pace).await;
            }
        }
        self.finish(FinishReason::Stop).await
    }

    async fn finish(&self, reason: FinishReason) -> Result<(), Gone> {
        let (usage, timing) = {
            let record = self.record();
            let first_token = record.first_token.unwrap_or_default();
            let timing = Timing {
                queued_ms: millis(record.queued),
                first_token_ms: millis(first_token),
                total_ms: millis(self.started.elapsed()),
            };
            (record.meter.usage(), timing)
        };
        self.tell(News::Finished(Ending {
            reason,
            usage,
            timing,
        }))
        .await
    }

    async fn fail(&self, failure: Failure) -> Result<(), Gone> {
        self.record().failed = Some(failure.code());
        self.tell(News::Failed(failure)).await
    }

    pub(super) fn fault(&self, fault: Fault) -> Failure {
        self.record().upstream_status = fault.status;
        let failure = self.failure(fault.code);
        match fault.retry_after {
            Some(after) if failure.retry_after_secs.is_some() => {
                // Whoever waits exactly as long is not too early.
                let secs = after.as_millis().div_ceil(1_000);
                failure.retry_after(u64::try_from(secs).unwrap_or(u64::MAX))
            }
            _ => failure,
        }
    }

    fn flagged(&self) -> Miss {
        Miss::NoToken(self.failure(ChatErrorCode::Blocked))
    }

    pub(super) fn failure(&self, code: ChatErrorCode) -> Failure {
        Failure::new(code, self.question.language)
    }

    /// A client that does not read must not keep others from being answered.
    pub(super) async fn tell_in_time(&self, deadline: Instant, news: News) -> Result<(), Gone> {
        timeout_at(deadline, self.tell(news))
            .await
            .map_err(|_| Gone)?
    }

    async fn tell(&self, news: News) -> Result<(), Gone> {
        self.news.send(news).await.map_err(|_| Gone)
    }

    pub(super) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
