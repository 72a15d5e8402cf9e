//! What a team's model may use in a day, and what one answer of it has used.
//!
//! Owns: how many tokens an answer may need, holding them back while it runs, counting them afterwards.
//! Must not own: who answers instead when a day has none left.
//! Invariant: all answers together go beyond the limit by less than one answer, however many run at
//! once and on however many servers; a database that cannot tell counts as a day without any left. Where
//! there is no limit, tokens are counted together, a second's at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kiosk_wire::chat::Usage;
use tokio::time::sleep;

use crate::clock::Clock;
use crate::random;
use crate::storage::{Storage, StorageError, TokenHold};

/// What is counted for a picture where the service does not tell.
pub(super) const TOKENS_OF_IMAGE: u64 = 1_000;
/// A service that claims to have used this many times what an answer may need is not believed.
const BEYOND_BELIEF: u64 = 8;
/// For how long tokens without a limit are counted together.
const GATHERING: Duration = Duration::from_secs(1);
/// Beyond the longest an answer may take: until it is settled.
const SETTLING: Duration = Duration::from_mins(1);

/// Tokens of a text: two characters a token lie between Korean and English.
pub(super) fn tokens_of(text: &str) -> u64 {
    to_tokens(text.chars().count())
}

fn to_tokens(chars: usize) -> u64 {
    u64::try_from(chars.div_ceil(2)).unwrap_or(u64::MAX)
}

/// Tokens that are not in the database yet.
#[derive(Default)]
struct Gathered {
    /// By team and day.
    tokens: Mutex<BTreeMap<(String, String), u64>>,
    /// Held while some are written.
    writing: tokio::sync::Mutex<()>,
}

/// Every team's tokens of the day.
pub(super) struct Budget {
    storage: Arc<dyn Storage>,
    /// Of answers without a limit, on their way into the database.
    gathered: Arc<Gathered>,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
    /// 0: no limit.
    per_day: u64,
}

impl Budget {
    pub(super) fn new(
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
        zone: TimeZone,
        per_day: u64,
    ) -> Self {
        Self {
            storage,
            gathered: Arc::default(),
            clock,
            zone,
            per_day,
        }
    }

    /// What a team's models may use in a day; 0: no limit.
    pub(super) fn per_day(&self) -> u64 {
        self.per_day
    }

    /// What each team's models have used today; nothing of those that have used none.
    pub(super) async fn used(&self) -> Result<BTreeMap<String, u64>, StorageError> {
        let today = self.day(self.clock.now());
        let mut used = self.storage.tokens_of_day(&today).await?;
        for ((team, day), tokens) in self.gathered.tokens().iter() {
            if *day == today {
                *used.entry(team.clone()).or_default() += tokens;
            }
        }
        Ok(used)
    }

    /// The teams whose models have used up their tokens of the day; what is held back may still
    /// become free.
    pub(super) async fn spent(&self) -> BTreeSet<String> {
        if self.per_day == 0 {
            return BTreeSet::new();
        }
        match self.used().await {
            Ok(used) => used
                .into_iter()
                .filter(|(_, used)| *used >= self.per_day)
                .map(|(team, _)| team)
                .collect(),
            Err(error) => {
                tracing::error!(%error, "used tokens cannot be read");
                BTreeSet::new()
            }
        }
    }

    /// What an answer is going to hold back, or at least be counted for: not held yet.
    pub(super) fn plan(&self, team: &str, tokens: u64, longest: Duration) -> Option<TokenHold> {
        let now = self.clock.now();
        let id = random::uuid_v4()
            .inspect_err(|error| tracing::error!(%error, "no tokens can be held back"))
            .ok()?;
        let lasts = SignedDuration::try_from(longest.saturating_add(SETTLING));
        Some(TokenHold {
            id,
            team: team.to_owned(),
            day: self.day(now),
            tokens,
            expires_at: now
                .saturating_add(lasts.unwrap_or(SignedDuration::MAX))
                .unwrap_or(Timestamp::MAX),
        })
    }

    /// Holds back what was planned; `false` if the day has none left.
    pub(super) async fn hold(&self, hold: &TokenHold) -> bool {
        if self.per_day == 0 {
            return true;
        }
        let answer = self
            .storage
            .hold_tokens(hold.clone(), self.per_day, self.clock.now())
            .await;
        answer.unwrap_or_else(|error| {
            tracing::error!(%error, team = hold.team, "tokens cannot be held back");
            false
        })
    }

    /// Counts what was used in the end.
    pub(super) async fn settle(&self, hold: &TokenHold, used: u64) {
        if self.per_day == 0 {
            self.gather(hold, used);
        } else {
            write(self.storage.as_ref(), hold, used).await;
        }
    }

    /// An answer without a limit does not wait for the database, and many are counted in one go.
    fn gather(&self, hold: &TokenHold, used: u64) {
        if used == 0 {
            return;
        }
        let mut gathered = self.gathered.tokens();
        let is_first = gathered.is_empty();
        let key = (hold.team.clone(), hold.day.clone());
        let tokens = gathered.entry(key).or_default();
        *tokens = tokens.saturating_add(used);
        if is_first {
            let (storage, gathered) = (Arc::clone(&self.storage), Arc::clone(&self.gathered));
            tokio::spawn(async move {
                sleep(GATHERING).await;
                gathered.write(storage.as_ref()).await;
            });
        }
    }

    /// Returns once everything that was settled is in the database.
    pub(super) async fn written(&self) {
        self.gathered.write(self.storage.as_ref()).await;
    }

    fn day(&self, now: Timestamp) -> String {
        now.to_zoned_datetime(self.zone.clone()).date().to_string()
    }
}

impl Gathered {
    fn tokens(&self) -> MutexGuard<'_, BTreeMap<(String, String), u64>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns once everything that was here is in the database.
    async fn write(&self, storage: &dyn Storage) {
        let _writing = self.writing.lock().await;
        let tokens = std::mem::take(&mut *self.tokens());
        for ((team, day), used) in tokens {
            let hold = TokenHold {
                id: String::new(),
                team,
                day,
                tokens: 0,
                expires_at: Timestamp::MIN,
            };
            write(storage, &hold, used).await;
        }
    }
}

async fn write(storage: &dyn Storage, hold: &TokenHold, used: u64) {
    if let Err(error) = storage.settle_tokens(hold, used).await {
        tracing::error!(%error, team = hold.team, used, "used tokens cannot be counted");
    }
}

/// What one answer has used so far.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Of services that failed after they had read the question.
    failed: u64,
    prompt: u64,
    written: usize,
    told: Option<Usage>,
    /// What the answer may need.
    needs: u64,
}

impl Meter {
    /// A service is being asked, whose prompt and answer may need so much.
    pub(super) fn asked(&mut self, prompt: u64, needs: u64) {
        (self.prompt, self.needs) = (prompt, needs);
    }

    /// It gave no token; whoever let it wait in vain has read the question all the same.
    pub(super) fn gave_nothing(&mut self, was_read: bool) {
        if was_read {
            self.failed += self.prompt;
        }
        self.prompt = 0;
    }

    /// It wrote this much.
    pub(super) fn wrote(&mut self, text: &str) {
        self.written += text.chars().count();
    }

    /// It told how much it has used so far; zeros for the guide.
    pub(super) fn told(&mut self, usage: Usage) {
        self.told = Some(usage);
    }

    /// What the service that answers has used, estimated where it did not tell.
    pub(super) fn usage(&self) -> Usage {
        self.told.unwrap_or_else(|| {
            let completion_tokens = to_tokens(self.written);
            Usage {
                prompt_tokens: self.prompt,
                completion_tokens,
                total_tokens: self.prompt.saturating_add(completion_tokens),
            }
        })
    }

    /// Tokens models have used for this answer, estimated where a service did not tell.
    pub(super) fn tokens(&self) -> u64 {
        let answered = match self.told {
            Some(usage) => usage
                .total_tokens
                .min(self.needs.saturating_mul(BEYOND_BELIEF)),
            None => self.prompt.saturating_add(to_tokens(self.written)),
        };
        self.failed.saturating_add(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(total_tokens: u64) -> Usage {
        Usage {
            prompt_tokens: 0,
            completion_tokens: 0,
            total_tokens,
        }
    }

    #[test]
    fn what_a_service_tells_counts_unless_it_cannot_be() {
        let mut meter = Meter::default();
        meter.asked(50, 150);
        assert_eq!(meter.tokens(), 50);
        meter.wrote("안녕하세요");
        assert_eq!(meter.tokens(), 53);
        meter.told(usage(70));
        assert_eq!(meter.tokens(), 70);
        meter.told(usage(u64::MAX));
        assert_eq!(meter.tokens(), 1_200);
    }

    #[test]
    fn what_failed_counts_only_if_it_was_read() {
        let mut meter = Meter::default();
        meter.asked(50, 150);
        meter.gave_nothing(false);
        assert_eq!(meter.tokens(), 0);
        meter.asked(50, 150);
        meter.gave_nothing(true);
        meter.asked(60, 160);
        meter.told(usage(70));
        assert_eq!(meter.tokens(), 120);
        // The guide uses none.
        meter.told(usage(0));
        assert_eq!(meter.tokens(), 50);
    }
}
