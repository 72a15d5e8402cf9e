//! Who answers visitors: the teams' services, their fallbacks, the built-in guide.
//!
//! Owns: checking a question, what is neither asked nor answered, the line in front of each service, the
//! dialect spoken to it, and turning what it sends into one vocabulary.
//! Must not own: HTTP towards tablets, sign-in, or storage beyond tokens of the day.
//! Invariant: an answer ends in exactly one of finished or failed; personal data reaches no provider and
//! comes from none; nothing of what a visitor wrote is logged, and of a provider only why it refused.

pub mod address;
mod answer;
pub mod breaker;
mod budget;
pub mod failure;
pub mod guide;
pub mod image;
pub mod limits;
mod masking;
mod metrics;
mod moderation;
pub mod news;
pub mod openai;
mod passing;
pub mod queue;
mod refusal;
pub mod registry;
pub mod render;
pub mod request;
pub mod setup;
pub mod stream;
pub mod thinking;
pub mod upstream;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use kiosk_content::Content;
use kiosk_guide::Guide;
use kiosk_wire::device::{TeamState, TeamStatus};
use kiosk_wire::error::ChatErrorCode;
use kiosk_wire::event::{Language, Recipient};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};

use self::answer::{Record, Run, millis};
use self::budget::Budget;
use self::failure::Failure;
use self::limits::RateLimiter;
use self::metrics::{End, Metrics, Now};
use self::moderation::Moderation;
use self::news::{Answer, News};
use self::queue::Line;
use self::registry::{Registered, Registry, StopHandle};
use self::request::{Question, Rules};
pub use self::setup::SetupError;
use self::setup::{Backend, Backends};
use self::upstream::Upstream;
use crate::believed::Believed;
use crate::clock::Clock;
use crate::config::Config;
use crate::storage::{ClosedTeams, Storage};

/// News between an answer and its client that may lie unread.
const UNREAD_NEWS: usize = 64;
/// How long a new answer waits for the one it replaces to let go.
const DISPLACED_GRACE: Duration = Duration::from_secs(1);
/// How long metrics wait for a database, which may be what is to be found out.
const LONGEST_READ: Duration = Duration::from_secs(3);

/// Answers visitors.
pub struct ChatService {
    inner: Arc<Inner>,
    registry: Registry,
    limiter: RateLimiter,
    recipients: Vec<Recipient>,
    /// The teams that were closed a moment ago.
    known_closed: Believed<(), Arc<ClosedTeams>>,
    /// Whether the server stops; every running answer listens.
    stopping: watch::Sender<bool>,
}

struct Inner {
    content: Arc<Content>,
    backends: BTreeMap<String, Backends>,
    image_teams: BTreeSet<String>,
    upstream: Upstream,
    metrics: Metrics,
    moderation: Moderation,
    guide: Guide,
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    budget: Budget,
    queue_wait: Duration,
    total_timeout: Duration,
    max_input_chars: usize,
    max_turns: usize,
}

impl ChatService {
    /// Sets up every team's service. Nothing is asked yet.
    pub fn new(
        content: Arc<Content>,
        config: &Config,
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SetupError> {
        let upstream = Upstream::new(&config.upstream).map_err(SetupError::Client)?;
        let backends = setup::backends(&content.event, config)?;
        warn_of_refused(&backends, &upstream);
        let recipients = setup::recipients(&content.event, config);
        let takes_images =
            |backend: &Backend| matches!(backend, Backend::Service(service) if service.images);
        let image_teams = backends
            .iter()
            .filter(|(_, backends)| backends.first().is_some_and(takes_images))
            .map(|(team, _)| team.clone())
            .collect();
        let limits = &config.limits;
        let zone = TimeZone::get(&content.event.time_zone).map_err(SetupError::TimeZone)?;
        let (kept, now) = (Arc::clone(&storage), Arc::clone(&clock));
        let metrics = Metrics::new(&backends);
        let moderation = Moderation::new(&content, config, &upstream, metrics.judged())?;
        let inner = Inner {
            guide: Guide::new(&content.event),
            budget: Budget::new(kept, now, zone, limits.tokens_per_day),
            content,
            metrics,
            moderation,
            backends,
            image_teams,
            upstream,
            storage,
            clock,
            queue_wait: Duration::from_secs(limits.queue_wait_secs.into()),
            total_timeout: config.upstream.total_timeout(),
            max_input_chars: usize::try_from(limits.max_input_chars).unwrap_or(usize::MAX),
            max_turns: usize::try_from(limits.max_turns).unwrap_or(usize::MAX),
        };
        Ok(Self {
            inner: Arc::new(inner),
            registry: Registry::new(limits.answers_per_device),
            limiter: RateLimiter::new(limits.requests_per_minute),
            recipients,
            known_closed: Believed::default(),
            stopping: watch::Sender::new(false),
        })
    }

    /// Counts a request of this device.
    pub fn count_request(&self, device: &str, language: Language) -> Result<(), Failure> {
        self.limiter
            .take(device, self.inner.clock.now())
            .map_err(|often| {
                Failure::new(ChatErrorCode::RateLimited, language)
                    .retry_after(often.retry_after_secs)
            })
    }

    /// Reads and checks the body of a request.
    pub fn read(&self, body: &[u8]) -> Result<Question, Failure> {
        let rules = Rules {
            event: &self.inner.content.event,
            max_input_chars: self.inner.max_input_chars,
            max_turns: self.inner.max_turns,
            image_teams: &self.inner.image_teams,
        };
        request::read(body, &rules)
    }

    /// Counts a question that is refused before anybody was to answer it.
    pub fn count_refusal(&self, failure: &Failure) {
        self.inner.metrics.refused(failure.code());
    }

    /// What was counted, as Prometheus reads it.
    pub async fn metrics(&self) -> String {
        self.inner.metrics.text(&Now {
            backends: &self.inner.backends,
            tokens: self.inner.tokens_today().await,
            tokens_per_day: self.inner.budget.per_day(),
        })
    }

    /// The teams that are closed now.
    pub async fn closed_teams(&self, language: Language) -> Result<ClosedTeams, Failure> {
        self.inner.storage.closed_teams().await.map_err(|error| {
            tracing::error!(%error, "closed teams cannot be read");
            Failure::new(ChatErrorCode::UpstreamUnavailable, language)
        })
    }

    /// Refuses a question to a team that is closed, with the reason that was given for it. An answer
    /// that runs already goes on.
    pub async fn check_open(&self, question: &Question) -> Result<(), Failure> {
        let language = question.language;
        let closed = match self.known_closed.get(&()) {
            Ok(closed) => closed,
            Err(forgotten) => {
                let closed = Arc::new(self.closed_teams(language).await?);
                self.known_closed.put((), Arc::clone(&closed), forgotten);
                closed
            }
        };
        match closed.get(&question.team) {
            None => Ok(()),
            Some(reason) => Err(Failure::closed(reason.as_ref(), language)),
        }
    }

    /// A team was opened or closed: holds from the next question on.
    pub fn team_changed(&self) {
        self.known_closed.forget();
    }

    /// Refuses a question that breaks a rule of the event, whoever would answer it.
    pub fn check_words(&self, question: &Question) -> Result<(), Failure> {
        self.inner.moderation.check(question)
    }

    /// Starts an answer, which runs until it is over, stopped, or its [`Answer`] is dropped.
    pub fn start(
        &self,
        device: &str,
        request_id: &str,
        question: Question,
    ) -> Result<Answer, Failure> {
        let language = question.language;
        let registered = self
            .registry
            .register(device, request_id)
            .map_err(|_| Failure::new(ChatErrorCode::InUse, language))?;
        let (sender, receiver) = mpsc::channel(UNREAD_NEWS);
        let stop = registered.registration.handle();
        let job = Job {
            inner: Arc::clone(&self.inner),
            device: device.to_owned(),
            request_id: request_id.to_owned(),
            question,
        };
        tokio::spawn(job.run(registered, sender, self.stopping.subscribe()));
        Ok(Answer::new(receiver, stop, language))
    }

    /// Stops this device's answer and returns once its upstream request is dropped; `false` if it is
    /// not running.
    pub async fn cancel(&self, device: &str, request_id: &str) -> bool {
        let Some(handle) = self.registry.find(device, request_id) else {
            return false;
        };
        handle.stop().await;
        true
    }

    /// Ends every answer, and returns once what each has used is counted.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        self.stopping.closed().await;
        self.inner.budget.written().await;
    }

    /// The model a team's answers are expected from: its real id, or `guide`.
    pub fn model_of(&self, team: &str) -> &str {
        match self.inner.backends(team).first() {
            Some(Backend::Service(service)) => &service.endpoint.model,
            Some(Backend::Guide) | None => kiosk_wire::chat::GUIDE_FINGERPRINT,
        }
    }

    /// Who receives what visitors type, fallbacks and moderation too.
    pub fn recipients(&self) -> Vec<Recipient> {
        self.recipients.clone()
    }

    /// How each team is doing while these are closed, in event order.
    pub async fn team_statuses(&self, mut closed: ClosedTeams) -> Vec<TeamStatus> {
        let spent = self.inner.budget.spent().await;
        let status = |team: &kiosk_wire::event::Team| {
            let line = (!spent.contains(&team.id)).then(|| self.inner.line(&team.id));
            let (answering, (waiting, wait_secs)) = match line.flatten() {
                Some(line) => (TeamState::Open, line.waiting()),
                None => (TeamState::Guide, (0, 0)),
            };
            let (state, reason) = match closed.remove(&team.id) {
                Some(reason) => (TeamState::Closed, reason),
                None => (answering, None),
            };
            TeamStatus {
                id: team.id.clone(),
                state,
                reason,
                waiting,
                wait_secs,
            }
        };
        self.inner.content.event.teams.iter().map(status).collect()
    }
}

/// An address that may not be reached is no reason not to start: the fallbacks answer.
fn warn_of_refused(backends: &BTreeMap<String, Backends>, upstream: &Upstream) {
    for (team, backends) in backends {
        let refused = |backend: &Backend| matches!(backend, Backend::Service(service) if !upstream.may_reach(&service.endpoint.url));
        if backends.iter().any(refused) {
            tracing::warn!(
                team,
                "base_url is a private address; set [upstream] allow_private to reach it"
            );
        }
    }
}

impl Inner {
    fn backends(&self, team: &str) -> &[Backend] {
        self.backends.get(team).map_or(&[], Vec::as_slice)
    }

    /// The line for the next question to a team; `None` if the guide answers it.
    fn line(&self, team: &str) -> Option<&Line> {
        let mut own = None;
        for backend in self.backends(team) {
            match backend {
                Backend::Guide => return None,
                Backend::Service(service) if service.breaker.is_open() => {
                    own.get_or_insert(&*service.line);
                }
                Backend::Service(service) => return Some(&service.line),
            }
        }
        // Nobody stands in for it: it is tried again before long.
        own
    }

    fn demo_prompt(&self, question: &Question) -> &str {
        let key = (question.team.clone(), question.demo.clone());
        self.content
            .system_prompts
            .get(&key)
            .map_or("", String::as_str)
    }

    /// What each team's models have used today; nothing where the database does not tell.
    async fn tokens_today(&self) -> BTreeMap<&str, u64> {
        let of = |used: &BTreeMap<String, u64>, team| used.get(team).copied().unwrap_or(0);
        match timeout(LONGEST_READ, self.budget.used()).await {
            Ok(Ok(used)) => {
                let teams = self.backends.keys();
                return teams.map(|team| (&**team, of(&used, team))).collect();
            }
            Ok(Err(error)) => tracing::warn!(%error, "used tokens cannot be read for the metrics"),
            Err(_) => tracing::warn!("used tokens cannot be read in time for the metrics"),
        }
        BTreeMap::new()
    }
}

/// One answer's task.
struct Job {
    inner: Arc<Inner>,
    device: String,
    request_id: String,
    question: Question,
}

impl Job {
    /// `stopping` is let go of last: whoever stops the server waits for that.
    async fn run(
        self,
        registered: Registered,
        news: mpsc::Sender<News>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let Registered {
            mut registration,
            displaced,
        } = registered;
        let started = Instant::now();
        let record = Arc::new(Mutex::new(Record::default()));
        let run = Run {
            inner: &self.inner,
            device: &self.device,
            question: &self.question,
            news: &news,
            record: &record,
            started,
        };
        let answer = async {
            give_way(displaced).await;
            run.answer().await
        };
        let end = tokio::select! {
            biased;
            () = registration.stopped() => End::Cancelled,
            () = news.closed() => End::Gone,
            _ = stopping.wait_for(|stopping| *stopping) => {
                let away = Failure::new(ChatErrorCode::UpstreamUnavailable, self.question.language);
                news.try_send(News::Failed(away)).ok();
                End::Stopping
            }
            told = answer => if told.is_ok() { End::Told } else { End::Gone },
        };
        // By now the upstream request is dropped: whoever waits for that may go on.
        drop(registration);
        drop(news);
        let tokens = self.log(&record, end, started);
        let hold = record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hold
            .take();
        if let Some(hold) = hold {
            self.inner.budget.settle(&hold, tokens).await;
        }
        drop(stopping);
    }

    /// One line for each answer; returns the tokens it used.
    fn log(&self, record: &Mutex<Record>, end: End, started: Instant) -> u64 {
        let record = record.lock().unwrap_or_else(PoisonError::into_inner);
        let metrics = &self.inner.metrics;
        metrics.over(&self.question.team, &record, end, started.elapsed());
        tracing::info!(
            request_id = self.request_id,
            device = self.device,
            team = self.question.team,
            demo = self.question.demo,
            served_by = record
                .served_by
                .map(|served_by| format!("{served_by:?}").to_lowercase()),
            end = format!("{end:?}").to_lowercase(),
            code = record.failed.map(|code| format!("{code:?}")),
            upstream_status = record.upstream_status,
            queued_ms = millis(record.queued),
            first_token_ms = record.first_token.map(millis),
            total_ms = millis(started.elapsed()),
            tokens = record.meter.tokens(),
            "answer over"
        );
        record.meter.tokens()
    }
}

/// So that a device's next answer does not stand in line behind its own last one.
async fn give_way(displaced: Vec<StopHandle>) {
    for handle in displaced {
        // A stuck one is not waited for; it has been asked.
        timeout(DISPLACED_GRACE, handle.stop()).await.ok();
    }
}
