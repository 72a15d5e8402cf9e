//! One tablet of the day: its stream of commands, its heartbeats, its visits, and its feedback.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use kiosk_wire::event_stream::EventStreamDecoder;
use reqwest::Response;
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use super::{
    TEAMS,
    booth::{Booth, count},
    chance::Chance,
};
use crate::tablets::expect_kept;

pub(crate) const SHORT: &str = "short";
pub(crate) const LONG: &str = "long";
/// Three times as often as real ones.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(5);
/// Whatever takes longer never comes.
const PATIENCE: Duration = Duration::from_secs(20);
/// Numbers of one tablet's entries and requests lie within this many ids.
const IDS: u64 = 1_000_000;

/// What becomes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Read,
    Stopped,
    Left,
    Reset,
}

pub(crate) struct Tablet {
    booth: Arc<Booth>,
    number: u64,
    device: String,
    token: String,
    watching: JoinHandle<()>,
    commands: mpsc::UnboundedReceiver<String>,
    questions: u64,
    seq: u64,
    /// The entries it was told are kept, with their numbers.
    pub(crate) told: BTreeMap<String, u64>,
}

impl Drop for Tablet {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

impl Tablet {
    pub(crate) async fn register(booth: &Arc<Booth>, number: u64) -> Self {
        let body = json!({"name": format!("tablet {number}")});
        let made = booth.post("/api/devices").json(&body).send().await.unwrap();
        assert_eq!(made.status(), 201);
        let made: Value = made.json().await.unwrap();
        let [device, token] =
            ["device_id", "token"].map(|key| made[key].as_str().unwrap().to_owned());
        let (sender, commands) = mpsc::unbounded_channel();
        Self {
            watching: tokio::spawn(watch_commands(Arc::clone(booth), token.clone(), sender)),
            booth: Arc::clone(booth),
            number,
            device,
            token,
            commands,
            questions: 0,
            seq: 0,
            told: BTreeMap::new(),
        }
    }

    /// Makes these visits at their times, and reports until it is over.
    pub(crate) async fn run(
        mut self,
        plan: Vec<(Instant, u64)>,
        mut over: watch::Receiver<bool>,
    ) -> Self {
        let mut plan = plan.into_iter().peekable();
        // Not all at the same moment.
        let offset = HEARTBEAT_EVERY * u32::try_from(self.number).unwrap() / 300;
        let mut report_at = Instant::now() + offset;
        loop {
            let next = plan.peek().map(|(at, visit)| (*at, *visit));
            let visit_at = next.map_or(report_at, |(at, _)| at);
            tokio::select! {
                _ = over.wait_for(|over| *over) => break,
                () = sleep_until(visit_at.min(report_at)) => {}
            }
            match next {
                Some((at, visit)) if at <= Instant::now() => {
                    plan.next();
                    self.visit(visit).await;
                }
                _ => {
                    self.report("attract", &[]).await;
                    report_at = Instant::now() + HEARTBEAT_EVERY;
                }
            }
        }
        assert!(!self.watching.is_finished(), "the stream of commands ended");
        self.report("attract", &[]).await;
        self
    }

    async fn report(&self, screen: &str, acked: &[String]) {
        let body = json!({"screen": screen, "last_seq": self.seq, "pending": 0, "acked": acked});
        let heartbeat = self
            .booth
            .post("/api/devices/me/heartbeat")
            .bearer_auth(&self.token)
            .json(&body)
            .send();
        let answer = timeout(PATIENCE, heartbeat).await.unwrap().unwrap();
        assert_eq!(answer.status(), 200);
        // A connection is used again only after its answer was read.
        answer.bytes().await.unwrap();
        count(&self.booth.seen.heartbeats);
    }

    async fn visit(&mut self, visit: u64) {
        let mut chance = Chance::of(visit);
        let team = TEAMS[usize::try_from(chance.below(5)).unwrap()];
        self.report("team", &[]).await;
        let (questions, is_reset) = (1 + chance.below(3), chance.percent(8));
        for question in 1..=questions {
            let fate = match chance.below(100) {
                _ if is_reset && question == questions => Fate::Reset,
                0..15 => Fate::Stopped,
                15..30 => Fate::Left,
                _ => Fate::Read,
            };
            self.ask(team, fate).await;
        }
        self.hand_in(visit, team, questions, is_reset, &mut chance)
            .await;
        self.report("thanks", &[]).await;
        count(&self.booth.seen.visits);
    }

    async fn ask(&mut self, team: &str, fate: Fate) {
        self.questions += 1;
        let number = self.number * IDS + self.questions;
        let request_id = format!("7d444840-9dc0-4d1e-a245-{number:012x}");
        let question = if fate == Fate::Read { SHORT } else { LONG };
        let asked = self
            .booth
            .post("/v1/chat/completions")
            .bearer_auth(&self.token)
            .header("x-request-id", &request_id)
            .header("booth-events", "1")
            .json(&json!({"model": team, "stream": true,
                "messages": [{"role": "user", "content": question}]}))
            .send();
        let answer = timeout(PATIENCE, asked).await.unwrap().unwrap();
        assert_eq!(answer.status(), 200);
        let mut answer = Answer::new(answer);
        if fate != Fate::Read {
            answer.until("content").await;
        }
        let seen = &self.booth.seen;
        match fate {
            Fate::Read => {
                let data = answer.rest().await;
                let words = data.iter().filter(|data| data.contains("가나다")).count();
                assert_eq!(words, 12, "{data:?}");
                count(&seen.whole);
            }
            Fate::Stopped => {
                let path = format!("/v1/chat/completions/{request_id}/cancel");
                let stop = self.booth.post(&path).bearer_auth(&self.token).send();
                let stopped = timeout(PATIENCE, stop).await.unwrap().unwrap();
                assert_eq!(stopped.status(), 204);
                let data = answer.rest().await;
                assert!(data[data.len() - 2].contains("cancelled"), "{data:?}");
                count(&seen.stopped);
            }
            Fate::Left => {
                drop(answer);
                count(&seen.dropped);
            }
            Fate::Reset => {
                self.booth.reset(&self.device).await;
                let command = timeout(PATIENCE, self.commands.recv()).await.unwrap();
                self.report("chat", &[command.unwrap()]).await;
                drop(answer);
                count(&seen.reset);
            }
        }
    }

    /// What a visit leaves: sometimes a thumb, mostly the form, always how it ended.
    async fn hand_in(
        &mut self,
        visit: u64,
        team: &str,
        turns: u64,
        is_reset: bool,
        chance: &mut Chance,
    ) {
        let mut items = Vec::new();
        if chance.percent(40) {
            items.push(self.entry(visit, team, &json!({"kind": "answer", "thumb": "up"})));
        }
        let is_rated = !is_reset && chance.percent(80);
        if is_rated {
            let rating = 1 + chance.below(5);
            let form = json!({"kind": "visit", "rating": rating, "comment": "재미있어요",
                "age_14_or_over": true});
            items.push(self.entry(visit, team, &form));
        }
        let ended_by = match (is_reset, is_rated) {
            (true, _) => "staff",
            (false, true) => "submit",
            (false, false) => "skip",
        };
        let outcome = json!({"ended_by": ended_by, "turns": turns, "teams": [team], "secs": 180});
        items.push(self.entry(visit, team, &json!({"kind": "outcome", "outcome": outcome})));
        if chance.percent(15) {
            // Its answer does not arrive, whether the batch did or not.
            let wait = Duration::from_millis(1 + chance.below(8));
            timeout(wait, self.send(&items)).await.ok();
            count(&self.booth.seen.sent_again);
        }
        let receipts = self.send(&items).await;
        assert_eq!(receipts.len(), items.len());
        for (receipt, item) in receipts.iter().zip(items) {
            expect_kept(receipt, &item);
            let id = item["id"].as_str().unwrap().to_owned();
            self.told.insert(id, item["seq"].as_u64().unwrap());
        }
    }

    fn entry(&mut self, visit: u64, team: &str, of_kind: &Value) -> Value {
        self.seq += 1;
        let mut entry = json!({
            "id": format!("0193f0c2-0000-7000-8000-{:012x}", self.number * IDS + self.seq),
            "seq": self.seq, "visit_id": format!("7d444840-9dc0-4d1e-b245-{visit:012x}"),
            "team": team, "created_at": "2025-12-30T14:31:05+09:00", "language": "ko"
        });
        for (key, value) in of_kind.as_object().unwrap() {
            entry[key] = value.clone();
        }
        entry
    }

    async fn send(&self, items: &[Value]) -> Vec<Value> {
        let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": items});
        let sent = self
            .booth
            .post("/api/feedback")
            .bearer_auth(&self.token)
            .json(&batch)
            .send();
        let answer = timeout(PATIENCE, sent).await.unwrap().unwrap();
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().await.unwrap();
        answer["receipts"].as_array().unwrap().clone()
    }
}

/// Reads the stream of commands for as long as the tablet is there; each command once.
async fn watch_commands(booth: Arc<Booth>, token: String, sender: mpsc::UnboundedSender<String>) {
    let asked = booth
        .get("/api/devices/me/commands")
        .bearer_auth(token)
        .send();
    let answer = asked.await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut answer = Answer::new(answer);
    let mut known = Vec::new();
    while let Some(data) = answer.next().await {
        let command: Value = serde_json::from_str(&data).unwrap();
        let id = command["id"].as_str().unwrap().to_owned();
        if !known.contains(&id) {
            known.push(id.clone());
            // The tablet may be on its way out.
            sender.send(id).ok();
        }
    }
}

/// An event stream being read.
struct Answer {
    response: Response,
    decoder: EventStreamDecoder,
    ready: std::collections::VecDeque<String>,
}

impl Answer {
    fn new(response: Response) -> Self {
        Self {
            response,
            decoder: EventStreamDecoder::new(),
            ready: std::collections::VecDeque::new(),
        }
    }

    /// The next `data:`; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        while self.ready.is_empty() {
            let bytes = timeout(PATIENCE, self.response.chunk()).await.unwrap();
            let events = self.decoder.push(&bytes.unwrap()?).unwrap();
            self.ready
                .extend(events.into_iter().map(|event| event.data));
        }
        self.ready.pop_front()
    }

    /// Reads until something of this name comes.
    async fn until(&mut self, name: &str) {
        while !self.next().await.unwrap().contains(name) {}
    }

    /// Everything that is left, which ends as it should.
    async fn rest(&mut self) -> Vec<String> {
        let mut data = Vec::new();
        while let Some(next) = self.next().await {
            data.push(next);
        }
        assert_eq!(data.last().map(String::as_str), Some("[DONE]"));
        data
    }
}
