//! What is counted of answers, for Prometheus.
//!
//! Owns: the numbers of every series, and when each of them moves.
//! Must not own: who may read them, or HTTP.
//! Invariant: every series is there from the start and none is added later. Labels are the event's
//! teams, the configuration's models, codes and who answered; never a device, never anybody's text.

mod histogram;
mod report;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kiosk_wire::chat::ServedBy;
use kiosk_wire::error::ChatErrorCode;
use tokio::time::Instant;

use self::histogram::{DURATIONS, Histogram, TOKEN_TIMES};
pub(super) use self::report::Now;
use super::answer::Record;
use super::setup::Backends;

/// How an answer can fail once it has begun; the last one stands for all others.
const FAILURES: [ChatErrorCode; 10] = [
    ChatErrorCode::Cancelled,
    ChatErrorCode::Blocked,
    ChatErrorCode::RateLimited,
    ChatErrorCode::UpstreamRateLimited,
    ChatErrorCode::UpstreamInvalid,
    ChatErrorCode::EmptyAnswer,
    ChatErrorCode::QueueFull,
    ChatErrorCode::UpstreamUnavailable,
    ChatErrorCode::UpstreamTimeout,
    ChatErrorCode::Internal,
];
/// How a service can fail; the last one stands for all others.
const FAULTS: [ChatErrorCode; 7] = [
    ChatErrorCode::Cancelled,
    ChatErrorCode::Blocked,
    ChatErrorCode::UpstreamRateLimited,
    ChatErrorCode::EmptyAnswer,
    ChatErrorCode::UpstreamUnavailable,
    ChatErrorCode::UpstreamTimeout,
    ChatErrorCode::UpstreamInvalid,
];
/// Why a question can be refused before anybody is asked; the last one stands for all others.
const REFUSALS: [ChatErrorCode; 12] = [
    ChatErrorCode::InvalidRequest,
    ChatErrorCode::UnknownTeam,
    ChatErrorCode::TooLong,
    ChatErrorCode::TurnLimit,
    ChatErrorCode::Unauthorized,
    ChatErrorCode::TeamClosed,
    ChatErrorCode::Blocked,
    ChatErrorCode::InUse,
    ChatErrorCode::RateLimited,
    ChatErrorCode::TooLarge,
    ChatErrorCode::UpstreamUnavailable,
    ChatErrorCode::Internal,
];

/// One number for each of some codes.
#[derive(Debug)]
struct ByCode<T> {
    codes: &'static [ChatErrorCode],
    of: Vec<(String, T)>,
}

impl<T> ByCode<T> {
    fn new(codes: &'static [ChatErrorCode], each: impl Fn() -> T) -> Self {
        let of = codes.iter().map(|code| (name(*code), each())).collect();
        Self { codes, of }
    }

    fn get(&self, code: ChatErrorCode) -> Option<&T> {
        let at = self.codes.iter().position(|known| *known == code);
        let found = at.and_then(|at| self.of.get(at)).or(self.of.last());
        found.map(|(_, of)| of)
    }
}

/// A code as it stands in an answer.
fn name(code: ChatErrorCode) -> String {
    let json = serde_json::to_value(code).unwrap_or_default();
    json.as_str().unwrap_or("unknown").to_owned()
}

/// Of the answers a team's visitors got.
#[derive(Debug)]
struct Answers {
    ok: AtomicU64,
    gone: AtomicU64,
    failed: ByCode<AtomicU64>,
    duration: Histogram,
    first_token: Histogram,
}

impl Answers {
    fn new() -> Self {
        Self {
            ok: AtomicU64::new(0),
            gone: AtomicU64::new(0),
            failed: ByCode::new(&FAILURES, || AtomicU64::new(0)),
            duration: Histogram::new(&DURATIONS),
            first_token: Histogram::new(&DURATIONS),
        }
    }
}

#[derive(Debug)]
struct Team {
    by_model: Answers,
    by_guide: Answers,
    by_nobody: Answers,
    line_wait: Histogram,
    token_time: Histogram,
}

/// Of what a team's service was asked.
#[derive(Debug)]
struct Service {
    answered: Histogram,
    failed: ByCode<Histogram>,
    first_chunk: Histogram,
    input_tokens: AtomicU64,
    output_tokens: AtomicU64,
}

impl Service {
    fn new() -> Self {
        Self {
            answered: Histogram::new(&DURATIONS),
            failed: ByCode::new(&FAULTS, || Histogram::new(&DURATIONS)),
            first_chunk: Histogram::new(&DURATIONS),
            input_tokens: AtomicU64::new(0),
            output_tokens: AtomicU64::new(0),
        }
    }
}

/// What a moderation service said of texts.
#[derive(Debug, Default)]
pub(super) struct Judged {
    passed: AtomicU64,
    flagged: AtomicU64,
    failed: AtomicU64,
}

impl Judged {
    /// It told whether it flags a text.
    pub(super) fn told(&self, flagged: bool) {
        let count = if flagged { &self.flagged } else { &self.passed };
        count.fetch_add(1, Relaxed);
    }

    /// It did not tell.
    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Relaxed);
    }
}

/// How an answer's task came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client was told how.
    Told,
    /// Somebody stopped it.
    Cancelled,
    /// The client left.
    Gone,
    /// The server stops.
    Stopping,
}

/// All numbers that are counted as things happen.
#[derive(Debug)]
pub(super) struct Metrics {
    teams: BTreeMap<String, Team>,
    /// By team and model.
    services: BTreeMap<(String, String), Arc<Service>>,
    refusals: ByCode<AtomicU64>,
    judged: Arc<Judged>,
}

impl Metrics {
    pub(super) fn new(backends: &BTreeMap<String, Backends>) -> Self {
        let team = |id: &String| {
            let team = Team {
                by_model: Answers::new(),
                by_guide: Answers::new(),
                by_nobody: Answers::new(),
                line_wait: Histogram::new(&DURATIONS),
                token_time: Histogram::new(&TOKEN_TIMES),
            };
            (id.clone(), team)
        };
        let models: BTreeSet<(String, String)> = report::places(backends)
            .map(|place| (place.team.to_owned(), place.service.endpoint.model.clone()))
            .collect();
        Self {
            teams: backends.keys().map(team).collect(),
            services: models
                .into_iter()
                .map(|key| (key, Arc::new(Service::new())))
                .collect(),
            refusals: ByCode::new(&REFUSALS, || AtomicU64::new(0)),
            judged: Arc::default(),
        }
    }

    /// Where verdicts of a moderation service are counted.
    pub(super) fn judged(&self) -> Arc<Judged> {
        Arc::clone(&self.judged)
    }

    /// A question was refused before anybody was asked.
    pub(super) fn refused(&self, code: ChatErrorCode) {
        if let Some(count) = self.refusals.get(code) {
            count.fetch_add(1, Relaxed);
        }
    }

    /// A service is asked from now on.
    pub(super) fn asking(&self, team: &str, model: &str, record: &Arc<Mutex<Record>>) -> Asking {
        let key = (team.to_owned(), model.to_owned());
        Asking {
            service: self.services.get(&key).map(Arc::clone),
            since: Instant::now(),
            record: Arc::clone(record),
            ended: Err(ChatErrorCode::Cancelled),
        }
    }

    /// An answer that began so long ago is over.
    pub(super) fn over(&self, team: &str, record: &Record, end: End, took: Duration) {
        let Some(team) = self.teams.get(team) else {
            return;
        };
        let answers = match record.served_by {
            Some(ServedBy::Model) => &team.by_model,
            Some(ServedBy::Guide) => &team.by_guide,
            None => &team.by_nobody,
        };
        let count = match (end, record.failed) {
            (End::Told, None) => Some(&answers.ok),
            (End::Told, Some(code)) => answers.failed.get(code),
            (End::Cancelled, _) => answers.failed.get(ChatErrorCode::Cancelled),
            (End::Gone, _) => Some(&answers.gone),
            (End::Stopping, _) => answers.failed.get(ChatErrorCode::UpstreamUnavailable),
        };
        if let Some(count) = count {
            count.fetch_add(1, Relaxed);
        }
        answers.duration.observe(took);
        let Some(begun) = record.begun else {
            return;
        };
        answers.first_token.observe(begun);
        if record.served_by == Some(ServedBy::Model) {
            team.line_wait.observe(record.queued);
            let further = record.meter.usage().completion_tokens.saturating_sub(1);
            if let (Ok(further @ 1..), End::Told, None) =
                (u32::try_from(further), end, record.failed)
            {
                team.token_time
                    .observe(took.saturating_sub(begun) / further);
            }
        }
    }
}

/// A service that is being asked. Dropped, it counts as cancelled unless it was told otherwise.
#[derive(Debug)]
pub(super) struct Asking {
    service: Option<Arc<Service>>,
    since: Instant,
    record: Arc<Mutex<Record>>,
    ended: Result<(), ChatErrorCode>,
}

impl Asking {
    /// Its first token has come.
    pub(super) fn begun(&self) {
        if let Some(service) = &self.service {
            service.first_chunk.observe(self.since.elapsed());
        }
    }

    /// It is over.
    pub(super) fn over(mut self, ended: Result<(), ChatErrorCode>) {
        self.ended = ended;
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let Some(service) = &self.service else {
            return;
        };
        let took = self.since.elapsed();
        match self.ended {
            Ok(()) => service.answered.observe(took),
            Err(code) => {
                if let Some(histogram) = service.failed.get(code) {
                    histogram.observe(took);
                }
            }
        }
        let record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = record.meter.usage();
        service
            .input_tokens
            .fetch_add(counted.prompt_tokens, Relaxed);
        service
            .output_tokens
            .fetch_add(counted.completion_tokens, Relaxed);
    }
}
